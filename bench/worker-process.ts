/**
 * The workers of the build in a process of their own, so that their CPU and memory can be read.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProcess, waitUntilReady, type RunningProcess } from '../src/local/process-group.js';

const entry = fileURLToPath(new URL('worker-entry.js', import.meta.url));

export interface WorkerOptions {
  readonly home: string;
  /** Of Temporal. */
  readonly address: string;
  readonly kubeconfig?: string | undefined;
  readonly nodeArguments?: readonly string[];
}

/** Resolves when the worker says that it serves. */
export async function startWorker({ home, address, kubeconfig, nodeArguments = [] }: WorkerOptions) {
  const worker = await startProcess({
    name: 'worker',
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
    logFile: join(home, 'worker.log'),
    detached: false,
  });
  await untilReady(worker, 'serve Temporal at');
  return worker;
}

/** Resolves when the log of a process holds `text`. */
export function untilReady(worker: RunningProcess, text: string): Promise<void> {
  return waitUntilReady({
    what: worker.name,
    processes: [worker],
    isReady: async () => readFileSync(worker.logFile, 'utf8').includes(text),
    timeoutMs: 60_000,
  });
}
