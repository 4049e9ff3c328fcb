/**
 * What a sweep remembers of an application between two looks: the fingerprints of its objects when they were last
 * compared with the accepted set, and what that came to. While they stay as they are, so does the verdict, and no object
 * has to be read or dry-run.
 */
import { semanticallyEqual } from '../diff/semantic-equality.js';
import type { ObjectReference } from '../object.js';
import type { Digest } from '../digest.js';
import type { AcceptedSet } from './accepted-set.js';
import type { Drift } from './drift.js';
import type { Fingerprint } from './fingerprint.js';

export interface Baseline {
  readonly manifests: Digest;
  readonly confirmed: number;
  /** Digest of what else decides whether a difference is drift: destination, conflict resolution, ignored fields. */
  readonly target: Digest;
  readonly objects: readonly { readonly reference: ObjectReference; readonly fingerprint: Fingerprint }[];
  /** Absent when nothing differed. */
  readonly drift?: Drift;
  /** Auto-sync was stopped for all when this was said. */
  readonly stoppedForAll?: true;
}

/** The fingerprints that an answer of the server other than an object stands for. */
export const missing: Fingerprint = 'missing';
/** We may not list its kind. */
export const unlisted: Fingerprint = 'unlisted';

/** Whether the baseline speaks of that very set, confirmed by that very run. */
export function fits(baseline: Baseline | undefined, { manifests, confirmed }: AcceptedSet, target: Digest): boolean {
  return baseline?.manifests === manifests && baseline.confirmed === confirmed && baseline.target === target;
}

/** @param current undefined where nobody could say: such an object gives no verdict */
export function hasMoved({ objects }: Baseline, current: readonly (Fingerprint | undefined)[]): boolean {
  return objects.some(({ fingerprint }, i) => current[i] !== undefined && current[i] !== fingerprint);
}

export type News = 'drifted' | 'over' | undefined;

/** What the application does not know yet. It forgets drift with each run that confirms its set. */
export function newsOf(before: Baseline | undefined, after: Baseline): News {
  const known = before?.confirmed === after.confirmed ? before : undefined;
  if (after.drift === undefined) return known?.drift === undefined ? undefined : 'over';
  return semanticallyEqual([known?.drift, known?.stoppedForAll], [after.drift, after.stoppedForAll])
    ? undefined
    : 'drifted';
}
