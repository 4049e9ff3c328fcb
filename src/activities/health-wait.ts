/**
 * Waits for the health of a set: reads every object once, then looks through shared watches at those that are not
 * healthy yet, and only then, when a workload is slow, at its pods.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Selection } from '../adapters/cluster/cluster.js';
import type { SharedWatches, Unsubscribe } from '../adapters/cluster/shared-watch.js';
import { assess, DegradedClock, StableWindow, type Assessment } from '../domain/health/assessment.js';
import { healthOf } from '../domain/health/rules.js';
import { healthy, missing, unknown, type CustomHealth, type Related, type Verdict } from '../domain/health/status.js';
import { hookVerdict } from '../domain/hooks.js';
import { wantedReplicas } from '../domain/health/workloads.js';
import type { GitOpsError } from '../domain/errors.js';
import { keyOf, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import { isNewer } from '../domain/resource-version.js';
import { bounded } from './bounded.js';
import { groupByCollection, LiveObjects, managedSelector } from './live-objects.js';
import { PodIndex } from './pod-index.js';

export interface HealthWaitRequest {
  readonly cluster: Cluster;
  readonly watches: SharedWatches;
  /** As the set wants them, with their namespaces. */
  readonly objects: readonly KubernetesObject[];
  readonly references: readonly ObjectReference[];
  /** Keys of objects that have to be done, not only healthy. */
  readonly hooks?: ReadonlySet<string>;
  /** Keys of objects known to be healthy: they are not read. */
  readonly healthy?: ReadonlySet<string>;
  readonly degradedGraceMs: number;
  /** For how long all must be healthy without a break. */
  readonly stableMs?: number | undefined;
  /** Rules of the operator's own. */
  readonly custom?: CustomHealth | undefined;
  /** On the clock of `performance.now`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly onProgress: (assessment: Assessment) => void;
}

export interface HealthWaitResult extends Assessment {
  readonly timedOut: boolean;
}

/** Rollouts shorter than this need no look at their pods. */
const podsAfterMs = 1000;
/** Changes that come together are judged together. */
const settleMs = 20;
/** What a watch does not tell (an object that lost our label, a connection that died in silence) is read again. */
const rereadMs = 15_000;
/** Until what could not be read is tried again. */
const afterFailureMs = 1000;

interface Watched {
  readonly reference: ObjectReference;
  readonly desired: KubernetesObject;
  live: KubernetesObject | undefined;
  verdict: Verdict;
}

export class HealthWait {
  private readonly watched = new Map<string, Watched>();
  private readonly subscriptions = new Map<string, Unsubscribe>();
  private readonly doubtful = new Set<string>();
  private readonly pods = new PodIndex();
  private readonly startedAt = performance.now();
  private rereadAt = this.startedAt + rereadMs;
  private refusal: GitOpsError | undefined;
  /** Something was told since the last judgement. */
  private news = false;
  private endPause: () => void = () => undefined;

  private constructor(private readonly request: HealthWaitRequest) {
    request.references.forEach((reference, i) => {
      const desired = request.objects[i] as KubernetesObject;
      const key = keyOf(reference);
      const verdict = request.healthy?.has(key) && !request.hooks?.has(key) ? healthy() : unknown('not read yet');
      this.watched.set(key, { reference, desired, live: undefined, verdict });
    });
  }

  /**
   * Resolves when everything is settled, when something has been degraded for the grace period, or at the deadline.
   * @throws GitOpsError when the cluster cannot be read at the start, or refuses to be
   */
  static async run(request: HealthWaitRequest): Promise<HealthWaitResult> {
    const wait = new HealthWait(request);
    try {
      return await wait.untilOver();
    } finally {
      for (const unsubscribe of wait.subscriptions.values()) unsubscribe();
    }
  }

  private async untilOver(): Promise<HealthWaitResult> {
    const clock = new DegradedClock(this.request.degradedGraceMs);
    const window = new StableWindow(this.request.stableMs ?? 0);
    await this.read(this.unsettled());
    for (;;) {
      const assessment = this.judge();
      const now = performance.now();
      const outlook = clock.judge(assessment, now);
      this.request.onProgress(assessment);
      if (outlook === 'failed' || window.holds(outlook, assessment, now)) return { ...assessment, timedOut: false };
      if (now >= this.request.deadline) return { ...window.cutShort(assessment), timedOut: true };
      this.watchUnsettled(now);
      await this.change(Math.min(clock.nextDeadline() ?? Infinity, window.nextDeadline() ?? Infinity));
      await this.readDoubtful();
    }
  }

  private judge(): Assessment {
    this.news = false;
    for (const one of this.watched.values()) if (one.verdict.status !== 'Healthy') one.verdict = this.verdictOf(one);
    return assess([...this.watched.values()].map(({ reference, verdict }) => [reference, verdict] as const));
  }

  private verdictOf({ live, desired, reference }: Watched): Verdict {
    if (this.request.hooks?.has(keyOf(reference)))
      return live ? hookVerdict(live, this.relatedTo(live), this.request.custom) : missing('the hook does not exist');
    if (live !== undefined) return healthOf(live, this.relatedTo(live), this.request.custom);
    return vanishesWhenDone(desired) ? healthy('completed and removed') : missing('it does not exist');
  }

