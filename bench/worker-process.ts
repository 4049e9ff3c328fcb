/**
 * The workers of the build in a process of their own, so that their CPU and memory can be read.
 */
import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startProcess, waitUntilReady, type RunningProcess } from '../src/local/process-group.js';
import { isRunning, signal, stopProcess } from '../src/local/process-identity.js';

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
  const logFile = join(home, `${basename(entry)}.log`);
  rmSync(logFile, { force: true }); // what one before it said of itself is not about this one
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
    logFile,
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

/** The engine's workers of a bench, which may be killed and started again. */
export class EngineWorker {
  private constructor(
    private readonly options: WorkerOptions,
    private current: RunningProcess,
  ) {}

  static async start(options: WorkerOptions): Promise<EngineWorker> {
    return new EngineWorker(options, await startWorker(options));
  }

  get pid(): number {
    return this.current.pid;
  }

  /** SIGKILL: nothing is handed over, nothing said. Resolves when it is gone. */
  async kill(): Promise<void> {
    signal(this.current, 'SIGKILL');
    while (isRunning(this.current)) await delay(5);
  }

  /** After a `kill`. Resolves when it says that it serves. */
  async startAgain(): Promise<void> {
    this.current = await startWorker(this.options);
  }

  stop(graceMs: number): Promise<void> {
    return stopProcess(this.current, graceMs);
  }
}
