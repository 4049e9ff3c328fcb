/**
 * The workers of the build in a process of their own, so that their CPU and memory can be read.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess, waitUntilReady, type RunningProcess } from '../src/local/process-group.js';

const engine = fileURLToPath(new URL('worker-entry.js', import.meta.url));

export interface WorkerOptions {
  readonly home: string;
  /** Of Temporal. */
  readonly address: string;
  readonly kubeconfig?: string | undefined;
  readonly nodeArguments?: readonly string[];
  /** The program; the engine's workers by default. */
  readonly entry?: string;
}

/** Resolves when the worker says that it serves. */
export async function startWorker(options: WorkerOptions): Promise<RunningProcess> {
  const { home, address, kubeconfig, nodeArguments = [], entry = engine } = options;
  const worker = await startProcess({
    name: basename(entry),
    command: process.execPath,
    args: [...nodeArguments, entry],
    // HOME is a folder without profiles; nothing of NODE_OPTIONS either: users have none.
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      SLOTH_HOME: home,
      TEMPORAL_ADDRESS: address,
      KUBECONFIG: kubeconfig ?? join(home, 'no-kubeconfig'),
      NO_COLOR: '1',
    },
    logFile: join(home, `${basename(entry)}.log`),
    detached: false,
  });
  await waitUntilReady({
    what: worker.name,
    processes: [worker],
    isReady: async () => readFileSync(worker.logFile, 'utf8').includes('serves Temporal at'),
    timeoutMs: 60_000,
  });
  return worker;
}
