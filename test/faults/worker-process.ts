/**
 * A worker process of the rig, kept alive like a service: when it dies, the next one starts at once. Several may run.
 */
import { toolsCache } from '../../src/local/tools-cache.js';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('worker.mjs', import.meta.url));

export interface WorkerSettings {
  /** The rig's folder, which is also the workers' home. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly temporalAddress: string;
  readonly name: string;
  /** File of other workflows than the built ones. */
  readonly bundle?: string;
}

export class WorkerProcess {
  /** When the process that runs now had started to poll, ms since 1970. */
  readyAt = 0;
  restarts = 0;
  private child: ChildProcess | undefined;
  private stopped = false;

  private constructor(private readonly settings: WorkerSettings) {}

  /** Resolves when it polls. */
  static async start(settings: WorkerSettings): Promise<WorkerProcess> {
    const worker = new WorkerProcess(settings);
    await worker.spawn();
    return worker;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  /** Ends it for good, at once: what a worker leaves behind when it is killed is part of the test. */
  async stop(): Promise<void> {
    this.stopped = true;
    const gone = new Promise((resolve) => this.child?.once('exit', resolve));
    if (this.child?.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await gone;
  }

  private async spawn(): Promise<void> {
    const { folder, kubeconfig, temporalAddress, name, bundle } = this.settings;
    const ready = join(folder, `${name}.ready`);
    rmSync(ready, { force: true });
    const log = openSync(join(folder, `${name}.log`), 'a', 0o600);
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      SLOTH_TOOLS: toolsCache(),
      ...(bundle === undefined ? {} : { BUNDLE: bundle }),
    };
    const args = [entry, folder, kubeconfig, temporalAddress, name];
    this.child = spawn(process.execPath, args, { env, stdio: ['ignore', log, log] });
    this.child.once('exit', () => void this.exited());
    while (!existsSync(ready) && !this.stopped) await delay(20);
    this.readyAt = Date.now();
  }

  private async exited(): Promise<void> {
    if (this.stopped) return;
    this.restarts++;
    await this.spawn();
  }
}
