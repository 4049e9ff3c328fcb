/**
 * `server`: the process that does the work. With `--dev` it brings Temporal along; without, it serves the Temporal of
 * TEMPORAL_ADDRESS. It ends on SIGTERM or Ctrl-C and lets running activities hand over.
 */
import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { GitOpsError } from '../../domain/errors.js';
import { identify, stopProcess } from '../../local/process-identity.js';
import type { Choice } from '../../worker/served.js';
import { allRoles, type Role } from '../../worker/roles.js';
import { configOf, type CommandEnvironment, type SetExit } from '../environment.js';
import { packageVersion } from '../package-version.js';
import { kubeconfigOf, readServerState, removeServerState, writeServerState } from '../server-state.js';
import { formatOne, outputFormat } from '../table.js';
import type { Terminal } from '../terminal.js';

interface ServerOptions {
  readonly dev?: boolean;
  readonly role?: string;
  readonly cluster?: string;
  readonly queue?: readonly string[];
}

export function addServerCommands(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  const server = program
    .command('server')
    .description('run the workers; --dev brings Temporal and its web UI along')
    .option('--dev', 'start Temporal as well, for this machine alone')
    .option('--role <roles>', 'what this process works on: engine,lua,git,cluster (default: all, without --queue)')
    .option('--cluster <names>', 'work on the steps of these clusters only (default: all that are configured)')
    .option('--queue <names...>', 'take the exec, fs and git steps of tasks with delegate_to = NAME')
    .action(async (options: ServerOptions, command: Command) => {
      const config = configOf(command, environment);
      await (options.dev
        ? serveDevelopment(config, options, environment.terminal)
        : serve(config, options, environment.terminal));
    });
  addStop(server, environment);
  addStatus(server, environment, exit);
}

async function serveDevelopment(config: Config, { queue }: ServerOptions, terminal: Terminal): Promise<void> {
  refuseSecond(config);
  const { startDevServer } = await import('../dev-server.js');
  const server = await startDevServer({ ...config, mode: 'development' }, terminal, { ui: true, queues: queue ?? [] });
  writeServerState(config.home, {
    ...identify(process.pid),
    address: server.address,
    uiUrl: server.uiUrl ?? null,
    namespace: 'default',
    kubeconfig: kubeconfigOf(config) ?? null,
    version: packageVersion(),
  });
  terminal.note(`ready; stop with: sloth-runner server stop`);
  try {
    await Promise.race([signalled(), server.done]);
  } finally {
    removeServerState(config.home);
    await server.stop();
  }
}

function refuseSecond(config: Config): void {
  const running = readServerState(config.home);
  if (running === undefined) return;
  throw new GitOpsError('InvalidInput', `a server already runs for ${config.home} (pid ${running.pid})`, {
    hint: 'sloth-runner server status shows it, sloth-runner server stop stops it',
  });
}

async function serve(config: Config, options: ServerOptions, terminal: Terminal): Promise<void> {
  const { queue: queues = [] } = options;
  const choice = choiceOf(options);
  const { startWorkers } = await import('../start-workers.js');
  const { address = 'localhost:7233', namespace = 'default' } = config.temporal;
  const { registerSearchAttributes } = await import('../register-search-attributes.js');
  await registerSearchAttributes({ address, namespace });
  const workers = await startWorkers(config, { address, namespace }, choice, { queues });
  const what = [...choice.roles, ...queues].join(',');
  terminal.note(`workers (${what}) serve Temporal at ${address}, namespace ${namespace}`);
  try {
    await Promise.race([signalled(), workers.done]);
  } finally {
    await workers.stop();
  }
}

/** `--cluster` alone is about the steps of these clusters; with other roles it says which of them the process works on. */
function choiceOf({ role, cluster, queue = [] }: ServerOptions): Choice {
  const clusters = cluster === undefined ? undefined : listOf(cluster);
  if (role !== undefined) return { roles: rolesOf(role, clusters), clusters };
  if (clusters !== undefined) return { roles: ['cluster'], clusters };
  return { roles: queue.length > 0 ? [] : allRoles };
}

function rolesOf(text: string, clusters: readonly string[] | undefined): Role[] {
  const wanted = listOf(text);
  const unknown = wanted.find((word) => !(allRoles as readonly string[]).includes(word));
  if (unknown !== undefined)
    throw new GitOpsError('InvalidInput', `'${unknown}' is not a role`, {
      hint: `use one or several of ${allRoles.join(',')}`,
    });
  if (clusters !== undefined && !wanted.includes('cluster'))
    throw new GitOpsError('InvalidInput', '--cluster says which clusters the role cluster works on', {
      hint: `add it: --role ${[...wanted, 'cluster'].join(',')}`,
    });
  return wanted as Role[];
}

function listOf(text: string): string[] {
  return text.split(',').map((word) => word.trim());
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve());
  });
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
        `version ${state.version}`,
      ];
      environment.terminal.print(formatOne(state, outputFormat(options.output), () => facts.join('\n')));
    });
}
