/**
 * One sync, read as its phases. Started by the application workflow, which gives it a number; ends with a SyncRecord
 * whatever happens, so that every run leaves exactly one terminal record.
 */
import { CancellationScope, isCancellation, setHandler } from '@temporalio/workflow';
import type { ApplicationSpec } from '../domain/application.js';
import { chooseRollback } from '../domain/rollback-choice.js';
import type { DiffResult, HealthCheckResult, SyncRecord } from '../domain/sync.js';
import { progressQuery, type HealthySet, type SyncInput } from './messages.js';
import { healthFailure, phaseFailure, policyViolation, shrinkHeld } from './phase-failure.js';
import { failureOf } from './retry.js';
import { SyncJournal } from './sync-journal.js';
import { SyncSteps } from './sync-steps.js';

export async function sync(input: SyncInput): Promise<SyncRecord> {
  const run = new SyncRun(input);
  setHandler(progressQuery, () => run.journal.record());
  return run.toRecord();
}

class SyncRun {
  readonly journal: SyncJournal;
  private readonly spec: ApplicationSpec;
  private readonly steps: SyncSteps;

  constructor(private readonly input: SyncInput) {
    this.spec = input.spec;
    this.journal = new SyncJournal(input);
    this.steps = new SyncSteps(input, this.journal);
  }

  async toRecord(): Promise<SyncRecord> {
    try {
      await this.operations[this.input.request.operation ?? 'sync']();
    } catch (error) {
      await CancellationScope.nonCancellable(() => this.failed(error));
    }
    return CancellationScope.nonCancellable(() => this.steps.record());
  }

  private readonly operations = {
    sync: () => this.sync(),
    rollback: () => this.manualRollback(),
    delete: () => this.remove(),
  };

  // The phases of each operation

  private async sync(): Promise<void> {
    const commit = await this.steps.clone();
    const rendered = await this.steps.render(commit);
    const plan = await this.steps.diff(rendered);
    this.gate(plan);
    if (this.input.request.dryRun) return this.journal.succeed('Dry run completed, nothing was written');
    await this.steps.hooks('pre-sync');
    await this.steps.backup(plan);
    await this.steps.apply(plan);
    const health = await this.steps.healthCheck(rendered.manifests, this.steps.selection);
    this.requireHealthy(health);
    await this.steps.prune(plan);
    this.judge(health);
    await this.afterwards();
  }

  private async manualRollback(): Promise<void> {
    const { request, healthySets, standsOn } = this.input;
    const set = chooseRollback(request.target ?? { to: 'previous' }, healthySets, standsOn);
    this.journal.update({ revision: set.revision, manifests: set.manifests });
    const { changes, warnings = [] } = await this.steps.restore(set, { prune: true });
    if (changes !== undefined) this.journal.update({ changes });
    const health = await this.steps.healthCheck(set.manifests);
    this.requireHealthy(health);
    this.judge(health);
    for (const warning of warnings) this.journal.note(`Warning: ${warning}`);
  }

  private async remove(): Promise<void> {
    const plan = await this.steps.planDeletion();
    await this.steps.backup(plan);
    await this.steps.delete(plan);
    if (this.journal.record().status === 'running') this.journal.succeed('All objects deleted');
  }

  // Verdicts

  /** What may go no further: conflicts nobody resolved, what policies forbid and, with strict validation, warnings. */
  private gate({ conflicts, warnings, violations = [], shrink }: DiffResult): void {
    if (conflicts.length > 0) {
      const hint = 'set conflict_resolution, or give the fields up in the manifest';
      throw phaseFailure('FieldConflict', conflicts.join('; '), hint);
    }
    if (violations.length > 0) throw policyViolation(violations);
    if (shrink !== undefined && this.input.request.allowShrink !== true) throw shrinkHeld(shrink);
    if (this.spec.validationRequired && warnings.length > 0)
      throw phaseFailure('SyncFailed', `validation_required: ${warnings.join('; ')}`);
  }

  private requireHealthy(health: HealthCheckResult | undefined): void {
    if (health === undefined || health.status === 'Healthy' || this.spec.failureMode === 'ignore') return;
    throw healthFailure(health);
  }

  private judge(health: HealthCheckResult | undefined): void {
    if (this.journal.record().status !== 'running') return;
    const degraded = health !== undefined && health.status !== 'Healthy';
    this.journal.succeed(degraded ? `Sync completed, health is ${health.status}` : 'Sync completed successfully');
  }

  /** A failing post hook warns: what it follows is done and healthy. */
  private async afterwards(): Promise<void> {
    try {
      await this.steps.hooks('post-sync');
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.journal.note(`Warning: ${failureOf(error).message}`);
    }
  }

  // Failure and rollback

  /** Runs in a scope that cannot be cancelled: what was begun in the cluster is brought to a known state. */
  private async failed(error: unknown): Promise<void> {
    if (isCancellation(error)) return this.journal.cancelled(this.steps.wrote);
    const failure = failureOf(error);
    this.journal.fail(failure);
    const undo = this.steps.wrote && this.spec.failureMode === 'rollback';
    if (undo && (this.input.request.operation ?? 'sync') === 'sync') await this.rollBack(failure.message);
  }

  private async rollBack(reason: string): Promise<void> {
    const set = this.input.healthySets.at(-1);
    if (set === undefined)
      return this.journal.note('There is no earlier healthy set to roll back to; the objects are left as they are');
    if (set.manifests === this.journal.record().manifests)
      return this.journal.note(`The set of sync-${set.sync}, which was healthy, is the same; the objects are left`);
    try {
      await this.steps.restore(set, { prune: false });
      this.journal.rolledBack(set, reason);
      await this.healthAfterRollback(set);
    } catch (error) {
      this.journal.rollbackFailed(set, failureOf(error));
    }
  }

  /** The set is back whatever its health turns out to be: an outage now leaves that unknown. */
  private async healthAfterRollback({ manifests }: HealthySet): Promise<void> {
    if (!this.spec.health.enabled) return;
    this.journal.update({ health: 'Unknown' });
    try {
      await this.steps.healthCheck(manifests);
    } catch (error) {
      this.journal.note(`Its health could not be read: ${failureOf(error).message}`);
    }
  }
}
