/**
 * One sync, read as its phases. Started by the application workflow, which gives it a number; ends with a SyncRecord
 * whatever happens, so that every run leaves exactly one terminal record.
 */
import { CancellationScope, isCancellation, setHandler } from '@temporalio/workflow';
import type { ApplicationSpec } from '../domain/application.js';
import type { HookMoment } from '../domain/object-options.js';
import { chooseRollback } from '../domain/rollback-choice.js';
import type { DiffResult, HealthCheckResult, RenderResult, WaveSummary } from '../domain/sync.js';
import type { SyncRecord } from '../domain/sync-record.js';
import { Announcer } from './announcer.js';
import { progressQuery, type HealthySet, type SyncInput } from './messages.js';
import { healthFailure, hookFailure, phaseFailure, policyViolation, shrinkHeld } from './phase-failure.js';
import { Phases } from './phases.js';
import { failureOf, type Failure } from './retry.js';
import { Superseded, SyncGate } from './sync-gate.js';
import { SyncJournal, type ReturnStage } from './sync-journal.js';
import { SyncSources } from './sync-sources.js';
import { SyncSteps } from './sync-steps.js';

export async function sync(input: SyncInput): Promise<SyncRecord> {
  const run = new SyncRun(input);
  setHandler(progressQuery, () => run.journal.record());
  return run.toRecord();
}

interface Return {
  readonly set: HealthySet;
  readonly stage: ReturnStage;
}

/** Somebody who changes the same fields again and again is no match for planning. */
const mostReplans = 2;

class SyncRun {
  readonly journal: SyncJournal;
  private readonly spec: ApplicationSpec;
  private readonly phases: Phases;
  private readonly sources: SyncSources;
  private readonly steps: SyncSteps;
  private readonly announcer: Announcer;
  private readonly gate: SyncGate;
  /** A failure now leaves the set where it is. */
  private stays = false;
  /** The set a rollback by hand is on its way to. */
  private returning: Return | undefined;

  constructor(private readonly input: SyncInput) {
    this.spec = input.spec;
    this.journal = new SyncJournal(input);
    this.phases = new Phases(input.spec.retry, this.journal);
    this.sources = new SyncSources(input, this.journal, this.phases);
    this.steps = new SyncSteps(input, this.journal, this.phases);
    this.announcer = new Announcer(input, this.journal.record().startedAt);
    this.gate = new SyncGate(input, this.journal, this.announcer);
    this.gate.listen();
  }

  async toRecord(): Promise<SyncRecord> {
    try {
      await this.operations[this.input.request.operation ?? 'sync']();
    } catch (error) {
      const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
      await CancellationScope.nonCancellable(() => this.failed(error, cancelled));
      if (this.input.frozen && !this.steps.wrote) this.journal.update({ freezes: true });
    }
    return CancellationScope.nonCancellable(() => this.end());
  }

  private async end(): Promise<SyncRecord> {
    await this.announcer.ended();
    const record = await this.steps.record();
    await this.gate.tellEnd(record);
    return record;
  }

  private readonly operations = {
    sync: () => this.sync(),
    rollback: () => this.manualRollback(),
    delete: () => this.remove(),
    heal: () => this.heal(),
  };

  // The phases of each operation

  private async sync(): Promise<void> {
    const rendered = await this.rendered();
    const first = await this.plan(rendered);
    if (this.input.request.dryRun) return this.journal.succeed('Dry run completed, nothing was written');
    const plan = await this.gate.pass(first, () => this.plan(rendered));
    await this.steps.hooks('pre-sync');
    const done = await this.carryOut(plan, rendered);
    const health = await this.steps.healthCheck(rendered.manifests, this.steps.selection);
    this.requireHealthy(health);
    await this.prune(done);
    await this.stages(done, 'PostSync');
    this.judge(health);
    await this.afterwards();
  }

  /** From the commit, unless the very objects of another environment were asked for. */
  private async rendered(): Promise<RenderResult> {
    const { set } = this.input.request;
    if (set !== undefined) return this.sources.moveSet(set);
    const commit = await this.sources.clone();
    this.announcer.begin(commit.revision);
    return this.sources.render(commit);
  }

  /** Where the cluster has moved on since the plan was made, a new one takes its place, gated like the first. */
  private async carryOut(first: DiffResult, rendered: RenderResult): Promise<DiffResult> {
    let plan = first;
    for (;;) {
      try {
        await this.steps.backup(plan);
        await this.stages(plan, 'PreSync', 'Sync');
        return plan;
      } catch (error) {
        if (failureOf(error).replan === undefined || this.steps.replans === mostReplans) throw error;
        this.steps.replans++;
        plan = await this.planAgain(rendered);
      }
    }
  }

  private async plan(rendered: RenderResult): Promise<DiffResult> {
    const plan = await this.steps.diff(rendered);
    this.letThrough(plan);
    return plan;
  }

  private async planAgain(rendered: RenderResult): Promise<DiffResult> {
    const plan = await this.plan(rendered);
    if (!this.steps.leftTraces) return this.gate.pass(plan, () => this.plan(rendered));
    this.gate.requireApproved(plan);
    return plan;
  }

  /** The set is live and healthy by now: what cannot be deleted is no reason to take it back. */
  private async prune(plan: DiffResult): Promise<void> {
    this.stays = true;
    await this.steps.prune(plan);
    this.stays = false;
  }

