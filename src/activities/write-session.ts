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
import { nothingRelated } from '../domain/health/status.js';
import {
  firstWrittenStage,
  type Plan,
  type PlannedHook,
  type PlannedObject,
  type PlannedWrite,
} from '../domain/plan.js';
import { fenceWave, type ObjectOutcome } from '../domain/sync.js';
import type { Target } from '../domain/target.js';
import { bounded } from './bounded.js';
import { finishHook, startHook } from './hook-run.js';
import { hookRun } from '../domain/hooks.js';
import { InventoryStore } from './inventory-store.js';
import { deleteObject, type DeletionContext } from './object-deletion.js';
import { allRefused } from './refusals.js';
import { WriteGuard } from './write-guard.js';
import { writeObject } from './write-object.js';

export interface SessionRequest {
  readonly cluster: Cluster;
  readonly target: Target;
  readonly plan: Plan;
  readonly sync: number;
  readonly wave: number;
  /** See ApplyInput. */
  readonly replans?: number;
  readonly signal: AbortSignal;
  readonly customHealth?: CustomHealth | undefined;
}

/** What became of each object, and why not all of it could be done. */
export interface Written {
  readonly outcomes: readonly ObjectOutcome[];
  readonly failure?: GitOpsError;
}

/** How long a new definition may take until its kind is served, in ms. */
const definitionDeadlineMs = 30_000;
/** How long a hook that is deleted may take to be gone, in ms. */
const hookDeletionMs = 60_000;
const pollMs = { first: 50, longest: 1000 } as const;

export class WriteSession {
  private readonly store: InventoryStore;
  private readonly fence: Fence;

  private constructor(
    private readonly request: SessionRequest,
    private readonly guard: WriteGuard,
  ) {
    this.store = new InventoryStore(request.cluster, request.target.app, request.signal);
    this.fence = currentFence(request.sync, fenceWave(request.wave, request.replans));
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
    return this.writeAll(writes, (write) => this.applyOne(write));
  }

  /** Makes the hooks of this stage, each once however often this is tried. */
  async startHooks(hooks: readonly PlannedHook[]): Promise<Written> {
    try {
      await this.rehearse(hooks.filter((h) => h.deferred));
    } catch (failure) {
      if (failure instanceof GitOpsError && !failure.retryable) return { outcomes: [], failure };
      throw failure;
    }
    const run = (hook: PlannedHook): string => hookRun(this.fence.run, hook.phase);
    return this.writeAll(hooks, (hook) =>
      startHook(hook, run(hook), this.deletion(performance.now() + hookDeletionMs)),
    );
  }

  /** @param all deletes them whatever their policies say */
  finishHooks(hooks: readonly PlannedHook[], all: boolean): Promise<Written> {
    const context = this.deletion(performance.now() + hookDeletionMs);
    return this.writeAll(hooks, (hook) => finishHook(hook, all, context, this.request.customHealth));
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
        this.unlessStopped(d, failures, () => deleteObject(d, this.deletion(deadline)));
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
    return this.fence.attempt === 1 && (firstWrittenStage(plan.objects) ?? wave) === wave;
  }

  private deletion(deadline: number): DeletionContext {
    const { cluster, signal } = this.request;
    return { cluster, signal, deadline };
  }

  private async writeAll<T extends PlannedObject>(
    objects: readonly T[],
    write: (object: T) => Promise<ObjectOutcome>,
  ): Promise<Written> {
    const failures: GitOpsError[] = [];
    const outcomes = await bounded(objects, (o) => this.unlessStopped(o, failures, () => write(o)));
    return failures.length === 0 ? { outcomes } : { outcomes, failure: applyFailed(failures, objects.length) };
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
    const { reference, action, recreate } = write;
    const object = await writeObject(this.request.cluster, write, this.request.signal);
    const outcome = action === 'create' ? 'created' : 'configured';
    const healthy = healthOf(object, nothingRelated, this.request.customHealth).status === 'Healthy';
    return {
      object: reference,
      outcome,
      ...(healthy ? { healthy } : {}),
      ...(recreate ? { recreated: true as const } : {}),
    };
  }

  private options({ force, live }: PlannedWrite): Parameters<Cluster['apply']>[1] {
    const { signal } = this.request;
    return { signal, ...(force ? { force } : {}), ...(live === undefined ? {} : { uid: live.uid }) };
  }
}

function currentFence(sync: number, wave: number): Fence {
  const { attempt, workflowExecution, currentAttemptScheduledTimestampMs: scheduledAt } = Context.current().info;
  return { run: workflowExecution?.runId ?? '', sync, wave, attempt, scheduledAt };
}

function notReached({ reference }: PlannedObject): ObjectOutcome {
  return { object: reference, outcome: 'skipped', message: 'not deleted yet: others have to go first' };
}

function applyFailed(failures: readonly GitOpsError[], total: number): GitOpsError {
  const { code, message, hint } = allRefused(failures, total);
  const text = message.replace('cannot be applied; nothing was written', 'could not be applied');
  return new GitOpsError(code === 'ObjectInvalid' ? 'ApplyFailed' : code, text, hint === undefined ? {} : { hint });
}
