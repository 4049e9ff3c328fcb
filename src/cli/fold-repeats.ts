/**
 * What comes again and again, said once: the rounds of a loop that asks until an answer changes.
 */
export interface Fold<T> {
  /** One round. */
  readonly items: readonly T[];
  /** How many rounds there are, 1 for what is not repeated. */
  readonly times: number;
}

/** A round is no longer than this, and comes at least so often before it is folded. */
const longest = 8;
const least = 3;

/** @param keyOf equal for what looks the same */
export function foldRepeats<T>(items: readonly T[], keyOf: (item: T) => string): Fold<T>[] {
  const keys = items.map(keyOf);
  const folds: Fold<T>[] = [];
  for (let at = 0; at < items.length;) {
    const { length, times } = roundAt(keys, at);
    folds.push({ items: items.slice(at, at + length), times });
    at += length * times;
  }
  return folds;
}

/** The shortest round that begins there. */
function roundAt(keys: readonly string[], at: number): { length: number; times: number } {
  for (let length = 1; length <= longest; length++) {
    const times = timesOf(keys, at, length);
    if (times >= least) return { length, times };
  }
  return { length: 1, times: 1 };
}

function timesOf(keys: readonly string[], at: number, length: number): number {
  let end = at + length;
  while (end < keys.length && keys[end] === keys[end - length]) end++;
  return Math.floor((end - at) / length);
}
