/**
 * Which steps of one run are steps of another: the longest common order, equal arguments preferred.
 */
import { canonicalJson } from '../../domain/canonical-json.js';
import type { RecordedStep } from './recording.js';

/** Where a step stands in the script: what two runs of it have in common. */
export function siteOf(step: Pick<RecordedStep, 'call' | 'line' | 'workflow' | 'task' | 'hook' | 'attempt'>): string {
  const { call, line, workflow, task, hook, attempt } = step;
  return JSON.stringify([call, line, workflow, task, hook, attempt]);
}

const known = new WeakMap<RecordedStep, Key>();

function keyOf(step: RecordedStep): Key {
  const key = known.get(step) ?? makeKey(step);
  known.set(step, key);
  return key;
}

function makeKey(step: RecordedStep): Key {
  const site = siteOf(step);
  return { site, exact: site + canonicalJson(step.arguments) };
}

/** With the arguments. */
export function exactly(step: RecordedStep): string {
  return keyOf(step).exact;
}

/** For each step of `run` the index of the step of `base` it is, or undefined. */
export function align(base: readonly RecordedStep[], run: readonly RecordedStep[]): (number | undefined)[] {
  const [a, b] = [base, run].map((steps) => steps.map(keyOf));
  if (a === undefined || b === undefined) return [];
  const head = commonHead(a, b);
  const tail = commonTail(a, b, head);
  const middle = alignMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return b.map((_, i) => {
    if (i < head) return i;
    if (i >= b.length - tail) return a.length - (b.length - i);
    const found = middle[i - head];
    return found === undefined ? undefined : found + head;
  });
}

interface Key {
  readonly site: string;
  readonly exact: string;
}

function commonHead(a: readonly Key[], b: readonly Key[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n]?.exact === b[n]?.exact) n++;
  return n;
}

function commonTail(a: readonly Key[], b: readonly Key[], head: number): number {
  let n = 0;
  while (n < a.length - head && n < b.length - head && a[a.length - 1 - n]?.exact === b[b.length - 1 - n]?.exact) n++;
  return n;
}

/** The textbook table of best scores of the remainders, read from the front. */
function alignMiddle(a: readonly Key[], b: readonly Key[]): (number | undefined)[] {
  const best = scores(a, b);
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0;
  const found: (number | undefined)[] = b.map(() => undefined);
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const score = likeness(a[i], b[j]);
    if (score > 0 && at(i, j) === score + at(i + 1, j + 1)) found[j++] = i++;
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return found;
}

function scores(a: readonly Key[], b: readonly Key[]): number[][] {
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => best[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const score = likeness(a[i], b[j]);
      const matched = score > 0 ? score + at(i + 1, j + 1) : 0;
      (best[i] ?? [])[j] = Math.max(matched, at(i + 1, j), at(i, j + 1));
    }
  return best;
}

/** 2 the same step with the same arguments, 1 with others, 0 another step. */
function likeness(a: Key | undefined, b: Key | undefined): number {
  if (a === undefined || b === undefined || a.site !== b.site) return 0;
  return a.exact === b.exact ? 2 : 1;
}