  private relatedTo(live: KubernetesObject): Related {
    return this.pods.relatedTo(live.metadata.uid ?? '');
  }

  private unsettled(): Watched[] {
    return [...this.watched.values()].filter(
      ({ verdict: { status } }) => status !== 'Healthy' && status !== 'Suspended',
    );
  }

  private watchUnsettled(now: number): void {
    const unsettled = this.unsettled();
    const watched = this.request.stableMs ? [...this.watched.values()] : unsettled;
    for (const { selection } of groupByCollection(watched.map((u) => u.reference)).values()) {
      this.subscribe(
        { ...selection, labelSelector: managedSelector },
        this.ownChanged,
        (error) => (this.refusal ??= error),
      );
    }
    if (now - this.startedAt < podsAfterMs) return;
    const slow = unsettled.filter(({ live }) => live !== undefined && (wantedReplicas(live) ?? 0) > 0);
    for (const namespace of new Set(slow.map(({ reference }) => reference.namespace ?? ''))) {
      // Without the right to see pods the verdict comes later, from the workload's own deadline.
      this.subscribe({ apiVersion: 'v1', kind: 'Pod', namespace }, this.podChanged, () => undefined);
      this.subscribe({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace }, this.podChanged, () => undefined);
    }
  }

  private subscribe(selection: Selection, changed: OnChange, refused: (error: GitOpsError) => void): void {
    const key = JSON.stringify(selection);
    if (this.subscriptions.has(key)) return;
    this.subscriptions.set(key, () => undefined); // objects may arrive before `subscribe` returns
    const subscriber = { changed, refused: (error: GitOpsError) => (refused(error), this.wake()) };
    this.subscriptions.set(key, this.request.watches.subscribe(this.request.cluster, selection, subscriber));
  }

  private readonly ownChanged: OnChange = (key, object) => {
    const one = this.watched.get(key);
    if (one === undefined) return;
    if (object === undefined) this.doubtful.add(key);
    else if (isNewer(object.metadata.resourceVersion, one.live?.metadata.resourceVersion)) this.update(one, object);
    this.wake();
  };

  private readonly podChanged: OnChange = (key, object) => {
    this.pods.changed(key, object);
    this.wake();
  };

  private wake(): void {
    this.news = true;
    this.endPause();
  }

  private update(one: Watched, live: KubernetesObject | undefined): void {
    one.live = live;
    one.verdict = this.verdictOf(one);
  }

  /** Until something changes, or it is time to look anyway. */
  private async change(verdictDue: number): Promise<void> {
    if (this.refusal) throw this.refusal;
    const now = performance.now();
    const podsDue = now - this.startedAt < podsAfterMs ? this.startedAt + podsAfterMs : Infinity;
    if (!this.news) await this.pause(Math.min(this.request.deadline, verdictDue, podsDue, this.rereadAt) - now);
    await delay(settleMs, undefined, { signal: this.request.signal });
  }

  /** Ends early when `endPause` is called. */
  private pause(ms: number): Promise<void> {
    const { signal } = this.request;
    return new Promise((resolve, reject) => {
      const stop = (): void => (clearTimeout(timer), reject(signal.reason));
      const finish = (): void => (signal.removeEventListener('abort', stop), clearTimeout(timer), resolve());
      const timer = setTimeout(finish, Math.max(0, ms));
      this.endPause = finish;
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  private async readDoubtful(): Promise<void> {
    const due = performance.now() >= this.rereadAt;
    if (due) this.rereadAt = performance.now() + rereadMs;
    const doubtful = [...this.doubtful].flatMap((key) => this.watched.get(key) ?? []);
    this.doubtful.clear();
    await this.readAgain(due ? [...new Set([...doubtful, ...this.unsettled()])] : doubtful);
  }

  /** The first reading has to succeed; later ones may fail as the watch may, and are tried again. */
  private async readAgain(those: readonly Watched[]): Promise<void> {
    try {
      await this.read(those);
    } catch (error) {
      if (!(error as Partial<GitOpsError>).retryable) throw error;
      for (const { reference } of those) this.doubtful.add(keyOf(reference));
      this.rereadAt = performance.now() + afterFailureMs;
    }
  }

  private async read(those: readonly Watched[]): Promise<void> {
    const { cluster, signal } = this.request;
    const live = await LiveObjects.prepare(
      cluster,
      those.map((one) => one.reference),
      signal,
    );
    await bounded(those, async (one) => this.update(one, await live.find(one.reference)));
  }
}

type OnChange = (key: string, object: KubernetesObject | undefined) => void;

/** A Job that removes itself when it is done: gone means done. */
function vanishesWhenDone({ kind, spec }: KubernetesObject): boolean {
  return (
    kind === 'Job' && (spec as { ttlSecondsAfterFinished?: number } | undefined)?.ttlSecondsAfterFinished !== undefined
  );
}
