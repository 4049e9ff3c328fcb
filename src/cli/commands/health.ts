/**
 * `health -f FILE|-`: what the health of each document is, by the rules a sync goes by.
 */
import { Option, type Command } from 'commander';
import { GitOpsError } from '../../domain/errors.js';
import type { DocumentHealth } from '../../domain/health/documents.js';
import type { CommandEnvironment } from '../environment.js';
import type { Terminal } from '../terminal.js';
import { formatList, type Column } from '../table.js';

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

export function addHealthCommand(program: Command, { terminal }: CommandEnvironment): void {
  program
    .command('health')
    .description('the health of the documents of a file, without a cluster')
    .option('-f, --file <file>', 'YAML or JSON documents, - for standard input')
    .option('--checks <dir>', 'health scripts (<group>/<Kind>/health.lua), which beat the built-in rules')
    .addOption(new Option('-o, --output <format>', 'format').choices(['table', 'json']).default('table'))
    .action(async ({ file, checks, output }: HealthOptions) => {
      if (file === undefined)
        throw new GitOpsError('InvalidInput', 'nothing to judge', { hint: 'sloth-runner health -f FILE' });
      const { judgeFile } = await import('../judge-files.js');
      await printAll(judgeFile({ file, checks }), output, terminal);
    });
}

async function printAll(
  lines: AsyncIterable<DocumentHealth>,
  output: HealthOptions['output'],
  terminal: Terminal,
): Promise<void> {
  const all: DocumentHealth[] = [];
  for await (const line of lines) {
    if (output === 'json') terminal.print(JSON.stringify(line));
    else all.push(line);
  }
  if (output === 'table' && all.length > 0) terminal.print(formatList(all, columns, 'table'));
}
