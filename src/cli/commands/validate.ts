/**
 * `validate PATH...`: scripts, manifests, policies and configuration, without a server and without a cluster. Findings
 * on stdout, one line each; exits 1 when something is wrong.
 */
import type { Command } from 'commander';
import { describeFinding, type Severity } from '../../domain/validation/finding.js';
import { configOf, type CommandEnvironment, type SetExit } from '../environment.js';
import { exitCodes } from '../failure.js';
import { formatOne, outputFormat } from '../table.js';
import type { Validation } from '../validate/validate-paths.js';

interface ValidateOptions {
  readonly policy: string[];
  readonly strict?: boolean;
  readonly output: string;
}

export function addValidateCommand(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  program
    .command('validate')
    .description('check scripts, manifests, policies and configuration without a cluster; alias: lint')
    .argument('<path...>', 'files and folders')
    .option('--policy <path>', 'policies for the manifests, a file or folder (repeatable)', collect, [])
    .option('--strict', 'warnings fail as well')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action(async (paths: string[], options: ValidateOptions, command: Command) => {
      const format = outputFormat(options.output);
      const { validatePaths } = await import('../validate/validate-paths.js');
      const result = await validatePaths(paths, options.policy, configOf(command, environment));
      const text = formatOne(result, format, () => result.findings.map(describeFinding).join('\n'));
      if (text !== '') environment.terminal.print(text);
      environment.terminal.error(summaryOf(result));
      exit(verdict(result, options.strict === true));
    });
}

function collect(path: string, all: string[]): string[] {
  return [...all, path];
}

function countOf({ findings }: Validation, severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

function verdict(result: Validation, strict: boolean): number {
  const failing = countOf(result, 'error') + (strict ? countOf(result, 'warning') : 0);
  return failing > 0 ? exitCodes.failed : exitCodes.ok;
}

function summaryOf(result: Validation): string {
  const { files, folders, objects, scripts, unknownKinds } = result;
  const rendered = folders === 0 ? '' : `${counted(folders, 'rendered folder')}, `;
  const found = `${counted(countOf(result, 'error'), 'error')}, ${counted(countOf(result, 'warning'), 'warning')}`;
  const head = `${counted(files, 'file')}, ${rendered}${counted(objects, 'object')}: ${found}`;
  const unknown = `${counted(unknownKinds, 'object')} of kinds without a schema: not checked in full`;
  const next = 'scripts were read, not run: `sloth-runner plan -f FILE` shows the steps of one';
  return [head, ...(unknownKinds === 0 ? [] : [unknown]), ...(scripts === 0 ? [] : [next])].join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
