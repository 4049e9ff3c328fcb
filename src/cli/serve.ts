/**
 * What the process of `server` runs until it is told to stop: the API, workers, or both; with Temporal or without.
 */
import type { Config } from '../config/config.js';
import type { TemporalAddress } from '../client/temporal-options.js';
import { GitOpsError } from '../domain/errors.js';
import { identify } from '../local/process-identity.js';
import type { Choice } from '../worker/served.js';
import type { DevServer } from './dev-server.js';
import { packageVersion } from './package-version.js';
import {
  kubeconfigOf,
  readServerState,
  removeServerState,
  writeServerState,
  type ServerState,
} from './server-state.js';
import type { StartedApi } from './start-api.js';
import type { Terminal } from './terminal.js';

export async function serveDevelopment(asked: Config, queues: readonly string[], terminal: Terminal): Promise<void> {
  const config: Config = { ...asked, mode: 'development' };
  refuseSecond(config);
  const { apiSettings, startApi } = await import('./start-api.js');
  const settings = await apiSettings(config, '127.0.0.1:0');
  const { startDevServer } = await import('./dev-server.js');
  const metrics = config.workerMetrics ?? (await freeAddress());
  const server = await startDevServer(config, terminal, { ui: true, queues, metrics });
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

function refuseSecond(config: Config): void {
  const running = readServerState(config.home);
  if (running === undefined) return;
  throw new GitOpsError('InvalidInput', `a server already runs for ${config.home} (pid ${running.pid})`, {
    hint: 'sloth-runner server status shows it, sloth-runner server stop stops it',
  });
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
  const { freePorts, loopback } = await import('../local/free-port.js');
  return `${loopback}:${(await freePorts(1))[0]}`;
}

export interface Served extends Choice {
  readonly api: boolean;
  readonly queues: readonly string[];
}

export async function serve(config: Config, { api, queues, ...choice }: Served, terminal: Terminal): Promise<void> {
  const { address = 'localhost:7233', namespace = 'default' } = config.temporal;
  const running: Running[] = [];
  try {
    if (api) running.push(await serveApi(config, { address, namespace }, terminal));
    if (choice.roles.length + queues.length > 0)
      running.push(await serveWorkers(config, { address, namespace }, choice, queues, terminal));
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
  const { apiSettings, startApi } = await import('./start-api.js');
  const settings = await apiSettings(config, '127.0.0.1:8090');
  const { workerMetrics } = config;
  const api = await startApi(config, temporal, settings, workerMetrics && `http://${workerMetrics}/metrics`);
  terminal.note(`API at ${api.url}, its token in ${api.tokenFile}`);
  return api;
}

async function serveWorkers(
  config: Config,
  temporal: TemporalAddress,
  choice: Choice,
  queues: readonly string[],
  terminal: Terminal,
): Promise<Running> {
  const { startWorkers } = await import('./start-workers.js');
  const { registerSearchAttributes } = await import('./register-search-attributes.js');
  await registerSearchAttributes(temporal);
  const workers = await startWorkers(config, temporal, choice, { queues, metrics: config.workerMetrics });
  const what = [...choice.roles, ...queues].join(',');
  terminal.note(`workers (${what}) serve Temporal at ${temporal.address}, namespace ${temporal.namespace}`);
  const { keepAliveFile } = await import('./alive-file.js');
  const removeAliveFile = keepAliveFile(config.home);
  const stop = (): Promise<void> => {
    removeAliveFile();
    return workers.stop();
  };
  return { done: workers.done, stop };
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve());
  });
}
