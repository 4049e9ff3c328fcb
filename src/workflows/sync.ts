/**
 * One sync, read as its phases. Started by the application workflow, which gives it a number; ends with a SyncRecord
 * whatever happens, so that every run leaves exactly one terminal record.
 */
import { CancellationScope, isCancellation, setHandler } from '@temporalio/workflow';
import type { ApplicationSpec } from '../domain/application.js';
import { chooseRollback } from '../domain/rollback-choice.js';
import {
  targetOf,
  type ApplyResult,
  type CloneResult,
  type DiffResult,
  type HealthCheckResult,
  type RenderResult,
  type SyncRecord,
} from '../domain/sync.js';
import { progressQuery, type HealthySet, type SyncInput } from './messages.js';
import { failureOf, withRetries } from './retry.js';
import { longStep, quickStep } from './steps.js';
import { SyncJournal } from './sync-journal.js';
import { healthFailure, phaseFailure } from './phase-failure.js';

export async function sync(input: SyncInput): Promise<SyncRecord> {
  const run = new SyncRun(input);
  setHandler(progressQuery, () => run.journal.record());
  return run.toRecord();
}

/** The phases share what the earlier ones found out; nothing else lives here. */
class SyncRun {
  readonly journal: SyncJournal;
  private readonly spec: ApplicationSpec;
  private plan: DiffResult | undefined;
  private nextWave = 1;
  /** From the first write on, a failure leaves traces in the cluster. */
  private wrote = false;

  constructor(private readonly input: SyncInput) {
    this.spec = input.spec;
    this.journal = new SyncJournal(input);
  }

  async toRecord(): Promise<SyncRecord> {
    try {
      await this.operations[this.input.request.operation ?? 'sync']();
    } catch (error) {
      await CancellationScope.nonCancellable(() => this.failed(error));
    }
    return CancellationScope.nonCancellable(() => this.store());
  }

  private readonly operations = {
    sync: () => this.sync(),
    rollback: () => this.manualRollback(),
    delete: () => this.remove(),
  };

  // The phases of each operation

  private async sync(): Promise<void> {
    const commit = await this.clone();
    const rendered = await this.render(commit);
    const plan = await this.diff(rendered.manifests);
    this.gate(plan);
    if (this.input.request.dryRun) return this.journal.succeed('Dry run completed, nothing was written');
    await this.backup(plan);
    for (const { wave, objects } of plan.waves) await this.apply(plan, wave, objects);
    const health = await this.healthCheck(rendered.manifests);
    await this.prune(plan);
    this.judge(health);
  }

  private async manualRollback(): Promise<void> {
    const { request, healthySets, standsOn } = this.input;
    const set = chooseRollback(request.target ?? { to: 'previous' }, healthySets, standsOn);
    this.journal.update({ revision: set.revision, manifests: set.manifests });
    await this.restore(set, true);
    this.judge(await this.healthCheck(set.manifests));
  }

  private async remove(): Promise<void> {
    const plan = await this.phase('diff', 'plan the deletion of all objects', (s) =>
      longStep(s).planDeletion({ target: targetOf(this.spec) }),
    );
    this.planned(plan);
    await this.backup(plan);
    await this.prune(plan);
    if (this.journal.record().status === 'running') this.journal.succeed('All objects deleted');
  }

  // One method a phase

  private async clone(): Promise<CloneResult> {
    const { source } = this.spec;
    const { revision } = this.input.request;
    const commit = await this.phase('clone', `clone ${source.path} at ${revision ?? source.branch}`, (s) =>
      longStep(s).clone(revision === undefined ? { source } : { source, revision }),
    );
    this.journal.update({ revision: commit.revision, tree: commit.tree });
    return commit;
  }

  private async render({ revision, archive }: CloneResult): Promise<RenderResult> {
    const { source, createNamespace } = this.spec;
    const rendered = await this.phase('render', `render ${source.path} at ${revision.slice(0, 8)}`, (s) =>
      longStep(s).render({ target: targetOf(this.spec), source, revision, archive, createNamespace }),
    );
    this.journal.update({ manifests: rendered.manifests });
    return rendered;
  }

  private async diff(manifests: string): Promise<DiffResult> {
    const { prune, resources } = this.input.request;
    const plan = await this.phase('diff', 'dry-run every object and compare with the cluster', (s) =>
      longStep(s).diff({
        target: targetOf(this.spec),
        manifests,
        prune: prune ?? this.spec.prune,
        ...(resources === undefined ? {} : { resources }),
      }),
    );
    this.planned(plan);
    return plan;
  }

  private planned(plan: DiffResult): void {
    this.plan = plan;
    this.journal.update({ changes: plan.counts, planDigest: plan.planDigest, diffReport: plan.report });
  }

