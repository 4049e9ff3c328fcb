/**
 * `app suspend`, `app resume`, `app delete`.
 */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { GitOpsError } from '../../domain/errors.js';
import { caller, withSession, type CommandEnvironment, type SetExit } from '../environment.js';
import { withProgress } from '../sync-progress.js';
import { describeRecord, exitOf } from './app-sync.js';

export function addSuspend(app: Command, environment: CommandEnvironment): void {
  app
    .command('suspend')
    .description('refuse syncs of an application until it is resumed')
    .argument('<name>', 'name or id')
    .option('--reason <text>', 'why, for the record', '')
    .action((name: string, options: { reason: string }, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        await client.suspend(name, caller(environment.env), options.reason);
        environment.terminal.print(`${name} suspended`);
      }),
    );
}

export function addResume(app: Command, environment: CommandEnvironment): void {
  app
    .command('resume')
    .description('allow syncs of an application again')
    .argument('<name>', 'name or id')
    .action((name: string, _options: unknown, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        await client.resume(name, caller(environment.env));
        environment.terminal.print(`${name} resumed`);
      }),
    );
}

interface DeleteOptions {
  readonly keepResources?: boolean;
  readonly cascade?: boolean;
  readonly yes?: boolean;
}

export function addDelete(app: Command, environment: CommandEnvironment, exit: SetExit): void {
  app
    .command('delete')
    .description('delete an application and the objects it owns')
    .argument('<name>', 'name or id')
    .option('--keep-resources', 'leave its objects in the cluster')
    .option('--cascade', 'first delete the applications that depend on it')
    .option('--yes', 'do not ask')
    .action((name: string, options: DeleteOptions, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        const { spec } = await client.status(name);
        await confirm(spec.name, options);
        const ticket = await client.delete(name, {
          prune: options.keepResources !== true,
          cascade: options.cascade === true,
          who: caller(environment.env),
        });
        if (ticket === null) return environment.terminal.print(`${spec.name} deleted, its objects were kept`);
        environment.terminal.note(`deleting the objects of ${spec.name} (${ticket.workflowId})`);
        const record = await withProgress(client, ticket, environment.terminal, client.wait(ticket));
        environment.terminal.print(describeRecord(record));
        exit(exitOf(record));
      }),
    );
}

/** On a terminal the name is typed back; elsewhere --yes must be said. */
async function confirm(name: string, { yes, keepResources, cascade }: DeleteOptions): Promise<void> {
  if (yes) return;
  const own = keepResources ? `the application ${name}` : `${name} and every object it owns`;
  const what = cascade ? `${own}, and all applications that depend on it` : own;
  if (!process.stdin.isTTY)
    throw new GitOpsError('InvalidInput', `this deletes ${what}`, {
      hint: 'say --yes when no terminal is there to ask',
    });
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`This deletes ${what}. Type its name to go on: `);
  prompt.close();
  if (answer.trim() !== name) throw new GitOpsError('Cancelled', 'nothing was deleted');
}
