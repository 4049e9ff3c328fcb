/**
 * Whoever waits from outside outlives a Temporal, or a worker, that is started anew meanwhile.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from '../domain/errors.js';

/** How long nobody may answer in a row, in ms. */
const longestMs = 30_000;
const pollMs = 300;

/**
 * Asks, and asks again while Temporal does not answer; `ask` must be safe to repeat.
 * @param until no later than that, in ms of `Date.now()`
 * @throws GitOpsError TemporalUnavailable after half a minute of it; anything else at once
 */
export async function outliving<T>(ask: () => Promise<T>, until = Infinity): Promise<T> {
  const deadline = Math.min(until, Date.now() + longestMs);
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!hasCode(error, 'TemporalUnavailable') || Date.now() >= deadline) throw error;
    }
    await pause(pollMs);
  }
}
