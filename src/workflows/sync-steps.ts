/**
 * The phases of a sync, one method each: an activity under the application's retry policy, and what the journal keeps
 * of it. Which phase follows which, and what a result means, is decided in `sync.ts`.
 */
import { isCancellation } from '@temporalio/workflow';
import type { ApplicationSpec } from '../domain/application.js';
import {
  targetOf,
  type CloneResult,
  type Digest,
  type DiffResult,
  type HealthCheckResult,
  type RenderResult,
  type RollbackResult,
  type SyncRecord,
  type Target,
  type WriteFailure,
} from '../domain/sync.js';
import type { HealthySet, NumberedRequest, SyncInput } from './messages.js';
import { phaseFailure } from './phase-failure.js';
import { failureOf, withRetries } from './retry.js';
import { briefStep, longStep } from './steps.js';
import type { SyncJournal } from './sync-journal.js';

type HookMoment = 'pre-sync' | 'post-sync';

export interface Selection {
  readonly resources?: readonly string[];
}

/** Most sets are healthy that soon; only the others need an activity that waits. */
const soonMs = 1000;

export class SyncSteps {
  /** From the first write on, a failure leaves traces in the cluster. */
  wrote = false;
  private readonly spec: ApplicationSpec;
  private readonly request: NumberedRequest;
  private readonly target: Target;
  private plan: DiffResult | undefined;
  private nextWave = 1;
  /** Reports of the waves applied since the last set was known: what health need not read again. */
  private applied: Digest[] = [];

  constructor(
    { spec, request }: SyncInput,
    private readonly journal: SyncJournal,
  ) {
    this.spec = spec;
    this.request = request;
    this.target = targetOf(spec);
  }

  /** The objects this run is about, when somebody named some. */
  get selection(): Selection {
    const { resources } = this.request;
    return resources === undefined ? {} : { resources };
  }

  async clone(): Promise<CloneResult> {
    const { source } = this.spec;
    const { revision } = this.request;
    const commit = await this.phase('clone', `clone ${source.path} at ${revision ?? source.branch}`, (s) =>
      briefStep(s, (a) => a.clone(revision === undefined ? { source } : { source, revision })),
    );
    this.journal.update({ revision: commit.revision, tree: commit.tree });
    return commit;
  }

  async render({ revision, archive }: CloneResult): Promise<RenderResult> {
    const { source, createNamespace, policies } = this.spec;
    const own = policies === undefined ? {} : { policies };
    const rendered = await this.phase('render', `render ${source.path} at ${revision.slice(0, 8)}`, (s) =>
      briefStep(s, (a) => a.render({ target: this.target, source, revision, archive, createNamespace, ...own })),
    );
    this.journal.update({ manifests: rendered.manifests });
    return rendered;
  }

  async diff({ manifests, policies }: RenderResult): Promise<DiffResult> {
    const { prune = this.spec.prune } = this.request;
    const { revision = '' } = this.journal.record();
    const checks = { repository: this.spec.source.url, ...(policies === undefined ? {} : { policies }) };
    const plan = await this.phase('diff', 'dry-run every object and compare with the cluster', (s) =>
      briefStep(s, (a) => a.diff({ target: this.target, manifests, revision, prune, ...checks, ...this.selection })),
    );
    return this.planned(plan);
  }

  async planDeletion(): Promise<DiffResult> {
    const plan = await this.phase('diff', 'plan the deletion of all objects', (s) =>
      longStep(s).planDeletion({ target: this.target }),
    );
    return this.planned(plan);
  }

  /** Each line runs once, in order; the first that fails ends it. @throws HookFailed, NotAllowed */
  async hooks(moment: HookMoment): Promise<void> {
    const lines = moment === 'pre-sync' ? this.spec.preSyncHooks : this.spec.postSyncHooks;
    const { revision = '', id } = this.journal.record();
    for (const line of lines) {
      await this.phase(moment, `${moment} hook: ${line}`, (s) =>
        longStep(s, { retry: { maximumAttempts: 1 } }).runHook({ target: this.target, line, revision, sync: id }),
      );
    }
  }

  async backup({ plan, counts }: DiffResult): Promise<void> {
    const objects = counts.updated + counts.deleted;
    if (objects === 0) return;
    const { backup } = await this.phase('backup', `back up ${objects} live objects`, (s) =>
      longStep(s).backup({ target: this.target, plan }),
    );
    this.journal.update({ backup });
  }