  /** What may go no further: conflicts nobody resolved and, with strict validation, warnings. */
  private gate(plan: DiffResult): void {
    if (plan.conflicts.length > 0) {
      throw phaseFailure(
        'FieldConflict',
        plan.conflicts.join('; '),
        'set conflict_resolution, or give the fields up in the manifest',
      );
    }
    if (this.spec.validationRequired && plan.warnings.length > 0) {
      throw phaseFailure('SyncFailed', `validation_required: ${plan.warnings.join('; ')}`);
    }
  }

  private async backup(plan: DiffResult): Promise<void> {
    const objects = plan.counts.updated + plan.counts.deleted;
    if (objects === 0) return;
    const { backup } = await this.phase('backup', `back up ${objects} live objects`, (s) =>
      longStep(s).backup({ target: targetOf(this.spec), plan: plan.plan }),
    );
    this.journal.update({ backup });
  }

  private async apply(plan: DiffResult, wave: number, objects: number): Promise<void> {
    this.wrote = true;
    this.nextWave = wave + 1;
    const result: ApplyResult = await this.phase('apply', `apply wave ${wave}: ${objects} objects`, (s) =>
      longStep(s).apply({ target: targetOf(this.spec), sync: this.input.request.number, wave, plan: plan.plan }),
    );
    this.journal.count(result);
  }

  private async healthCheck(manifests: string): Promise<HealthCheckResult | undefined> {
    const { enabled, timeoutMs, degradedGraceMs } = this.spec.health;
    if (!enabled) return undefined;
    const options = { startToCloseTimeout: timeoutMs + 60_000 };
    const health = await this.phase('health', 'wait until every object is healthy', (s) =>
      longStep(s, options).healthCheck({ target: targetOf(this.spec), manifests, timeoutMs, degradedGraceMs }),
    );
    this.journal.update({ health: health.status, healthChecks: { healthy: health.healthy, total: health.total } });
    if (health.status !== 'Healthy' && this.spec.failureMode !== 'ignore') throw healthFailure(health);
    return health;
  }

  private async prune(plan: DiffResult): Promise<void> {
    if (plan.counts.deleted === 0) return;
    this.wrote = true;
    const wave = this.nextWave;
    const result = await this.phase('prune', `delete ${plan.counts.deleted} objects`, (s) =>
      longStep(s).prune({
        target: targetOf(this.spec),
        sync: this.input.request.number,
        wave,
        plan: plan.plan,
        timeoutMs: this.spec.health.timeoutMs,
      }),
    );
    this.journal.count(
      { applied: 0, skipped: 0, failed: 0, conflictsResolved: 0, report: result.report },
      result.deleted,
    );
    if (result.waiting.length > 0) this.journal.waitForPrune(result.waiting);
  }

  private judge(health: HealthCheckResult | undefined): void {
    if (this.journal.record().status !== 'running') return;
    const degraded = health !== undefined && health.status !== 'Healthy';
    this.journal.succeed(degraded ? `Sync completed, health is ${health.status}` : 'Sync completed successfully');
  }

  // Failure and rollback

  /** Runs in a scope that cannot be cancelled: what was begun in the cluster is brought to a known state. */
  private async failed(error: unknown): Promise<void> {
    if (isCancellation(error)) return this.journal.cancelled(this.wrote);
    const failure = failureOf(error);
    this.journal.fail(failure);
    if (!this.wrote || this.spec.failureMode !== 'rollback' || this.input.request.operation === 'delete') return;
    await this.rollBack(failure.message);
  }

  private async rollBack(reason: string): Promise<void> {
    const set = this.input.healthySets.findLast((s) => s.manifests !== this.journal.record().manifests);
    if (set === undefined)
      return this.journal.note('There is no earlier healthy set to roll back to; the objects are left as they are');
    try {
      await this.restore(set, false);
      this.journal.rolledBack(set, reason);
    } catch (error) {
      this.journal.rollbackFailed(set, failureOf(error));
    }
  }

  private async restore(set: HealthySet, prune: boolean): Promise<void> {
    const failedPlan = this.plan === undefined ? {} : { failedPlan: this.plan.plan };
    const wave = this.nextWave;
    this.wrote = true;
    const result = await this.phase(
      'rollback',
      `restore the set of sync-${set.sync} (${set.revision.slice(0, 8)})`,
      (s) =>
        longStep(s).rollback({
          target: targetOf(this.spec),
          sync: this.input.request.number,
          wave,
          manifests: set.manifests,
          prune,
          ...failedPlan,
        }),
    );
    this.journal.restored(set, result);
    if (!result.verified)
      throw phaseFailure('RollbackFailed', `after restoring sync-${set.sync} the cluster still differs from it`);
  }

  // Bookkeeping

  private async phase<T>(name: string, summary: string, run: (summary: string) => Promise<T>): Promise<T> {
    this.journal.begin(name, summary);
    try {
      return await withRetries(this.spec.retry, name, () => run(summary));
    } finally {
      this.journal.finish();
    }
  }

  private async store(): Promise<SyncRecord> {
    const record = this.journal.close();
    const { report } = await quickStep(`record ${record.id}: ${record.status}`).record({ record });
    return { ...record, reports: [...record.reports, report] };
  }
}
