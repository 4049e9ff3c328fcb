/**
 * Real processes that can be broken: Temporal, workers behind proxies, and the control plane of the test run or one of
 * the rig's own. One rig serves all rows of a file.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { FolderStore } from '../../src/adapters/artifacts/folder-store.js';
import { connect } from '../../src/client/connection.js';
import type { GitOpsClient } from '../../src/client/gitops-client.js';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.js';
import { searchAttributeNames } from '../../src/workflows/search-attributes.js';
import { testCluster } from '../support/cluster.js';
import { TcpProxy } from './tcp-proxy.js';
import { WorkerProcess } from './worker-process.js';

/** See fault-points.mjs. */
export interface FaultPoint {
  readonly activity: string;
  readonly when: 'before' | 'after' | 'before write' | 'after write' | 'before fence' | 'after fence' | 'in task';
  /** The how-manieth passing, 1 by default. */
  readonly nth?: number;
  readonly action?: 'kill' | 'freeze' | 'hold';
}

interface RigOptions {
  readonly workers?: number;
  readonly checks?: Readonly<Record<string, string>>;
}

export class Rig {
  readonly workers: WorkerProcess[] = [];

  private constructor(
    readonly folder: string,
    public temporal: TemporalServer,
    readonly client: GitOpsClient,
    /** Between every worker and the API server. */
    readonly toCluster: TcpProxy,
    /** Between every worker and Temporal. */
    readonly toTemporal: TcpProxy,
  ) {}

  /** Workers: how many run from the start. Checks: scripts of the operator, by path. */
  static async open({ workers = 1, checks = {} }: RigOptions = {}): Promise<Rig> {
    const folder = mkdtempSync(join(tmpdir(), 'sloth-rig-'));
    const settings = { allow_http: true, ...(Object.keys(checks).length > 0 ? { health_checks: 'checks' } : {}) };
    writeFileSync(join(folder, 'config.yaml'), stringify(settings), { mode: 0o600 });
    for (const [path, text] of Object.entries(checks)) writeInto(join(folder, 'checks', path), text);
    const temporal = await startTemporal(folder);
    const artifacts = new FolderStore(folder);
    const client = await connect({ address: temporal.address, local: true, artifacts });
    const { serverUrl } = await testCluster();
    const toCluster = await TcpProxy.start(Number(new URL(serverUrl).port));
    const toTemporal = await TcpProxy.start(portOf(temporal.address));
    const rig = new Rig(folder, temporal, client, toCluster, toTemporal);
    for (let n = 1; n <= workers; n++) await rig.addWorker();
    return rig;
  }

  /**
   * @param line a proxy of its own to Temporal, for a worker that is cut off alone
   * @param bundle file of other workflows than the built ones
   */
  async addWorker(line: TcpProxy = this.toTemporal, bundle?: string): Promise<WorkerProcess> {
    const name = `worker-${this.workers.length + 1}`;
    const kubeconfig = await this.kubeconfig();
    const temporalAddress = `127.0.0.1:${line.port}`;
    const place = { folder: this.folder, kubeconfig, temporalAddress, name };
    const worker = await WorkerProcess.start({ ...place, ...(bundle === undefined ? {} : { bundle }) });
    this.workers.push(worker);
    return worker;
  }

  // Fault points

  arm({ nth = 1, action = 'kill', ...point }: FaultPoint): void {
    for (const file of ['fired.json', 'told']) rmSync(this.path(file), { force: true });
    writeFileSync(this.path('armed.json'), JSON.stringify({ ...point, nth, action }));
  }

  disarm(): void {
    rmSync(this.path('armed.json'), { force: true });
  }

  /** When the armed point was reached, ms since 1970. */
  async fired(timeoutMs = 20_000): Promise<number> {
    for (const deadline = Date.now() + timeoutMs; ; await delay(10)) {
      const at = statSync(this.path('fired.json'), { throwIfNoEntry: false })?.ctimeMs;
      if (at !== undefined) return at;
      if (Date.now() > deadline) throw new Error(`the point was not reached: ${this.logs()}`);
    }
  }

  /** Until the attempt that is held knows that nobody waits for it. */
  async told(): Promise<void> {
    while (!existsSync(this.path('told'))) await delay(10);
  }

  /** Lets a worker go on that was held. */
  release(): void {
    rmSync(this.path('fired.json'), { force: true });
    writeFileSync(this.path('released'), '');
  }

  /** When it has gone on. */
  async wentOn(): Promise<void> {
    while (existsSync(this.path('released'))) await delay(10);
  }

  // Servers

  /** SIGKILL, and back on the same port with the same database. */
  async restartTemporal(downMs = 0): Promise<void> {
    process.kill(this.temporal.pid, 'SIGKILL');
    await delay(downMs);
    this.temporal = await startTemporal(this.folder, portOf(this.temporal.address));
  }

  /** The same address, and a database that knows nothing. */
  async loseTemporal(): Promise<void> {
    await this.temporal.stop();
    rmSync(this.path('temporal'), { recursive: true });
    this.temporal = await startTemporal(this.folder, portOf(this.temporal.address));
  }

  /** The end of what the workers said, for the message of a failed test. */
  logs(): string {
    return this.workers
      .map((_, i) => readFileSync(this.path(`worker-${i + 1}.log`), 'utf8').slice(-2000))
      .join('\n---\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
    await this.client.temporal.connection.close();
    await Promise.all([this.temporal.stop(), this.toCluster.stop(), this.toTemporal.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  /** The engine's own kubeconfig, with the proxy as its server: the certificate holds for any port of 127.0.0.1. */
  private async kubeconfig(): Promise<string> {
    const { kubeconfig, serverUrl } = await testCluster();
    const text = readFileSync(kubeconfig, 'utf8').replaceAll(serverUrl, `https://127.0.0.1:${this.toCluster.port}`);
    writeFileSync(this.path('kubeconfig'), text, { mode: 0o600 });
    return this.path('kubeconfig');
  }
}

function writeInto(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function startTemporal(folder: string, grpc?: number): Promise<TemporalServer> {
  return startTemporalServer({
    dir: join(folder, 'temporal'),
    ui: false,
    searchAttributes: Object.fromEntries(searchAttributeNames.map((name) => [name, 'Keyword'])),
    detached: false,
    ...(grpc === undefined ? {} : { ports: { grpc } }),
  });
}

export function portOf(address: string): number {
  return Number(address.split(':').at(-1));
}
