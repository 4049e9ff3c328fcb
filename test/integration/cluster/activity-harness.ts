/**
 * A control plane of its own and the activities on it, called as Temporal would call them.
 */
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createApply } from '../../../src/activities/apply.js';
import type { ClusterDependencies } from '../../../src/activities/cluster-dependencies.js';
import { createBackup } from '../../../src/activities/backup.js';
import { createDiff } from '../../../src/activities/diff.js';
import type { CheckTools } from '../../../src/activities/external-checks.js';
import { createHealthCheck } from '../../../src/activities/health-check.js';
import { createPrune } from '../../../src/activities/prune.js';
import { createRollback } from '../../../src/activities/rollback.js';
import { getJson, putJson, type ArtifactStore } from '../../../src/adapters/artifacts/artifact-store.js';
import { FolderStore } from '../../../src/adapters/artifacts/folder-store.js';
import type { Cluster } from '../../../src/adapters/cluster/cluster.js';
import { sendRequest } from '../../../src/adapters/http/request.js';
import { luaJudge } from '../../../src/worker/health-scripts.js';
import { KubeconfigClusters } from '../../../src/adapters/cluster/kubeconfig-clusters.js';
import type { ConflictResolution } from '../../../src/domain/application.js';
import type { CustomHealth } from '../../../src/domain/health/status.js';
import type { DiffReport } from '../../../src/domain/diff/report.js';
import { tracking, type KubernetesObject } from '../../../src/domain/object.js';
import type { RenderedSet } from '../../../src/domain/rendered-set.js';
import type { DiffResult, HealthCheckInput } from '../../../src/domain/sync.js';
import type { Target } from '../../../src/domain/target.js';
import { startControlPlane, type ControlPlane } from '../../../src/local/control-plane.js';
import { findOrInstallTool } from '../../../src/local/tools-cache.js';

/** One line of the API server's audit log, as far as the tests look. */
export interface AuditedRequest {
  readonly verb: string;
  readonly uri: string;
  readonly code: number;
}

export class Harness {
  readonly artifacts: ArtifactStore;
  readonly activities: Activities;
  /** Rules of an operator, for as long as a test sets some. */
  customHealth: CustomHealth | undefined;

  private constructor(
    readonly controlPlane: ControlPlane,
    readonly clusters: KubeconfigClusters,
    /** The cluster as the engine sees it. */
    readonly cluster: Cluster,
    /** And as a person with kubectl does: another field manager cannot be told, but other rights can. */
    readonly admin: Cluster,
  ) {
    this.artifacts = new FolderStore(join(controlPlane.dir, 'artifacts'));
    const customHealth: CustomHealth = (object) => this.customHealth?.(object);
    this.activities = activitiesOf({ clusters, artifacts: this.artifacts, now: Date.now, customHealth, checkTools });
  }

  static async start(): Promise<Harness> {
    const controlPlane = await startControlPlane({
      dir: mkdtempSync(join(tmpdir(), 'sloth-cluster-test-')),
      detached: false,
    });
    const { kubeconfig: kubeconfigPath, context, adminContext } = controlPlane;
    const clusters = new KubeconfigClusters({ clusters: { default: { kubeconfigPath, context } }, version: 'test' });
    return new Harness(controlPlane, clusters, await clusters.get('default'), await clusters.get(adminContext));
  }

  async stop(): Promise<void> {
    await this.clusters.close();
    await this.controlPlane.stop();
    rmSync(this.controlPlane.dir, { recursive: true, force: true });
  }

  /** An application in a namespace of its own, which exists. */
  async application(
    options: { conflictResolution?: ConflictResolution; createNamespace?: boolean } = {},
  ): Promise<Application> {
    const namespace = `app-${randomUUID().slice(0, 8)}`;
    if (options.createNamespace !== false) {
      await this.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    }
    return new Application(this, namespace, options.conflictResolution ?? 'fail');
  }

  /** kubectl as a person has it; `input` is what it reads for `-f -`. */
  async kubectl(args: readonly string[], input = ''): Promise<string> {
    const { kubeconfig, adminContext } = this.controlPlane;
    const tool = await findOrInstallTool('kubectl');
    const run = promisify(execFile)(tool, ['--kubeconfig', kubeconfig, '--context', adminContext, ...args]);
    run.child.stdin?.end(input);
    return (await run).stdout;
  }

  /** What the engine asked the API server for while `work` ran. */
  async requestsOf(work: () => Promise<unknown>): Promise<AuditedRequest[]> {
    const before = this.audit().length;
    await work();
    return this.audit().slice(before);
  }

  private audit(): AuditedRequest[] {
    const lines = readFileSync(this.controlPlane.auditLog, 'utf8').split('\n').filter(Boolean);
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return events
      .filter(
        (e) =>
          e['userAgent'] === 'sloth-runner/test' && (e['user'] as { username: string }).username === 'sloth-runner',
      )
      .map((e) => ({
        verb: e['verb'] as string,
        uri: e['requestURI'] as string,
        code: (e['responseStatus'] as { code: number } | undefined)?.code ?? 0,
      }));
  }
}

