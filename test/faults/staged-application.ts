/**
 * An application of everything that stages are about: hooks, a definition with its objects, three waves, a kustomization
 * and a chart, with every object marked by one greeting so that each commit changes all of it.
 */
import { readFileSync, statSync } from 'node:fs';
import { applicationSpec } from '../../src/client/application-spec.js';
import type { ApplicationSpec } from '../../src/domain/application.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { SyncTicket } from '../../src/workflows/messages.js';
import { freshNamespace, testCluster, type AuditEvent } from '../support/cluster.js';
import { configMap, hookJob, inWave, widgetDefinition } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import type { Rig } from './rig.js';

export type Dialect = 'sloth-runner.dev' | 'argocd.argoproj.io';

export interface StagedFiles {
  readonly dialect: Dialect;
  /** API group of its definition, unique in the cluster. */
  readonly group: string;
  readonly greeting: string;
}

/** Folders: `app` plain, `overlay` on `base` a kustomization, `chart` a chart. */
export function stagedFiles({ dialect, group, greeting }: StagedFiles): Record<string, string> {
  return {
    'app/migrate.yaml': hookJob('migrate', `${dialect}/hook: PreSync`),
    'app/smoke.yaml': hookJob('smoke', `${dialect}/hook: PostSync, ${dialect}/hook-delete-policy: HookSucceeded`),
    'app/definition.yaml': widgetDefinition(group),
    'app/widget.yaml': `apiVersion: ${group}/v1\nkind: Widget\nmetadata: { name: w }\nspec: { greeting: "${greeting}" }\n`,
    'app/early.yaml': inWave(configMap('early', greeting), -1, dialect),
    'app/late.yaml': inWave(configMap('late', greeting), 2, dialect),
    'base/kustomization.yaml': 'resources: [built.yaml]\n',
    'base/built.yaml': configMap('built', greeting),
    'overlay/kustomization.yaml': 'resources: [../base]\nnamePrefix: k-\n',
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
    'chart/values.yaml': `greeting: "${greeting}"\n`,
    'chart/templates/facts.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: facts }\ndata: { greeting: {{ .Values.greeting | quote }} }\n',
    'chart/templates/hook.yaml': hookJob('chart-hook', 'helm.sh/hook: "pre-install,pre-upgrade"'),
  };
}

/** What is written, stage by stage, in any order within a stage. */
export const stagedOrder: readonly (readonly string[])[] = [
  ['jobs/chart-hook', 'jobs/migrate'],
  ['configmaps/early'],
  ['customresourcedefinitions'],
  ['configmaps/facts', 'configmaps/k-built', 'widgets/w'],
  ['configmaps/late'],
  ['jobs/smoke'],
];

export const stagedHooks: readonly string[] = ['jobs/chart-hook', 'jobs/migrate', 'jobs/smoke'];

/** The application, declared in a rig of its own and synced once. */
export class StagedApplication {
  readonly id: string;
  private readonly auditStart: number;

  private constructor(
    readonly rig: Rig,
    readonly namespace: string,
    readonly group: string,
    private readonly dialect: Dialect,
    private readonly repository: TestRepository,
    private readonly auditLog: string,
  ) {
    const source = { repo: repository.url, branch: 'main' };
    const further = ['overlay', 'chart'].map((path) => ({ ...source, path }));
    const sync_policy = {
      auto_prune: true,
      retry: { limit: 5, backoff: { duration: '1s', factor: 1.5 } },
      health_check: { timeout: '60s' },
    };
    const config = { name: 'staged', path: 'app', namespace, sync_policy, repos: further };
    const place = { url: repository.url };
    this.spec = applicationSpec(config, place, new Date().toISOString(), [place, place]);
    this.id = this.spec.id;
    this.auditStart = statSync(auditLog).size;
  }

  private readonly spec: ApplicationSpec;

  static async create(rig: Rig, dialect: Dialect = 'argocd.argoproj.io'): Promise<StagedApplication> {
    const namespace = await freshNamespace('staged');
    const { auditLog } = await testCluster();
    const group = `${namespace}.example.com`;
    const app = new StagedApplication(rig, namespace, group, dialect, createRepository(), auditLog);
    app.commit('first');
    await rig.client.declare(app.spec);
    const record = await app.finish(await app.rig.client.sync(app.id));
    if (record.status !== 'succeeded') throw new Error(`the first sync ${record.status}: ${record.message}`);
    return app;
  }

  commit(greeting: string): void {
    this.repository.commit(stagedFiles({ dialect: this.dialect, group: this.group, greeting }));
  }

  change(greeting: string): Promise<SyncTicket> {
    this.commit(greeting);
    return this.rig.client.sync(this.id);
  }

  finish(ticket: SyncTicket): Promise<SyncRecord> {
    return this.rig.client.wait(ticket, 120_000);
  }

  /** Its writes that changed something, in order of arrival: `jobs/migrate`, and the answer's code. */
  writes(sync: number): { readonly object: string; readonly code: number; readonly verb: string }[] {
    const events = this.events().filter((e) => new RegExp(`/sync-${sync} `).test(e.userAgent ?? ''));
    return events
      .sort((a, b) => (a.requestReceivedTimestamp < b.requestReceivedTimestamp ? -1 : 1))
      .map((e) => ({
        object: nameOf(e),
        code: e.responseStatus?.code ?? 0,
        verb: e.verb,
      }));
  }

  async close(): Promise<void> {
    await this.rig.close();
    this.repository.remove();
  }

  private events(): AuditEvent[] {
    const lines = readFileSync(this.auditLog).subarray(this.auditStart).toString().split('\n').filter(Boolean);
    const events = lines.map((line) => JSON.parse(line) as AuditEvent);
    return events.filter(
      (e) => this.isOurs(e) && ['patch', 'delete'].includes(e.verb) && !e.requestURI.includes('dryRun=All'),
    );
  }

  private isOurs({ user, objectRef }: AuditEvent): boolean {
    const inside = objectRef?.namespace === this.namespace && !objectRef.name?.startsWith('sloth-runner.');
    return user.username === 'sloth-runner' && (inside || objectRef?.name === `widgets.${this.group}`);
  }
}

/** A definition goes by its kind alone: its name is of the one test. */
function nameOf({ objectRef }: AuditEvent): string {
  const { resource = '', name = '' } = objectRef ?? {};
  return resource === 'customresourcedefinitions' ? resource : `${resource}/${name}`;
}
