/**
 * Everything that writes goes through here: fenced, entered into the inventory first, and only what the plan says.
 */
import { Context } from '@temporalio/activity';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../adapters/cluster/cluster.js';
import { GitOpsError, hasCode } from '../domain/errors.js';
import { healthOf } from '../domain/health/rules.js';
import type { CustomHealth } from '../domain/health/status.js';
import { fenced, withObjects, withoutObjects, type Fence } from '../domain/inventory.js';
import type { ObjectReference } from '../domain/object.js';
import { writeWaves, type Plan, type PlannedObject, type PlannedWrite } from '../domain/plan.js';
import type { ObjectOutcome, Target } from '../domain/sync.js';
import { bounded } from './bounded.js';
import { InventoryStore } from './inventory-store.js';
import { allRefused } from './planner.js';
import { WriteGuard } from './write-guard.js';

export interface SessionRequest {
  readonly cluster: Cluster;
  readonly target: Target;
  readonly plan: Plan;
  readonly sync: number;
  readonly wave: number;
  readonly signal: AbortSignal;
  readonly customHealth?: CustomHealth | undefined;
}

/** What became of each object, and why not all of it could be done. */
export interface Written {
  readonly outcomes: readonly ObjectOutcome[];
  readonly failure?: GitOpsError;
}

const nothingRelated = { replicaSets: [], pods: [] } as const;

/** How long a new definition may take until its kind is served, in ms. */
const definitionDeadlineMs = 30_000;
const pollMs = { first: 50, longest: 1000 } as const;

export class WriteSession {
  private readonly store: InventoryStore;
  private readonly fence: Fence;

  private constructor(
    private readonly request: SessionRequest,
    private readonly guard: WriteGuard,
  ) {
    this.store = new InventoryStore(request.cluster, request.target.app, request.signal);
    this.fence = currentFence(request.sync, request.wave);
  }

  /** Runs `work` with a session; must be called in an activity. */
  static during<T>(request: SessionRequest, work: (session: WriteSession) => Promise<T>): Promise<T> {
    return WriteGuard.during((guard) => work(new WriteSession(request, guard)));
  }

  /**
   * Takes the fence and enters `objects` into the inventory, in one write.
   * @throws GitOpsError FenceLost when a later sync or attempt has taken it
   */
  async begin(objects: readonly ObjectReference[]): Promise<void> {
    const { inventoryNamespace, inventory: known, forget } = this.request.plan;
    this.guard.check();
    await this.store.update(
      inventoryNamespace,
      (inventory) => withObjects(withoutObjects(fenced(inventory, this.fence), forget), objects),
      this.isFirstWrite() ? known : undefined,
    );
  }

  /**
   * Applies the objects. Those that could not be dry-run in the diff are now, all of them before the first write. After
   * a failure, or a cancellation, nothing more is begun.
   * @throws GitOpsError before the first write, or when another attempt may have taken over
   */
  async apply(writes: readonly PlannedWrite[]): Promise<Written> {
    await this.rehearse(writes.filter((w) => w.deferred));
    const failures: GitOpsError[] = [];
    const outcomes = await bounded(writes, (write) => this.unlessStopped(write, failures, () => this.applyOne(write)));
    return failures.length === 0 ? { outcomes } : { outcomes, failure: applyFailed(failures, writes.length) };
  }

  /**
   * Deletes the objects and waits until they are gone, those of higher waves before the others are touched.
   * @throws GitOpsError when another attempt may have taken over
   */
  async delete(deletions: readonly PlannedObject[], deadline: number): Promise<Written> {
    const outcomes: ObjectOutcome[] = [];
    const failures: GitOpsError[] = [];
    for (const wave of [...new Set(deletions.map((d) => d.wave))].sort((a, b) => b - a)) {
      const those = deletions.filter((d) => d.wave === wave);
      const late = performance.now() >= deadline;
      const remove = (d: PlannedObject): Promise<ObjectOutcome> =>
        this.unlessStopped(d, failures, () => this.deleteOne(d, deadline));
      outcomes.push(...(late ? those.map(notReached) : await bounded(those, remove)));
    }
    return failures.length === 0 ? { outcomes } : { outcomes, failure: applyFailed(failures, deletions.length) };
  }

  /** Takes objects that were seen gone out of the inventory; the inventory itself goes with its application. */
  async forget(gone: readonly ObjectReference[]): Promise<void> {
    const { inventoryNamespace, forget, removesApplication } = this.request.plan;
    let left = 0;
    await this.store.update(inventoryNamespace, (inventory) => {
      const after = withoutObjects(fenced(inventory, this.fence), [...gone, ...forget]);
      left = after.objects.size;
      return after.objects.size === inventory.objects.size ? inventory : after;
    });
    if (removesApplication && left === 0) await this.store.remove(inventoryNamespace);
  }

