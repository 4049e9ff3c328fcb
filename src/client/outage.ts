/**
 * Whoever waits from outside outlives a Temporal, or a worker, that is started anew meanwhile.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from '../domain/errors.js';

/** How long nobody may answer in a row, in ms. */
const longestMs = 30_000;
const pollMs = 300;

/** gRPC: invalid argument, permission denied, failed precondition, unimplemented, unauthenticated. Asking again is in vain. */
const refusals: ReadonlySet<unknown> = new Set([3, 7, 9, 12, 16]);

export interface Patience {
  /** Not longer than that, in ms of `Date.now()`. */
  readonly until?: number;
  readonly signal?: AbortSignal | undefined;
  /** In the place of half a minute. */
  readonly outageMs?: number;
}

/**
 * Asks, and asks again while Temporal does not answer; `ask` must be safe to repeat.
 * @throws GitOpsError TemporalUnavailable after half a minute of it; anything else at once; AbortError by the signal
 */
export async function outliving<T>(ask: () => Promise<T>, patience: Patience = {}): Promise<T> {
  const { until = Infinity, signal, outageMs = longestMs } = patience;
  let since: number | undefined;
  for (;;) {
    const asked = Date.now();
    try {
      return await ask();
    } catch (error) {
      if (!isOutage(error)) throw error;
      const now = Date.now();
      // An ask that hung for so long (for the end of a sync) was listened to until a moment ago.
      if (since === undefined || now - asked > outageMs) since = now;
      if (now - since >= outageMs || now >= until) throw error;
    }
    await pause(pollMs, undefined, signal === undefined ? {} : { signal });
  }
}

function isOutage(error: unknown): boolean {
  if (!hasCode(error, 'TemporalUnavailable')) return false;
  const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
  return !refusals.has(code);
}
