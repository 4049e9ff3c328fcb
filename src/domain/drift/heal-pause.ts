/**
 * How long a correction of drift waits. Whoever changes an object again and again may be a controller that will never
 * stop, so each correction in a row waits longer: 2 s, 6 s, 18 s ... 5 minutes, as Argo CD does.
 */

export interface Corrections {
  /** In a row. */
  readonly count: number;
  /** When the last one ended, RFC 3339. */
  readonly at: string;
  /** What it corrected, as the drift named it. */
  readonly objects: readonly string[];
}

const firstMs = 2000;
const factor = 3;
const longestMs = 300_000;
/** Longer than the longest pause and a sweep: a fight does not end by waiting. */
const quietMs = 600_000;
/** After so many corrections in a row somebody else wants it otherwise. */
const fightAfter = 5;

/** The pause after `count` corrections in a row; none before the first. */
export function healPauseMs(count: number): number {
  return count === 0 ? 0 : Math.min(longestMs, firstMs * factor ** (count - 1));
}

/** How many of them still count at `now`, in ms. */
export function inARow(corrections: Corrections | undefined, now: number): number {
  if (corrections === undefined || now - Date.parse(corrections.at) > quietMs) return 0;
  return corrections.count;
}

/** How long to wait from `now` on until drift may be corrected. */
export function remainingPauseMs(corrections: Corrections | undefined, now: number): number {
  const count = inARow(corrections, now);
  if (corrections === undefined || count === 0) return 0;
  return Math.max(0, Date.parse(corrections.at) + healPauseMs(count) - now);
}

/** One more; the count starts anew after ten quiet minutes. */
export function corrected(before: Corrections | undefined, now: number, objects: readonly string[]): Corrections {
  return { count: inARow(before, now) + 1, at: new Date(now).toISOString(), objects };
}

/** Objects of the drift that were corrected more than five times in a row and differ again. */
export function foughtOver(corrections: Corrections | undefined, now: number, drifted: readonly string[]): string[] {
  if (corrections === undefined || inARow(corrections, now) <= fightAfter) return [];
  return drifted.filter((object) => corrections.objects.includes(object));
}
