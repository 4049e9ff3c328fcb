/**
 * What every bench runs on: a folder of its own with a Temporal server, a worker process of the build and, when asked
 * for, a control plane; all on free loopback ports, all stopped by process id at the end.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStore } from '../src/adapters/artifacts/folder-store.js';
import { usualDriftIntervalMs } from '../src/client/drift-watch.js';
import { connect, type GitOpsClient } from '../src/client/index.js';
import { formatDuration } from '../src/domain/duration.js';
import { startControlPlane, type ControlPlane } from '../src/local/control-plane.js';
import { startTemporalServer, type TemporalServer } from '../src/local/temporal-server.js';
import { searchAttributeNames } from '../src/workflows/search-attributes.js';
import { EngineWorker } from './worker-process.js';

export interface Setting {
  readonly dir: string;
  readonly temporal: TemporalServer;
  readonly worker: EngineWorker;
  readonly client: GitOpsClient;
  /** Stops the worker, which writes its CPU profile then; the rest goes on. */
  stopWorker(): Promise<void>;
}

export interface ClusterSetting extends Setting {
  readonly plane: ControlPlane;
}

export interface SettingOptions {
  /** Arguments of the worker's node, such as `--cpu-prof`. */
  readonly nodeArguments?: readonly string[];
  /** How often the cluster is looked at for drift; as without configuration by default. */
  readonly driftIntervalMs?: number;
}

/** Progress, one line each, on stderr: stdout is for results. */
export function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}

/** Runs `bench` on Temporal and a worker; there is no cluster. */
export function withTemporal<T>(bench: (setting: Setting) => Promise<T>, options: SettingOptions = {}): Promise<T> {
  return inFolder(async (dir, stack) => bench(await openTemporal(dir, stack, options)));
}

/** Runs `bench` on a control plane, Temporal and a worker. */
export function withCluster<T>(
  bench: (setting: ClusterSetting) => Promise<T>,
  options: SettingOptions = {},
): Promise<T> {
  return inFolder(async (dir, stack) => {
    const plane = await startControlPlane({ dir: join(dir, 'cluster'), detached: false, log: say });
    stack.push(() => plane.stop());
    const setting = await openTemporal(dir, stack, options, plane.kubeconfig);
    return bench({ ...setting, plane });
  });
}

/** What has to be undone at the end, in the order in which it was begun. */
type Stack = (() => Promise<unknown>)[];

async function inFolder<T>(work: (dir: string, stack: Stack) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'sloth-bench-'));
  const stack: Stack = [];
  exitOnSignals();
  try {
    return await work(dir, stack);
  } finally {
    say('stopping');
    for (const undo of stack.reverse()) await undo().catch((error: unknown) => say(`while stopping: ${String(error)}`));
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Servers that are not detached are killed at our exit, and a signal is no exit yet. */
function exitOnSignals(): void {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130));
}

async function openTemporal(dir: string, stack: Stack, options: SettingOptions, kubeconfig?: string): Promise<Setting> {
  const searchAttributes = Object.fromEntries(searchAttributeNames.map((name) => [name, 'Keyword' as const]));
  const temporal = await startTemporalServer({
    dir: join(dir, 'temporal'),
    ui: false,
    searchAttributes,
    detached: false,
    log: say,
  });
  stack.push(() => temporal.stop());
  const home = prepareHome(dir, options);
  const { nodeArguments = [], driftIntervalMs = usualDriftIntervalMs } = options;
  const { address } = temporal;
  const worker = await EngineWorker.start({ home, address, kubeconfig, nodeArguments });
  stack.push(() => worker.stop(30_000));
  const client = await connect({ address, local: true, artifacts: new FolderStore(home), driftIntervalMs });
  stack.push(() => client.temporal.connection.close());
  return { dir, temporal, worker, client, stopWorker: () => worker.stop(60_000) };
}

function prepareHome(dir: string, { driftIntervalMs }: SettingOptions): string {
  const home = join(dir, 'home');
  mkdirSync(home, { mode: 0o700 });
  const drift = driftIntervalMs === undefined ? '' : `drift_interval: ${formatDuration(driftIntervalMs)}\n`;
  writeFileSync(join(home, 'config.yaml'), `mode: development\n${drift}`, { mode: 0o600 });
  return home;
}