function activitiesOf(deps: ClusterDependencies) {
  return {
    diff: createDiff(deps),
    backup: createBackup(deps),
    apply: createApply(deps),
    healthCheck: createHealthCheck(deps),
    prune: createPrune(deps),
    rollback: createRollback(deps),
  };
}

type Activities = ReturnType<typeof activitiesOf>;

interface Call {
  readonly run?: string;
  readonly attempt?: number;
  readonly scheduledAt?: number;
}

/** An application under test and the steps of its syncs. */
export class Application {
  readonly id: string;
  /** More of what the steps know of it. */
  more: Partial<Target> = {};
  sync = 0;

  constructor(
    private readonly harness: Harness,
    readonly namespace: string,
    readonly conflictResolution: ConflictResolution,
  ) {
    this.id = `workflow-${namespace.slice(4)}`;
  }

  get target(): Target {
    const { id, namespace, conflictResolution } = this;
    const destination = { cluster: 'default', namespace };
    return { app: id, appName: 'shop', destination, conflictResolution, ...this.more };
  }

  /** The objects as render hands them over: tracked, each with a source. */
  rendered(objects: readonly KubernetesObject[]): RenderedSet {
    return objects.map((object, i) => ({ object: this.tracked(object), source: `deploy/all.yaml:${i + 1}` }));
  }

  /** Puts our label and annotation on, over what is there. */
  tracked(object: KubernetesObject): KubernetesObject {
    const { labels, annotations } = object.metadata;
    const metadata = {
      ...object.metadata,
      labels: { ...labels, [tracking.managedByLabel]: tracking.managedBy },
      annotations: { [tracking.appAnnotation]: this.id, ...annotations },
    };
    return { ...object, metadata };
  }

  store(objects: readonly KubernetesObject[]): Promise<string> {
    return putJson(this.harness.artifacts, this.rendered(objects));
  }

  async diff(
    objects: readonly KubernetesObject[],
    options: { prune?: boolean; resources?: string[]; reportRefused?: true } = {},
  ): Promise<DiffResult> {
    const { diff } = this.harness.activities;
    return call(diff, { target: this.target, manifests: await this.store(objects), prune: false, ...options });
  }

  report({ report }: DiffResult): Promise<DiffReport> {
    return getJson<DiffReport>(this.harness.artifacts, report);
  }

  async apply({ plan, waves }: DiffResult, sync: number, info: Call = {}): Promise<number> {
    let applied = 0;
    for (const { wave } of waves) {
      const result = await call(this.harness.activities.apply, { target: this.target, sync, wave, plan }, info);
      if (result.failure) throw Object.assign(new Error(result.failure.message), result.failure);
      applied += result.applied;
    }
    return applied;
  }

  prune({ plan }: DiffResult, sync: number, timeoutMs = 20_000) {
    return call(this.harness.activities.prune, { target: this.target, sync, wave: 2, plan, timeoutMs });
  }

  backup({ plan }: DiffResult) {
    return call(this.harness.activities.backup, { target: this.target, plan });
  }

  async health(objects: readonly KubernetesObject[], options: Partial<HealthCheckInput> = {}) {
    const manifests = await this.store(objects);
    const input = { target: this.target, manifests, timeoutMs: 30_000, degradedGraceMs: 1000, ...options };
    return call(this.harness.activities.healthCheck, input);
  }

  async rollback(objects: readonly KubernetesObject[], failed?: DiffResult, prune = false) {
    const failedPlan = failed === undefined ? {} : { failedPlan: failed.plan };
    const input = {
      target: this.target,
      sync: ++this.sync,
      wave: 5,
      manifests: await this.store(objects),
      prune,
      ...failedPlan,
    };
    return call(this.harness.activities.rollback, input);
  }

  /** Diff, apply, prune: what the workflow does when all goes well. */
  async synchronise(objects: readonly KubernetesObject[], options: { prune?: boolean } = {}): Promise<DiffResult> {
    const plan = await this.diff(objects, options);
    const sync = ++this.sync;
    await this.apply(plan, sync);
    if (plan.counts.deleted > 0) await this.prune(plan, sync);
    return plan;
  }
}

/** Real but for the secrets, which say what they are. */
const checkTools: CheckTools = {
  send: sendRequest,
  resolveSecret: (reference) => Promise.resolve(`value-of-${reference}`),
  judgeByLua: luaJudge(),
};

/** Runs an activity as Temporal would: scheduled now, by a run of its own unless told otherwise. */
export function call<I, R>(
  activity: (input: I) => Promise<R>,
  input: I,
  { run, attempt = 1, scheduledAt = Date.now() }: Call = {},
): Promise<R> {
  const info = {
    attempt,
    scheduledTimestampMs: scheduledAt,
    currentAttemptScheduledTimestampMs: scheduledAt,
    heartbeatTimeoutMs: 6000,
    workflowExecution: { workflowId: 'gitops/test', runId: run ?? randomUUID() },
  };
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  return environment.run(activity, input) as Promise<R>;
}