  async apply({ plan, waves }: DiffResult): Promise<void> {
    for (const { wave, objects } of waves) {
      this.wrote = true;
      this.nextWave = wave + 1;
      const step = { target: this.target, sync: this.request.number, wave, plan };
      const result = await this.written('apply', `apply wave ${wave}: ${objects} objects`, (s) =>
        longStep(s).apply(step),
      );
      this.applied.push(result.report);
      this.journal.count(result);
      throwFailure(result.failure);
    }
  }

  /**
   * @param selection what to look at, default the whole set
   * @returns undefined when the application wants no health check
   */
  async healthCheck(manifests: string, selection: Selection = {}): Promise<HealthCheckResult | undefined> {
    const { enabled, timeoutMs, degradedGraceMs } = this.spec.health;
    if (!enabled) return undefined;
    const check = { target: this.target, manifests, timeoutMs, degradedGraceMs, applied: this.applied, ...selection };
    const options = { startToCloseTimeout: timeoutMs + 60_000 };
    const health = await this.phase('health', 'wait until every object is healthy', async (s) => {
      const soon = await briefStep(s, (a) => a.healthCheck({ ...check, timeoutMs: Math.min(timeoutMs, soonMs) }));
      return soon.timedOut && timeoutMs > soonMs ? longStep(s, options).healthCheck(check) : soon;
    });
    this.journal.update({ health: health.status, healthChecks: { healthy: health.healthy, total: health.total } });
    return health;
  }

  async prune(plan: DiffResult): Promise<void> {
    if (plan.counts.deleted > 0) await this.delete(plan);
  }

  /** Even with nothing to delete it brings the inventory up to date. */
  async delete({ plan, counts }: DiffResult): Promise<void> {
    this.wrote = true;
    const step = { target: this.target, sync: this.request.number, wave: this.nextWave, plan };
    const result = await this.written('prune', `delete ${counts.deleted} objects`, (s) =>
      longStep(s).prune({ ...step, timeoutMs: this.spec.health.timeoutMs }),
    );
    this.journal.pruned(result);
    throwFailure(result.failure);
  }

  /** @throws RollbackFailed when the cluster still differs from the set afterwards */
  async restore(set: HealthySet, { prune }: { prune: boolean }): Promise<RollbackResult> {
    this.wrote = true;
    this.applied = []; // of the set that failed
    const failedPlan = this.plan === undefined ? {} : { failedPlan: this.plan.plan };
    const step = { target: this.target, sync: this.request.number, wave: this.nextWave, manifests: set.manifests };
    const summary = `restore the set of sync-${set.sync} (${set.revision.slice(0, 8)})`;
    const result = await this.phase('rollback', summary, (s) =>
      longStep(s).rollback({ ...step, prune, ...failedPlan }),
    );
    this.journal.restored(set, result);
    if (result.verified) return result;
    throw phaseFailure('RollbackFailed', `after restoring sync-${set.sync} the cluster still differs from it`);
  }

  /** Keeps the closed record in the artifact store; the run ends with it even when the store does not answer. */
  async record(): Promise<SyncRecord> {
    const record = this.journal.close();
    const summary = `record ${record.id}: ${record.status}`;
    try {
      const store = () => briefStep(summary, (a) => a.record({ record }));
      const { report } = await withRetries(this.spec.retry, 'record', store);
      return { ...record, reports: [...record.reports, report] };
    } catch (error) {
      return { ...record, message: `${record.message}. This record could not be stored: ${failureOf(error).message}` };
    }
  }

  private planned(plan: DiffResult): DiffResult {
    this.plan = plan;
    this.journal.update({ changes: plan.counts, planDigest: plan.planDigest, diffReport: plan.report });
    return plan;
  }

  /** A phase that writes: whatever its attempts came to, their reports are kept, and the last one is the result. */
  private async written<T extends { readonly report: Digest; readonly failure?: WriteFailure }>(
    name: string,
    summary: string,
    run: (summary: string) => Promise<T>,
  ): Promise<T> {
    let last: T | undefined;
    try {
      return await this.phase(name, summary, async (s) => {
        last = undefined;
        last = await run(s);
        this.journal.keep(last.report);
        throwFailure(last.failure);
        return last;
      });
    } catch (error) {
      if (last?.failure === undefined || isCancellation(error)) throw error;
      return last;
    }
  }

  private async phase<T>(name: string, summary: string, run: (summary: string) => Promise<T>): Promise<T> {
    this.journal.begin(name, summary);
    try {
      return await withRetries(this.spec.retry, name, () => run(summary));
    } finally {
      this.journal.finish();
    }
  }
}

/** A wave that was begun and not finished: what was written is counted already. */
function throwFailure(failure: WriteFailure | undefined): void {
  if (failure !== undefined) throw phaseFailure(failure.code, failure.message, failure.hint);
}
