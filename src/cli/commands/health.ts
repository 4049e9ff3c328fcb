/**
 * `health APP`: how what the application owns is now. `health -f FILE|-`: how the documents of a file are, by the rules a sync
 * goes by, without a cluster.
 */
import { Option, type Command } from 'commander';
import { GitOpsError } from '../../domain/errors.js';
import type { DocumentHealth } from '../../domain/health/documents.js';
import { withSession, type CommandEnvironment } from '../environment.js';
import type { Terminal } from '../terminal.js';
import { formatList, formatOne, type Column } from '../table.js';

interface HealthOptions {
  readonly file?: string;
  readonly checks?: string;
  readonly output: 'table' | 'json';
}

const columns: readonly Column<DocumentHealth>[] = [
  { title: 'KIND', value: (d) => d.kind },
  { title: 'NAMESPACE', value: (d) => d.namespace },
  { title: 'NAME', value: (d) => d.name },
  { title: 'STATUS', value: (d) => d.status },
  { title: 'MESSAGE', value: (d) => d.message },
];

export function addHealthCommand(program: Command, environment: CommandEnvironment): void {
  program
    .command('health')
    .description('the health of what an application owns now, or of the documents of a file')
    .argument('[app]', 'name or id of an application')
    .option('-f, --file <file>', 'YAML or JSON documents, - for standard input; needs no cluster')
    .option('--checks <dir>', 'with -f: health scripts (<group>/<Kind>/health.lua), which beat the built-in rules')
    .addOption(new Option('-o, --output <format>', 'format').choices(['table', 'json']).default('table'))
    .action((app: string | undefined, options: HealthOptions, command: Command) => {
      refuseMixture(app, options);
      return app === undefined
        ? ofFile(options, environment.terminal)
        : ofApplication(app, options, command, environment);
    });
}

/** @throws GitOpsError InvalidInput */
function refuseMixture(app: string | undefined, { file, checks }: HealthOptions): void {
  const hint = 'sloth-runner health APP, or sloth-runner health -f FILE [--checks DIR]';
  if (app === undefined && file === undefined) throw new GitOpsError('InvalidInput', 'nothing to judge', { hint });
  if (app !== undefined && file !== undefined)
    throw new GitOpsError('InvalidInput', 'an application and a file are two questions', { hint });
  if (app !== undefined && checks !== undefined)
    throw new GitOpsError('InvalidInput', 'the workers judge an application, by scripts of their own', {
      hint: 'set health_checks in the configuration of the server',
    });
}

async function ofApplication(
  app: string,
  { output }: HealthOptions,
  command: Command,
  environment: CommandEnvironment,
): Promise<void> {
  const report = await withSession(command, environment, ({ client }) => client.health(app));
  const { status, healthy, total, objects } = report;
  const text = (): string =>
    [`${app}: ${status}, ${healthy} of ${total} objects healthy`, ...tableOf(objects)].join('\n\n');
  environment.terminal.print(formatOne({ app, ...report }, output, text));
}

async function ofFile({ file = '-', checks, output }: HealthOptions, terminal: Terminal): Promise<void> {
  const { judgeFile } = await import('../judge-files.js');
  const all: DocumentHealth[] = [];
  for await (const line of judgeFile({ file, checks })) {
    if (output === 'json') terminal.print(JSON.stringify(line));
    else all.push(line);
  }
  for (const table of tableOf(all)) terminal.print(table);
}

/** None when there are no rows. */
function tableOf(rows: readonly DocumentHealth[]): string[] {
  return rows.length === 0 ? [] : [formatList(rows, columns, 'table')];
}
