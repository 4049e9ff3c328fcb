/**
 * `server`: the process that does the work and, when asked for, the API. With `--dev` it brings Temporal along; without,
 * it serves the Temporal of TEMPORAL_ADDRESS. It ends on SIGTERM or Ctrl-C and lets running activities hand over.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { GitOpsError } from '../../domain/errors.js';
import { stopProcess } from '../../local/process-identity.js';
import { allRoles } from '../../worker/roles.js';
import { configOf, type CommandEnvironment, type SetExit } from '../environment.js';
import type { Served } from '../serve.js';
import { readServerState } from '../server-state.js';
import { formatOne, outputFormat } from '../table.js';

interface ServerOptions {
  readonly dev?: boolean;
  readonly role?: string;
  readonly cluster?: string;
  readonly queue?: readonly string[];
  readonly listen?: string;
  readonly tokenFile?: string;
}

export function addServerCommands(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  const server = program
    .command('server')
    .description('run the workers; --dev brings Temporal and its web UI along')
    .option('--dev', 'start Temporal as well, for this machine alone')
    .option('--role <roles>', 'what this process works on: engine,lua,git,cluster (default: all of these), api')
    .option('--cluster <names>', 'work on the steps of these clusters only (default: all that are configured)')
    .option('--queue <names...>', 'take the exec, fs and git steps of tasks with delegate_to = NAME')
    .option('--listen <host:port>', 'where the API listens; a free port of loopback with --dev, else 127.0.0.1:8090')
    .option('--token-file <file>', "file of the API's token; one is made under the home with --dev")
    .action(async (options: ServerOptions, command: Command) => {
      const { serve, serveDevelopment } = await import('../serve.js');
      const config = withFlags(configOf(command, environment), options);
      await (options.dev
        ? serveDevelopment(config, options.queue ?? [], environment.terminal)
        : serve(config, servedBy(options), environment.terminal));
    });
  addStop(server, environment);
  addStatus(server, environment, exit);
}

/** Flags come before the configuration file. */
function withFlags(config: Config, { listen, tokenFile }: ServerOptions): Config {
  const api = {
    ...config.api,
    ...(listen === undefined ? {} : { listen }),
    ...(tokenFile === undefined ? {} : { tokenFile: resolve(tokenFile) }),
  };
  return { ...config, api };
}

/** `--cluster` alone is about the steps of these clusters; with other roles it says which of them the process works on. */
function servedBy({ role, cluster, queue: queues = [] }: ServerOptions): Served {
  const clusters = cluster === undefined ? undefined : listOf(cluster);
  if (role !== undefined) return { ...rolesOf(role, clusters), clusters, queues };
  if (clusters !== undefined) return { api: false, roles: ['cluster'], clusters, queues };
  return { api: false, roles: queues.length > 0 ? [] : allRoles, queues };
}

const known: readonly string[] = ['api', ...allRoles];

function rolesOf(text: string, clusters: readonly string[] | undefined): Pick<Served, 'api' | 'roles'> {
  const wanted = listOf(text);
  const unknown = wanted.find((word) => !known.includes(word));
  if (unknown !== undefined)
    throw new GitOpsError('InvalidInput', `'${unknown}' is not a role`, {
      hint: `use one or several of ${known.join(',')}`,
    });
  if (clusters !== undefined && !wanted.includes('cluster'))
    throw new GitOpsError('InvalidInput', '--cluster says which clusters the role cluster works on', {
      hint: `add it: --role ${[...wanted, 'cluster'].join(',')}`,
    });
  return { api: wanted.includes('api'), roles: allRoles.filter((role) => wanted.includes(role)) };
}

function listOf(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

function addStop(server: Command, environment: CommandEnvironment): void {
  server
    .command('stop')
    .description('stop the local server; what runs on it goes on when it is started again')
    .action(async (_options: unknown, command: Command) => {
      const state = readServerState(configOf(command, environment).home);
      if (state === undefined) return environment.terminal.print('no server runs');
      environment.terminal.note(`stopping the server (pid ${state.pid}) ...`);
      await stopProcess(state, 30_000);
      environment.terminal.print('server stopped');
    });
}

function addStatus(server: Command, environment: CommandEnvironment, exit: SetExit): void {
  server
    .command('status')
    .description('whether a local server runs, and where; exits 1 when none does')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action((options: { output: string }, command: Command) => {
      const state = readServerState(configOf(command, environment).home);
      if (state === undefined) {
        environment.terminal.print('no server runs');
        return exit(1);
      }
      const facts = [
        `pid ${state.pid}`,
        `Temporal ${state.address}`,
        `web UI ${state.uiUrl ?? '-'}`,
        `API ${state.apiUrl ?? '-'}`,
        `token ${state.apiTokenFile ?? '-'}`,
        `version ${state.version}`,
      ];
      environment.terminal.print(formatOne(state, outputFormat(options.output), () => facts.join('\n')));
    });
}
