/**
 * `server`: the process that does the work, and the API. With `--dev` it brings Temporal along; without, it serves the
 * Temporal of TEMPORAL_ADDRESS. It ends on SIGTERM or Ctrl-C and lets running activities hand over.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import { GitOpsError } from '../../domain/errors.js';
import { identify, stopProcess } from '../../local/process-identity.js';
import type { Role } from '../../worker/workers.js';
import { configOf, type CommandEnvironment, type SetExit } from '../environment.js';
import { packageVersion } from '../package-version.js';
import type { TemporalAddress } from '../../client/temporal-options.js';
import type { DevServer } from '../dev-server.js';
import {
  kubeconfigOf,
  readServerState,
  removeServerState,
  writeServerState,
  type ServerState,
} from '../server-state.js';
import type { StartedApi } from '../start-api.js';
import { formatOne, outputFormat } from '../table.js';
import type { Terminal } from '../terminal.js';

interface ServerOptions {
  readonly dev?: boolean;
  readonly role?: string;
  readonly queue?: readonly string[];
  readonly listen?: string;
  readonly tokenFile?: string;
}

export function addServerCommands(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  const server = program
    .command('server')
    .description('run the workers; --dev brings Temporal and its web UI along')
    .option('--dev', 'start Temporal as well, for this machine alone')
    .option('--role <roles>', 'what this process does: api, engine, lua (default: engine,lua, without --queue)')
    .option('--queue <names...>', 'take the exec, fs and git steps of tasks with delegate_to = NAME')
    .option('--listen <host:port>', 'where the API listens; a free port of loopback with --dev, else 127.0.0.1:8090')
    .option('--token-file <file>', "file of the API's token; one is made under the home with --dev")
    .action(async (options: ServerOptions, command: Command) => {
      const config = withFlags(configOf(command, environment), options);
      await (options.dev
        ? serveDevelopment(config, options, environment.terminal)
        : serve(config, options, environment.terminal));
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

async function serveDevelopment(asked: Config, { queue }: ServerOptions, terminal: Terminal): Promise<void> {
  const config: Config = { ...asked, mode: 'development' };
  refuseSecond(config);
  const { apiSettings, startApi } = await import('../start-api.js');
  const settings = await apiSettings(config, '127.0.0.1:0');
  const { startDevServer } = await import('../dev-server.js');
  const metrics = config.workerMetrics ?? (await freeAddress());
  const server = await startDevServer(config, terminal, { ui: true, queues: queue ?? [], metrics });
  try {
    const address = { address: server.address, namespace: 'default', local: true };
    const api = await startApi(config, address, settings, `http://${metrics}/metrics`);
    writeServerState(config.home, stateOf(config, server, api));
    terminal.note(`API at ${api.url}, its token in ${api.tokenFile}`);
    terminal.note(`ready; stop with: sloth-runner server stop`);
    await Promise.race([signalled(), server.done]).finally(() => api.stop());
  } finally {
    removeServerState(config.home);
    await server.stop();
  }
}

function stateOf(config: Config, { address, uiUrl }: DevServer, { url, tokenFile }: StartedApi): ServerState {
  return {
    ...identify(process.pid),
    address,
    uiUrl: uiUrl ?? null,
    namespace: 'default',
    kubeconfig: kubeconfigOf(config) ?? null,
    version: packageVersion(),
    apiUrl: url,
    apiTokenFile: tokenFile,
  };
}

async function freeAddress(): Promise<string> {
  const { freePorts, loopback } = await import('../../local/free-port.js');
  return `${loopback}:${(await freePorts(1))[0]}`;
}

function refuseSecond(config: Config): void {
  const running = readServerState(config.home);
  if (running === undefined) return;
  throw new GitOpsError('InvalidInput', `a server already runs for ${config.home} (pid ${running.pid})`, {
    hint: 'sloth-runner server status shows it, sloth-runner server stop stops it',
  });
}

async function serve(config: Config, { role, queue: queues = [] }: ServerOptions, terminal: Terminal): Promise<void> {
  const wanted = role === undefined ? (queues.length > 0 ? [] : usualRoles) : rolesOf(role);
  const { address = 'localhost:7233', namespace = 'default' } = config.temporal;
  const running: Running[] = [];
  try {
    if (wanted.includes('api')) running.push(await serveApi(config, { address, namespace }, terminal));
    const workerRoles = wanted.filter((one) => one !== 'api');
    if (workerRoles.length + queues.length > 0)
      running.push(await serveWorkers(config, { address, namespace }, workerRoles, queues, terminal));
    await Promise.race([signalled(), ...running.flatMap(({ done }) => done ?? [])]);
  } finally {
    for (const one of running) await one.stop();
  }
}

interface Running {
  readonly done?: Promise<void>;
  stop(): Promise<void>;
}

async function serveApi(config: Config, temporal: TemporalAddress, terminal: Terminal): Promise<Running> {
  const { apiSettings, startApi } = await import('../start-api.js');
  const settings = await apiSettings(config, '127.0.0.1:8090');
  const { workerMetrics } = config;
  const api = await startApi(config, temporal, settings, workerMetrics && `http://${workerMetrics}/metrics`);
  terminal.note(`API at ${api.url}, its token in ${api.tokenFile}`);
  return api;
}

async function serveWorkers(
  config: Config,
  temporal: TemporalAddress,
  workerRoles: readonly Role[],
  queues: readonly string[],
  terminal: Terminal,
): Promise<Running> {
  const { startWorkers } = await import('../start-workers.js');
  const { registerSearchAttributes } = await import('../register-search-attributes.js');
  await registerSearchAttributes(temporal);
  const workers = await startWorkers(config, temporal, workerRoles, { queues, metrics: config.workerMetrics });
  const names = [...workerRoles, ...queues].join(',');
  terminal.note(`workers (${names}) serve Temporal at ${temporal.address}, namespace ${temporal.namespace}`);
  return workers;
}

type ServerRole = Role | 'api';

const roles: readonly ServerRole[] = ['api', 'engine', 'lua'];
const usualRoles: readonly ServerRole[] = ['engine', 'lua'];

function rolesOf(text: string): ServerRole[] {
  const wanted = text.split(',').map((word) => word.trim());
  const unknown = wanted.find((word) => !(roles as readonly string[]).includes(word));
  if (unknown === undefined) return wanted as ServerRole[];
  throw new GitOpsError('InvalidInput', `'${unknown}' is not a role`, {
    hint: `use one or several of ${roles.join(',')}`,
  });
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
        `API ${state.apiUrl ?? '-'}`,
        `token ${state.apiTokenFile ?? '-'}`,
        `version ${state.version}`,
      ];
      environment.terminal.print(formatOne(state, outputFormat(options.output), () => facts.join('\n')));
    });
}
