/**
 * The phases of a sync, one method each: an activity under the application's retry policy, and what the journal keeps
 * of it. Which phase follows which, and what a result means, is decided in `sync.ts`.
 */
import { CancellationScope, CancelledFailure, patched, type ActivityOptions } from '@temporalio/workflow';
import type { ApplicationSpec, HealthPolicy } from '../domain/application.js';
import type { Digest } from '../domain/digest.js';
import { acceptedAfter } from '../domain/drift/accepted-set.js';
import { describeReference, type ObjectReference } from '../domain/object.js';
import {
  fenceWave,
  type DiffInput,
  type DiffResult,
  type HealthCheckInput,
  type HealthCheckResult,
  type RecordInput,
  type RenderResult,
  type RollbackResult,
  type WaveSummary,
} from '../domain/sync.js';
import type { SyncRecord } from '../domain/sync-record.js';
import { targetOf, type Target } from '../domain/target.js';
import type { HealthySet, NumberedRequest, SyncInput } from './messages.js';
import { phaseFailure } from './phase-failure.js';
import { throwFailure, type Phases } from './phases.js';
import { askedWith, ownWindows } from './sources.js';
import { briefStep, longStep, sizedStep } from './steps.js';
import { storeRecord } from './store-record.js';
import type { SyncJournal } from './sync-journal.js';

type ShellHookMoment = 'pre-sync' | 'post-sync';

export type RestoredSet = Pick<HealthySet, 'sync' | 'revision' | 'manifests'>;

export interface Selection {
  readonly resources?: readonly string[];
}

/** Most sets are healthy that soon; only the others need an activity that waits. */
const soonMs = 1000;

/** A verdict that is never to be had at once. */
function takesTime({ stableMs = 0, checks = [] }: Partial<HealthPolicy>): boolean {
  return stableMs > 0 || checks.length > 0;
}

export class SyncSteps {
  /** How many plans the current one replaces; their waves lie behind. */
  replans = 0;
  /** Stages whose hooks were awaited. */
  readonly settled = new Set<string>();
  /** From the first write on, a failure leaves traces in the cluster. */
  wrote = false;
  /** Objects of a wave that a cancellation left out. */
  notWritten: readonly ObjectReference[] = [];
  private readonly spec: ApplicationSpec;
  private readonly request: NumberedRequest;
  private readonly target: Target;
  private readonly writeOptions: Partial<ActivityOptions>;
  /** What this run set out to do. */
  plan: DiffResult | undefined;
  private nextWave = 1;
  /** Reports of the waves applied since the last set was known: what health need not read again. */
  private applied: Digest[] = [];

  constructor(
    private readonly input: SyncInput,
    private readonly journal: SyncJournal,
    private readonly phases: Phases,
  ) {
    const { spec, request, rules } = input;
    this.spec = spec;
    this.writeOptions = rules === undefined ? {} : { cancellationType: 'WAIT_CANCELLATION_COMPLETED' };
    this.request = request;
    this.target = targetOf(spec);
  }

  /** A rollback by hand is dry-run before its first write, so that what the server refuses changes nothing. */
  get plansRollbacks(): boolean {
    return (this.input.rules ?? 0) >= 3;
  }

  /** The objects this run is about, when somebody named some. */
  get selection(): Selection {
    const { resources } = this.request;
    return resources === undefined ? {} : { resources };
  }

  diff({ manifests, policies, objects, warnings }: RenderResult): Promise<DiffResult> {
    const noted = warnings.length === 0 ? {} : { warnings };
    return this.compare(manifests, { ...noted, ...askedWith(this.spec, { policies }) }, objects);
  }

  /** Of a set that a person returns to, with its hooks: what policies say may not block that. */
  diffOfRollback({ manifests }: HealthySet): Promise<DiffResult> {
    return this.compare(manifests, { ungoverned: true });
  }

  private async compare(manifests: Digest, governed: Partial<DiffInput>, objects = 0): Promise<DiffResult> {
    const { prune = this.spec.prune, number: sync } = this.request;
    const { revision = '' } = this.journal.record();
    const asked = { ...governed, ...ownWindows(this.spec), ...this.selection };
    const first = this.wouldPruneUnseen ? { firstSync: true as const } : {};
    const input = { target: this.target, manifests, revision, prune, sync, ...first, ...asked };
    const plan = await this.phases.run('diff', 'dry-run every object and compare with the cluster', (s) =>
      sizedStep(s, this.input.rules === undefined ? 0 : objects, (a) => a.diff(input)),
    );
    return this.planned(plan);
  }

  /**
   * An inventory may be older than what the engine remembers: its database was lost, or another one had the application.
   * Nothing of it is pruned before a sync of the engine's own has written, unless a person asks for it or approves it (F6).
   */
  private get wouldPruneUnseen(): boolean {
    const { standsOn, healthySets, request, spec } = this.input;
    const asked = request.prune !== undefined || spec.approval !== undefined;
    return !asked && standsOn.revision === undefined && healthySets.length === 0;
  }

