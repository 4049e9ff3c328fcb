/**
 * A small application of nine objects in two waves (a Namespace, then the rest), and what its repository says it
 * should be.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { applicationSpec } from '../../src/client/application-spec.js';
import { outliving } from '../../src/client/outage.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { SyncRequest, SyncTicket } from '../../src/workflows/messages.js';
import { freshNamespace, testCluster, type AuditEvent } from '../support/cluster.js';
import { configMap, service } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import type { Rig } from './rig.js';

/** What a commit makes of the application. */
export interface Wanted {
  /** In every ConfigMap. */
  readonly greeting: string;
  /** The tag `broken` never becomes ready. */
  readonly image: string;
  /** Names of the ConfigMaps besides the one of the service. */
  readonly extras: readonly string[];
}

export const extras: readonly string[] = ['extra-1', 'extra-2', 'extra-3', 'extra-4'];

interface Options {
  readonly name?: string;
  /** Where workers find its repository, by default on disk. */
  readonly urlOf?: (repository: TestRepository) => string;
  readonly healthTimeout?: string;
  /** How often a step is tried again, by default 5 times. */
  readonly retries?: number;
  /** What fails is left as it is. */
  readonly noRollback?: true;
  /** Auto-sync is on: with an interval, or only a test observes commits. */
  readonly auto?: true | string;
}

export class ApplicationUnderTest {
  readonly id: string;
  wanted: Wanted = { greeting: 'hello', image: '1.0.0', extras };
  /** What was live and healthy last. */
  accepted: Wanted = this.wanted;
  private auditLog = '';
  /** Size of the audit log before the first sync that counts. */
  private auditStart = 0;

  private constructor(
    readonly rig: Rig,
    readonly namespace: string,
    readonly repository: TestRepository,
    { name = `shop-${randomUUID().slice(0, 8)}`, urlOf = ({ url }) => url, healthTimeout = '30s', ...options }: Options,
  ) {
    const sync_policy = {
      auto_prune: true,
      retry: { limit: options.retries ?? 5, backoff: { duration: '1s', factor: 1.5 } },
      health_check: { timeout: healthTimeout },
    };
    const { auto } = options;
    const told = auto ? { auto_sync: true, sync_interval: auto === true ? 'never' : auto } : {};
    const config = { name, path: 'app', namespace, rollback_on_failure: !options.noRollback, sync_policy, ...told };
    this.spec = applicationSpec(config, { url: urlOf(repository) }, new Date().toISOString());
    this.id = this.spec.id;
  }

  private readonly spec: ReturnType<typeof applicationSpec>;

  /** After a Temporal that knows nothing of it: numbers of syncs start again, and what was written before is another story. */
  async declareAnew(): Promise<void> {
    this.auditStart = statSync(this.auditLog).size;
    await this.rig.client.declare(this.spec);
  }

  /** Declared and synced once. */
  static async create(rig: Rig, options: Options = {}): Promise<ApplicationUnderTest> {
    const app = new ApplicationUnderTest(rig, await freshNamespace('faults'), createRepository(), options);
    app.auditLog = (await testCluster()).auditLog;
    app.auditStart = statSync(app.auditLog).size;
    app.commit({});
    await rig.client.declare(app.spec);
    const record = await app.finish(await rig.client.sync(app.id));
    if (record.status !== 'succeeded') throw new Error(`the first sync ${record.status}: ${record.message}`);
    return app;
  }

  /** The cluster-scoped object of the first wave. */
  get sideNamespace(): string {
    return `${this.namespace}-side`;
  }

  /** `Kind/name value` of every object of a commit; the value is the one by which a test knows its state. */
  objectsOf({ greeting, image, extras: further }: Wanted): string[] {
    const maps = ['web', ...further].map((name) => `ConfigMap/${name} ${greeting}`);
    const service = ['ServiceAccount/web ', 'Service/web ', `Deployment/web registry.example/web:${image}`];
    return [...maps, ...service, `Namespace/${this.sideNamespace} ${greeting}`];
  }

  /** Commits the application with these fields changed. */
  commit(change: Partial<Wanted>): void {
    this.wanted = { ...this.wanted, ...change };
    const { greeting, image } = this.wanted;
    const files = {
      'app/side.yaml': sideNamespace(this.sideNamespace, greeting),
      'app/web.yaml': service('web', { greeting, image: `registry.example/web:${image}` }),
      ...Object.fromEntries(extras.map((name) => [`app/${name}.yaml`, this.extra(name)])),
    };
    this.repository.commit(files);
  }

  /** Commits and asks for a sync. */
  change(change: Partial<Wanted>): Promise<SyncTicket> {
    this.commit(change);
    return this.askForSync();
  }

  /** Asked again while Temporal does not answer; under one name, so that it becomes one sync. */
  async askForSync(request: SyncRequest = {}): Promise<SyncTicket> {
    const once = randomUUID();
    return untilAnswered(() => this.rig.client.sync(this.id, request, once));
  }

  /** The record, once the sync has ended; what it left is then what is accepted. */
  async finish(ticket: SyncTicket, timeoutMs = 90_000): Promise<SyncRecord> {
    const record = await this.rig.client.wait(ticket, timeoutMs);
    if (record.status === 'succeeded') this.accept();
    return record;
  }

  /** What was committed last is live and healthy. */
  accept(): void {
    this.accepted = this.wanted;
  }

  /** Events of the audit log since the application was made. */
  audit(): AuditEvent[] {
    const lines = readFileSync(this.auditLog).subarray(this.auditStart).toString().split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line) as AuditEvent);
  }

  /** Closes its rig as well. */
  async close(): Promise<void> {
    await this.rig.close();
    this.repository.remove();
  }

  /** A file without objects where the ConfigMap is not wanted: git has no use for deleting what is not there. */
  private extra(name: string): string {
    return this.wanted.extras.includes(name) ? configMap(name, this.wanted.greeting) : '# nothing\n';
  }
}

function sideNamespace(name: string, greeting: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, annotations: { greeting: "${greeting}" } }\n`;
}

/** A test outlives its Temporal, and its workers, for longer than whoever waits has to. */
export function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  return outliving(ask, { outageMs: 60_000 });
}
