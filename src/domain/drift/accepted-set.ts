/**
 * The set that should be live: the one that the last sync, or rollback, left in the cluster as a whole. Known without
 * git and without asking a workflow, it is what drift is measured against.
 */
import type { Destination } from '../application.js';
import { semanticallyEqual } from '../diff/semantic-equality.js';
import type { Digest } from '../digest.js';
import type { SyncRecord, SyncStatus } from '../sync-record.js';

export interface AcceptedSet {
  /** Number of the sync whose set it is. */
  readonly sync: number;
  /** Number of the last run that put it in place: that sync, or a correction of drift since. */
  readonly confirmed: number;
  readonly revision: string;
  readonly manifests: Digest;
  readonly destination: Destination;
}

/** What was asked for, as far as it decides what the cluster holds afterwards. */
export interface AskedFor {
  readonly operation?: 'sync' | 'rollback' | 'delete' | 'heal';
  readonly dryRun?: boolean;
  readonly resources?: readonly string[];
  /** Drift was known when it began. */
  readonly drifted?: true;
}

type KnownSet = Pick<AcceptedSet, 'sync' | 'revision' | 'manifests'>;

/** Runs that end so have brought the whole set into the cluster. */
const applied: ReadonlySet<SyncStatus> = new Set(['succeeded', 'prune_waiting']);

/**
 * The accepted set after a run. Undefined when a run stopped half-way: nobody can say then what should be live, and the
 * application's status says so.
 * @param sets those a rollback can return to
 */
export function acceptedAfter(
  before: AcceptedSet | undefined,
  asked: AskedFor,
  record: SyncRecord,
  sets: readonly KnownSet[],
  destination: Destination,
): AcceptedSet | undefined {
  if (asked.dryRun || !mayHaveWritten(record)) return before;
  const { operation = 'sync' } = asked;
  if (operation === 'heal') return record.status === 'interrupted' ? before : confirmedBy(before, record);
  if (operation === 'delete') return undefined;
  if (asked.resources !== undefined) return before?.manifests === record.manifests ? before : undefined;
  const set = setAfter(record, sets);
  if (set === undefined) return undefined;
  const { sync, revision, manifests } = set;
  if (before !== undefined && !asked.drifted && isSame(before, manifests, destination, record)) return before;
  return { sync, confirmed: record.number, revision, manifests, destination };
}

function confirmedBy(before: AcceptedSet | undefined, { number }: SyncRecord): AcceptedSet | undefined {
  return before && { ...before, confirmed: number };
}

function setAfter({ status, number, revision, manifests, restored }: SyncRecord, sets: readonly KnownSet[]) {
  if (status === 'rolled_back') return sets.findLast((set) => `sync-${set.sync}` === restored);
  if (!applied.has(status) || revision === undefined || manifests === undefined) return undefined;
  return { sync: number, revision, manifests };
}

/** A sync of the same set that found nothing to do says nothing new, and costs no new comparison. */
function isSame(before: AcceptedSet, manifests: Digest, destination: Destination, { metrics }: SyncRecord): boolean {
  if (metrics.applied + metrics.deleted > 0 || before.manifests !== manifests) return false;
  return semanticallyEqual(before.destination, destination);
}

const wrote: ReadonlySet<SyncStatus> = new Set(['succeeded', 'prune_waiting', 'rolled_back', 'interrupted']);

/** A run that failed or was cancelled before its first write left everything as it was. */
export function mayHaveWritten({ status, metrics: { applied: written, deleted, failed } }: SyncRecord): boolean {
  return wrote.has(status) || written + deleted + failed > 0;
}