  /** For a run that makes no plan. */
  lookAtWindows(): Promise<Pick<DiffResult, 'closed'>> {
    const input = { target: this.target, ...ownWindows(this.spec) };
    return this.phases.run('gate', 'look whether a window is closed', (s) =>
      briefStep(s, (a) => a.lookAtWindows(input)),
    );
  }

  /** Whether anything of this run is in the cluster: a step that was refused as a whole leaves nothing. */
  get leftTraces(): boolean {
    const { metrics } = this.journal.record();
    return metrics.applied + metrics.deleted + this.settled.size > 0;
  }

  /** @param lastSet whose hooks run around the deletion */
  async planDeletion(lastSet: RestoredSet | undefined): Promise<DiffResult> {
    const { number: sync } = this.request;
    const hooksOf = lastSet === undefined ? {} : { hooksOf: lastSet.manifests, revision: lastSet.revision, sync };
    const plan = await this.phases.run('diff', 'plan the deletion of all objects', (s) =>
      longStep(s).planDeletion({ target: this.target, ...hooksOf }),
    );
    return this.planned(plan);
  }

  /** Each line runs once, in order; the first that fails ends it. @throws HookFailed, NotAllowed */
  async hooks(moment: ShellHookMoment): Promise<void> {
    const lines = moment === 'pre-sync' ? this.spec.preSyncHooks : this.spec.postSyncHooks;
    const { revision = '', id } = this.journal.record();
    for (const line of lines) {
      await this.phases.run(moment, `${moment} hook: ${line}`, (s) =>
        longStep(s, { retry: { maximumAttempts: 1 } }).runHook({ target: this.target, line, revision, sync: id }),
      );
    }
  }

  async backup({ plan, counts }: DiffResult): Promise<void> {
    const objects = counts.updated + counts.deleted;
    if (objects === 0) return;
    const input = { target: this.target, plan };
    const brief = patched('brief-backup');
    const { backup } = await this.phases.run('backup', `back up ${objects} live objects`, (s) =>
      brief ? sizedStep(s, objects, (a) => a.backup(input)) : longStep(s).backup(input),
    );
    if (this.journal.record().backup === undefined) this.journal.update({ backup });
    else this.journal.keep(backup); // of a plan that replaced another
  }

  /** Writes one stage, and starts its hooks. */
  async apply({ plan }: DiffResult, stage: WaveSummary): Promise<void> {
    const { wave, objects, hooks = 0 } = stage;
    if (objects + hooks === 0) return;
    this.wrote = true;
    this.nextWave = fenceWave(wave, this.replans) + 1;
    const done = this.hooksDone(stage);
    const summary = `apply ${nameOf(stage)}: ${objects} objects${hooks === 0 ? '' : `, ${hooks} hooks`}`;
    const result = await this.phases.written('apply', summary, (s) =>
      this.write(s).apply({ ...this.stage(plan, wave), ...done }),
    );
    this.applied.push(result.report);
    this.journal.count(result.failure?.replan ? { ...result, failed: 0 } : result);
    throwFailure(result.failure);
    if (result.notWritten !== undefined) this.notWritten = result.notWritten;
    throwIfCancelled();
  }

  /** Waits for one stage: its objects to be healthy, its hooks to be done. */
  async settle({ plan }: DiffResult, stage: WaveSummary): Promise<HealthCheckResult> {
    const { manifests = '' } = this.journal.record();
    const check = { manifests, stage: { plan, wave: stage.wave, ...this.hooksDone(stage) } };
    const health = await this.healthy(`wait for ${nameOf(stage)}`, check);
    if (stage.hooks !== undefined) this.settled.add(nameOf(stage));
    return health;
  }

  /** Takes hooks away that are over. */
  async finishHooks({ plan }: DiffResult, stage: WaveSummary, all: boolean): Promise<void> {
    const step = { ...this.stage(plan, stage.wave), ...(all ? { all } : {}) };
    const result = await this.phases.written('hooks', `take away the hooks of ${nameOf(stage)}`, (s) =>
      this.write(s).finishHooks(step),
    );
    throwFailure(result.failure);
  }

  /** A plan that replaces another runs no hook again. */
  private hooksDone(stage: WaveSummary): { readonly hooksDone?: true } {
    return this.replans > 0 && this.settled.has(nameOf(stage)) ? { hooksDone: true } : {};
  }

  private stage(plan: Digest, wave: number) {
    const round = this.replans === 0 ? {} : { replans: this.replans };
    return { target: this.target, sync: this.request.number, wave, plan, ...round };
  }

