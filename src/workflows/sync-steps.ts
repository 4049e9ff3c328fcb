/**
 * The phases of a sync, one method each: an activity under the application's retry policy, and what the journal keeps
 * of it. Which phase follows which, and what a result means, is decided in `sync.ts`.
 */
import { CancellationScope, CancelledFailure, isCancellation, type ActivityOptions } from '@temporalio/workflow';
import type { ApplicationSpec, FurtherSource, HealthPolicy } from '../domain/application.js';
import {
  fenceWave,
  type ClonedSource,
  type CloneResult,
  type DiffInput,
  type DiffResult,
  type HealthCheckInput,
  type HealthCheckResult,
  type RecordInput,
  type RenderResult,
  type RollbackResult,
  type WaveSummary,
  type WriteFailure,
} from '../domain/sync.js';
import { targetOf, type Target } from '../domain/target.js';
import type { Digest } from '../domain/digest.js';
import type { SyncRecord } from '../domain/sync-record.js';
import { describeReference, type ObjectReference } from '../domain/object.js';
import { acceptedAfter } from '../domain/drift/accepted-set.js';
import type { HealthySet, NumberedRequest, PromotedSet, SyncInput } from './messages.js';
import { phaseFailure } from './phase-failure.js';
import { failureOf, withRetries } from './retry.js';
import { briefStep, longStep, sizedStep } from './steps.js';
import {
  askedWith,
  clonedSource,
  cloneInput,
  ownWindows,
  renderInput,
  renderStep,
  revisionsOf,
  type Cloned,
} from './sources.js';
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
  /** A step that writes ended without a report: its worker was lost, or it had hardly begun. */
  unreported = false;
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

  async clone(): Promise<Cloned> {
    const commit = await this.cloneOne(this.spec, this.request.revision);
    this.journal.update({ revision: commit.revision, tree: commit.tree });
    const further: ClonedSource[] = [];
    for (const one of this.spec.further ?? []) further.push(clonedSource(one, await this.cloneOne(one)));
    if (further.length === 0) return commit;
    this.journal.update({ revisions: revisionsOf({ ...commit, further }) });
    return { ...commit, further };
  }

  private cloneOne(one: FurtherSource, revision?: string): Promise<CloneResult> {
    const { path, branch } = one.source;
    return this.phase('clone', `clone ${path} at ${revision ?? branch}`, (s) =>
      briefStep(s, (a) => a.clone(cloneInput(one, revision))),
    );
  }

  async render(commit: Cloned): Promise<RenderResult> {
    const summary = `render ${this.spec.source.path} at ${commit.revision.slice(0, 8)}`;
    const rendered = await this.phase('render', summary, (s) =>
      renderStep(s, commit, (a) => a.render(renderInput(this.spec, commit))),
    );
    this.journal.update({ manifests: rendered.manifests });
    if (rendered.warnings.length > 0) this.journal.update({ warnings: rendered.warnings });
    return rendered;
  }

  /** The set of another environment in the place of a commit's. */
  async moveSet({ manifests, from }: PromotedSet): Promise<RenderResult> {
    const { policies } = this.spec;
    const own = policies === undefined ? {} : { policies };
    const input = { manifests, from, to: this.target, ...own };
    const moved = await this.phase('render', `take over the objects of ${from.appName}`, (s) =>
      briefStep(s, (a) => a.moveSet(input)),
    );
    const { revision } = this.request;
    this.journal.update({ manifests: moved.manifests, ...(revision === undefined ? {} : { revision }) });
    return moved;
  }

  diff({ manifests, policies, objects }: RenderResult): Promise<DiffResult> {
    return this.compare(manifests, askedWith(this.spec, { policies }), objects);
  }

  /** Of a set that a person returns to, with its hooks: what policies say may not block that. */
  diffOfRollback({ manifests }: HealthySet): Promise<DiffResult> {
    return this.compare(manifests, { ungoverned: true });
  }

  private async compare(manifests: Digest, governed: Partial<DiffInput>, objects = 0): Promise<DiffResult> {
    const { prune = this.spec.prune, number: sync } = this.request;
    const { revision = '', warnings } = this.journal.record();
    const noted = warnings === undefined ? {} : { warnings };
    const asked = { ...noted, ...governed, ...ownWindows(this.spec), ...this.selection };
    const first = this.wouldPruneUnseen ? { firstSync: true as const } : {};
    const input = { target: this.target, manifests, revision, prune, sync, ...first, ...asked };
    const plan = await this.phase('diff', 'dry-run every object and compare with the cluster', (s) =>
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
    return this.phase('gate', 'look whether a window is closed', (s) => briefStep(s, (a) => a.lookAtWindows(input)));
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
    const plan = await this.phase('diff', 'plan the deletion of all objects', (s) =>
      longStep(s).planDeletion({ target: this.target, ...hooksOf }),
    );
    return this.planned(plan);
  }

  /** Each line runs once, in order; the first that fails ends it. @throws HookFailed, NotAllowed */
  async hooks(moment: ShellHookMoment): Promise<void> {
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
    const result = await this.written('apply', summary, (s) =>
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
    const result = await this.written('hooks', `take away the hooks of ${nameOf(stage)}`, (s) =>
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
    const result = await this.written('prune', `delete ${counts.deleted} objects`, (s) =>
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
    const result = await this.written('rollback', summary, (s) =>
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
    return this.phase('health', summary, async (s) => {
      if (takesTime(what)) return longStep(s, options).healthCheck(check);
      const soon = await briefStep(s, (a) => a.healthCheck({ ...check, timeoutMs: Math.min(timeoutMs, soonMs) }));
      return soon.timedOut && timeoutMs > soonMs ? longStep(s, options).healthCheck(check) : soon;
    });
  }

  /**
   * A phase that writes: whatever its attempts came to, their reports are kept. What one of them has written stays written
   * when the next one cannot begin, so the result is the last one, with no less written than any before.
   */
  private async written<T extends Reported>(
    name: string,
    summary: string,
    run: (summary: string) => Promise<T>,
  ): Promise<T> {
    let last: T | undefined;
    let reported: T | undefined;
    try {
      return await this.phase(name, summary, async (s) => {
        last = undefined;
        last = reported = notLess(await run(s), reported);
        this.journal.keep(last.report);
        throwFailure(last.failure);
        return last;
      });
    } catch (error) {
      this.unreported = last === undefined;
      if (reported === undefined || isCancellation(error)) throw error;
      return last?.failure === undefined ? { ...reported, failure: failureOf(error) } : last;
    }
  }

  /** The activities that write; a person who cancels one waits for its report. */
  private write(summary: string): ReturnType<typeof longStep> {
    return longStep(summary, this.writeOptions);
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

/** Of a step that writes. */
interface Reported {
  readonly report: Digest;
  readonly failure?: WriteFailure;
  readonly applied?: number;
  readonly deleted?: number;
}

function notLess<T extends Reported>(result: T, before: Reported = result): T {
  const { applied = 0, deleted = 0 } = result;
  return {
    ...result,
    applied: Math.max(applied, before.applied ?? 0),
    deleted: Math.max(deleted, before.deleted ?? 0),
  };
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

/** A wave that was begun and not finished: what was written is counted already. */
function throwFailure(failure: WriteFailure | undefined): void {
  if (failure === undefined) return;
  const { code, message, hint, replan } = failure;
  throw phaseFailure(code, message, hint, replan === undefined ? {} : { replan });
}