  /** Later ones know that the inventory has changed since the plan. */
  private isFirstWrite(): boolean {
    const { plan, wave } = this.request;
    return this.fence.attempt === 1 && (writeWaves(plan.objects)[0]?.wave ?? wave) === wave;
  }

  private async rehearse(writes: readonly PlannedWrite[]): Promise<void> {
    const deadline = performance.now() + definitionDeadlineMs;
    const refused: GitOpsError[] = [];
    await bounded(writes, async (write) => {
      try {
        await this.untilServed(
          () => this.request.cluster.apply(write.desired, { ...this.options(write), dryRun: true }),
          deadline,
        );
      } catch (error) {
        if (!(error instanceof GitOpsError) || error.retryable) throw error;
        refused.push(error);
      }
    });
    if (refused.length > 0) throw applyFailed(refused, writes.length);
  }

  /** Until the kind of a definition applied a moment ago is served, the server knows nothing of it. */
  private async untilServed<T>(attempt: () => Promise<T>, deadline: number): Promise<T> {
    for (let pause: number = pollMs.first; ; pause = Math.min(pause * 2, pollMs.longest)) {
      try {
        return await attempt();
      } catch (error) {
        if (!hasCode(error, 'UnknownKind') || performance.now() > deadline) throw error;
        await delay(pause, undefined, { signal: this.request.signal });
      }
    }
  }

  /** One write, and what became of it. A request that was cut off by a cancellation may or may not have arrived. */
  private async unlessStopped(
    { reference: object }: PlannedObject,
    failures: GitOpsError[],
    write: () => Promise<ObjectOutcome>,
  ): Promise<ObjectOutcome> {
    const { signal } = this.request;
    if (failures.length > 0 || signal.aborted) return { object, outcome: 'skipped' };
    this.guard.check();
    try {
      return await write();
    } catch (error) {
      if (signal.aborted) return { object, outcome: 'failed', message: 'cut off by a cancellation' };
      if (!(error instanceof GitOpsError)) throw error;
      failures.push(error);
      return { object, outcome: 'failed', message: error.message };
    }
  }

  private async applyOne(write: PlannedWrite): Promise<ObjectOutcome> {
    const { reference, desired, action } = write;
    const { object } = await this.request.cluster.apply(desired, this.options(write));
    const outcome = action === 'create' ? 'created' : 'configured';
    const healthy = healthOf(object, nothingRelated, this.request.customHealth).status === 'Healthy';
    return { object: reference, outcome, ...(healthy ? { healthy } : {}) };
  }

  private options({ force, live }: PlannedWrite): Parameters<Cluster['apply']>[1] {
    const { signal } = this.request;
    return { signal, ...(force ? { force } : {}), ...(live === undefined ? {} : { uid: live.uid }) };
  }

  private async deleteOne({ reference, live }: PlannedObject, deadline: number): Promise<ObjectOutcome> {
    const { cluster, signal } = this.request;
    const uid = live?.uid ?? '';
    try {
      const { gone } = await cluster.delete(reference, { uid, signal });
      return gone || (await this.isGoneBy(reference, uid, deadline))
        ? { object: reference, outcome: 'deleted' }
        : held(reference);
    } catch (error) {
      if (hasCode(error, 'UnknownKind')) return { object: reference, outcome: 'deleted' };
      if (!hasCode(error, 'PlanOutdated')) throw error;
      return { object: reference, outcome: 'skipped', message: 'another object has taken its name since' };
    }
  }

  private async isGoneBy(reference: ObjectReference, uid: string, deadline: number): Promise<boolean> {
    const { cluster, signal } = this.request;
    for (let pause: number = pollMs.first; ; pause = Math.min(pause * 1.5, pollMs.longest)) {
      const live = await cluster.get(reference, { signal });
      if (live === undefined || live.metadata.uid !== uid) return true;
      if (performance.now() >= deadline) return false;
      await delay(pause, undefined, { signal });
    }
  }
}

function currentFence(sync: number, wave: number): Fence {
  const { attempt, workflowExecution, currentAttemptScheduledTimestampMs: scheduledAt } = Context.current().info;
  return { run: workflowExecution?.runId ?? '', sync, wave, attempt, scheduledAt };
}

/** Outcome message of what was deleted but is still there; prune lists these. */
export const stillThere = 'a finalizer or grace period holds it';

function held(object: ObjectReference): ObjectOutcome {
  return { object, outcome: 'skipped', message: stillThere };
}

function notReached({ reference }: PlannedObject): ObjectOutcome {
  return { object: reference, outcome: 'skipped', message: 'not deleted yet: others have to go first' };
}

function applyFailed(failures: readonly GitOpsError[], total: number): GitOpsError {
  const { code, message, hint } = allRefused(failures, total);
  const text = message.replace('cannot be applied; nothing was written', 'could not be applied');
  return new GitOpsError(code === 'ObjectInvalid' ? 'ApplyFailed' : code, text, hint === undefined ? {} : { hint });
}
