/**
 * The health of a whole set over time: when it is good, when it is bad for good, and when to go on waiting.
 */
import type { HealthStatus } from '../application.js';
import { formatDuration } from '../duration.js';
import { keyOf, type ObjectReference } from '../object.js';
import type { ObjectHealth } from '../sync.js';
import { compareHealth, worstOf, type Verdict } from './status.js';

/** Statuses in which nothing more is to come. A suspended object stays as it is until a person resumes it. */
const settled: ReadonlySet<HealthStatus> = new Set(['Healthy', 'Suspended']);

export interface Assessment {
  readonly status: HealthStatus;
  readonly healthy: number;
  readonly total: number;
  /** Worst first. */
  readonly unhealthy: readonly ObjectHealth[];
}

export type Outlook = 'settled' | 'failed' | 'waiting';

export function assess(verdicts: Iterable<readonly [ObjectReference, Verdict]>): Assessment {
  const all = [...verdicts].map(([object, { status, message }]): ObjectHealth => ({ object, status, message }));
  return {
    status: worstOf(all.map((o) => o.status)),
    healthy: all.filter((o) => o.status === 'Healthy').length,
    total: all.length,
    unhealthy: all.filter((o) => o.status !== 'Healthy').sort((a, b) => compareHealth(b.status, a.status)),
  };
}

/**
 * Remembers since when each object has been degraded. An object that is degraded, restarts and is degraded again was
 * never well in between: only a Healthy verdict clears its clock.
 */
export class DegradedClock {
  private readonly since = new Map<string, number>();
  /** Keys of those that were degraded when last judged. */
  private degraded: readonly string[] = [];

  constructor(private readonly graceMs: number) {}

  /** @param now ms on any clock that only goes forward */
  judge({ unhealthy }: Assessment, now: number): Outlook {
    const present = new Set(unhealthy.map((o) => keyOf(o.object)));
    for (const key of this.since.keys()) if (!present.has(key)) this.since.delete(key);
    this.degraded = unhealthy.filter((o) => o.status === 'Degraded').map((o) => keyOf(o.object));
    for (const key of this.degraded) if (!this.since.has(key)) this.since.set(key, now);
    if (this.degraded.some((key) => now - (this.since.get(key) ?? now) >= this.graceMs)) return 'failed';
    return unhealthy.every((o) => settled.has(o.status)) ? 'settled' : 'waiting';
  }

  /** When the next verdict of `failed` may fall due, ms on the same clock; undefined when nothing is degraded. */
  nextDeadline(): number | undefined {
    const since = this.degraded.map((key) => this.since.get(key) ?? Infinity);
    return since.length === 0 ? undefined : Math.min(...since) + this.graceMs;
  }
}

/** What was healthy only now and then is not healthy: everything has to be settled for a while, without a break. */
export class StableWindow {
  private since: number | undefined;
  /** What broke the last window, or held up the first. */
  private breaker: ObjectHealth | undefined;

  constructor(private readonly stableMs: number) {}

  /** @param now ms on the clock of `DegradedClock` */
  holds(outlook: Outlook, { unhealthy }: Assessment, now: number): boolean {
    if (outlook !== 'settled') {
      this.since = undefined;
      this.breaker = unhealthy[0] ?? this.breaker;
      return false;
    }
    this.since ??= now;
    return now - this.since >= this.stableMs;
  }

  /** When the window is over unless something breaks it; undefined while nothing is settled. */
  nextDeadline(): number | undefined {
    return this.since === undefined ? undefined : this.since + this.stableMs;
  }

  /** The assessment of a set that was settled when the time was up, but not for long enough. */
  cutShort(assessment: Assessment): Assessment {
    if (this.since === undefined) return assessment;
    const message = `it was not healthy for ${formatDuration(this.stableMs)} without a break`;
    const unhealthy = this.breaker === undefined ? [] : [{ ...this.breaker, status: 'Progressing', message } as const];
    return { ...assessment, status: 'Progressing', unhealthy: [...unhealthy, ...assessment.unhealthy] };
  }
}