  /**
   * @param selection what to look at, default the whole set
   * @returns undefined when the application wants no health check
   */
  async healthCheck(manifests: string, selection: Selection = {}): Promise<HealthCheckResult | undefined> {
    const { enabled, timeoutMs: _timeout, degradedGraceMs: _grace, ...beyond } = this.spec.health;
    if (!enabled) return undefined;
    const health = await this.healthy('wait until every object is healthy', { manifests, ...beyond, ...selection });
    this.journal.update({ health: health.status, healthChecks: { healthy: health.healthy, total: health.total } });
    return health;
  }

  async prune(plan: DiffResult): Promise<void> {
    if (plan.counts.deleted > 0 || plan.onlyForgets) await this.delete(plan);
  }

  /** Even with nothing to delete it brings the inventory up to date. */
  async delete({ plan, counts }: DiffResult): Promise<void> {
    this.wrote = true;
    const step = { target: this.target, sync: this.request.number, wave: this.nextWave, plan };
    const result = await this.phases.written('prune', `delete ${counts.deleted} objects`, (s) =>
      this.write(s).prune({ ...step, timeoutMs: this.spec.health.timeoutMs }),
    );
    this.journal.pruned(result);
    throwFailure(result.failure);
    throwIfCancelled();
  }

  /** @throws RollbackFailed when the cluster still differs from the set afterwards */
  async restore(set: RestoredSet, options: { prune: boolean; heal?: true }): Promise<RollbackResult> {
    this.wrote = true;
    this.applied = []; // of the set that failed
    const failedPlan = this.plan === undefined ? {} : { failedPlan: this.plan.plan };
    const step = { target: this.target, sync: this.request.number, wave: this.nextWave, manifests: set.manifests };
    const summary = `restore the set of sync-${set.sync} (${set.revision.slice(0, 8)})`;
    const result = await this.phases.written('rollback', summary, (s) =>
      this.write(s).rollback({ ...step, ...options, ...failedPlan }),
    );
    this.journal.restored(set, result);
    if (result.verified) return result;
    const { code = 'RollbackFailed', message = 'the cluster still differs from it', hint } = result.failure ?? {};
    throw phaseFailure(code, `${message}${notRestored(result)}`, hint);
  }

  /** What should be live from now on, when that is news. */
  private acceptedNow(record: SyncRecord): Pick<RecordInput, 'accepted'> {
    const { accepted: before, healthySets } = this.input;
    const accepted = acceptedAfter(before, this.request, record, healthySets, this.target.destination);
    return accepted === before ? {} : { accepted: accepted ?? null };
  }

  /** Keeps the closed record in the artifact store; the run ends with it even when the store does not answer. */
  record(): Promise<SyncRecord> {
    const record = this.journal.close();
    return storeRecord(this.spec.retry, { record, ...this.acceptedNow(record) });
  }

  private planned(plan: DiffResult): DiffResult {
    this.plan = plan;
    const hooks = plan.waves.reduce((sum, stage) => sum + (stage.hooks ?? 0), 0);
    this.journal.update({
      changes: plan.counts,
      planDigest: plan.planDigest,
      diffReport: plan.report,
      ...(hooks === 0 ? {} : { hooks }),
    });
    return plan;
  }

  private healthy(summary: string, what: Omit<HealthCheckInput, 'target' | 'timeoutMs' | 'degradedGraceMs'>) {
    const { timeoutMs, degradedGraceMs } = this.spec.health;
    const check = { target: this.target, timeoutMs, degradedGraceMs, applied: this.applied, ...what };
    const options = { startToCloseTimeout: timeoutMs + 60_000 };
    return this.phases.run('health', summary, async (s) => {
      if (takesTime(what)) return longStep(s, options).healthCheck(check);
      const soon = await briefStep(s, (a) => a.healthCheck({ ...check, timeoutMs: Math.min(timeoutMs, soonMs) }));
      return soon.timedOut && timeoutMs > soonMs ? longStep(s, options).healthCheck(check) : soon;
    });
  }

  /** The activities that write; a person who cancels one waits for its report. */
  private write(summary: string): ReturnType<typeof longStep> {
    return longStep(summary, this.writeOptions);
  }
}

function notRestored({ applied, deleted, notRestored: left = [] }: RollbackResult): string {
  if (left.length === 0) return '';
  return `. Restored: ${applied + deleted} objects; not restored: ${left.map(describeReference).join(', ')}`;
}

/** `wave 2`, `PreSync wave 0`: the words users know a stage by. */
function nameOf({ phase, syncWave = 0 }: WaveSummary): string {
  return phase === undefined ? `wave ${syncWave}` : `${phase} wave ${syncWave}`;
}

/** What was cancelled reports like anything else; but nothing follows. */
function throwIfCancelled(): void {
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Cancelled');
}