  private async manualRollback(): Promise<void> {
    const { request, healthySets, standsOn } = this.input;
    const set = chooseRollback(request.target ?? { to: 'previous' }, healthySets, standsOn);
    this.journal.update({ revision: set.revision, manifests: set.manifests });
    this.returning = { set, stage: 'planned' };
    const plan = set.hooks || this.steps.plansRollbacks ? await this.steps.diffOfRollback(set) : undefined;
    if (plan) this.gate.passByHand(plan);
    if (plan) await this.stages(plan, 'PreSync');
    this.returning = { set, stage: 'restoring' };
    const { changes, warnings = [] } = await this.steps.restore(set, { prune: true });
    this.returning = { set, stage: 'restored' };
    if (changes !== undefined) this.journal.update({ changes });
    const health = await this.steps.healthCheck(set.manifests);
    this.requireHealthy(health);
    if (plan) await this.stages(plan, 'PostSync');
    this.judge(health);
    for (const warning of warnings) this.journal.note(`Warning: ${warning}`);
  }

  /** The accepted set is put back over drift: without git, without hooks, and looked at again afterwards. */
  private async heal(): Promise<void> {
    const { accepted, request } = this.input;
    if (accepted === undefined) throw phaseFailure('NothingToRollBackTo', 'no set is known that should be live');
    this.journal.update({ revision: accepted.revision, manifests: accepted.manifests });
    await this.gate.passHeal(() => this.steps.lookAtWindows());
    const { applied, changes } = await this.steps.restore(accepted, { prune: false, heal: true });
    if (changes !== undefined) this.journal.update({ changes });
    this.requireHealthy(await this.steps.healthCheck(accepted.manifests));
    this.journal.succeed(applied === 0 ? 'The drift was over by itself' : `Drift corrected: ${request.why ?? ''}`);
  }

  private async remove(): Promise<void> {
    const plan = await this.steps.planDeletion(this.input.healthySets.at(-1));
    if (plan.violations !== undefined) {
      const hint =
        'correct the hooks and sync again, or keep the objects: sloth-runner app delete NAME --keep-resources';
      throw policyViolation(plan.violations, false, hint);
    }
    await this.steps.backup(plan);
    await this.stages(plan, 'PreDelete');
    await this.steps.delete(plan);
    await this.stages(plan, 'PostDelete');
    if (this.journal.record().status === 'running') this.journal.succeed('All objects deleted');
  }

  /** Stage by stage: written, and where others rely on it or hooks run, awaited. */
  private async stages(plan: DiffResult, ...phases: readonly HookMoment[]): Promise<void> {
    for (const stage of plan.waves.filter(({ phase = 'Sync' }) => phases.includes(phase))) {
      await this.steps.apply(plan, stage);
      if (stage.settles && (this.spec.health.enabled || stage.hooks !== undefined)) await this.settle(plan, stage);
    }
  }

  private async settle(plan: DiffResult, stage: WaveSummary): Promise<void> {
    const health = await this.steps.settle(plan, stage);
    const hook = health.unhealthy.find((o) => o.hook);
    const around = stage.phase === 'PreDelete' || stage.phase === 'PostDelete';
    const all = around && hook === undefined; // one that failed stays as its policies say: somebody will want to see why
    if (stage.cleanup || all) await this.steps.finishHooks(plan, stage, all);
    if (hook !== undefined) throw hookFailure(stage, hook, health.timedOut);
    this.requireHealthy(health);
  }

  // Verdicts

  /** What may go no further: conflicts nobody resolved, what policies forbid and, with strict validation, warnings. */
  private letThrough({ conflicts, warnings, violations = [], shrink }: DiffResult): void {
    if (conflicts.length > 0) {
      const hint = 'set conflict_resolution, or give the fields up in the manifest';
      throw phaseFailure('FieldConflict', conflicts.join('; '), hint);
    }
    if (violations.length > 0) throw policyViolation(violations, this.steps.wrote);
    if (shrink !== undefined && this.input.request.allowShrink !== true) throw shrinkHeld(shrink, this.steps.wrote);
    if (this.spec.validationRequired && warnings.length > 0)
      throw phaseFailure('SyncFailed', `validation_required: ${warnings.join('; ')}`);
  }

  private requireHealthy(health: HealthCheckResult | undefined): void {
    if (health === undefined || health.status === 'Healthy' || this.spec.failureMode === 'ignore') return;
    if (health.settled) return; // what somebody suspended is as it should be
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
  private async failed(error: unknown, cancelled: boolean): Promise<void> {
    if (cancelled) {
      const { wrote, notWritten } = this.steps;
      return this.journal.cancelled({ wrote, notWritten, unreported: this.phases.unreported });
    }
    if (error instanceof Superseded) return this.journal.superseded(error.message);
    const failure = failureOf(error);
    if (this.returning !== undefined) return this.returnFailed(this.returning, failure);
    this.journal.fail(failure);
    if (!this.steps.wrote || (this.input.request.operation ?? 'sync') !== 'sync') return;
    await this.tellFailure();
    if (this.spec.failureMode === 'rollback' && !this.stays) await this.rollBack(failure.message);
  }

  /** Before the first write of a rollback by hand nothing has changed; after it, nobody knows what is where. */
  private returnFailed({ set, stage }: Return, failure: Failure): void {
    if (!this.steps.plansRollbacks && stage !== 'restoring') return this.journal.fail(failure);
    if (this.steps.wrote) return this.journal.returnFailed(set, stage, failure);
    this.journal.fail({
      ...failure,
      message: `Not rolled back to sync-${set.sync}, nothing was written: ${failure.message}`,
    });
  }

  private async tellFailure(): Promise<void> {
    const { plan } = this.steps;
    try {
      if (plan !== undefined) await this.stages(plan, 'SyncFail');
    } catch (error) {
      this.journal.note(`Warning: ${failureOf(error).message}`);
    }
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
      this.journal.rollbackFailed(set, failureOf(error), this.journal.record().message);
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
