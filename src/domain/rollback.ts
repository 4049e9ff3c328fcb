/**
 * What a rollback has to undo, and whether it is done.
 */
import type { ObjectReference } from './object.js';
import { countChanges, isWrite, type Plan } from './plan.js';
import type { ObjectOutcome, RollbackResult } from './sync.js';

/**
 * Objects that did not exist when a plan was made and that it meant to create. Those that the restored set does not
 * hold are deleted, whatever the application's prune setting says: they are debris of the failed sync.
 */
export function createdBy(failedPlan: Plan): ObjectReference[] {
  return failedPlan.objects.filter((o) => o.action === 'create').map((o) => o.reference);
}

/** Nothing to write, nothing to delete, nothing in the way. */
export function changesNothing({ objects }: Plan): boolean {
  const { created, updated, deleted, conflicts } = countChanges(objects);
  return created + updated + deleted + conflicts === 0;
}

/** The same for a correction of drift: what belongs to others by now is no drift. */
export function writesNothing({ objects }: Plan): boolean {
  return !objects.some(isWrite);
}

/** The objects by which a cluster still differs from a set. */
export function toChange({ objects }: Plan): ObjectReference[] {
  return objects.filter((o) => o.action !== 'unchanged' && o.action !== 'hook').map((o) => o.reference);
}

export type RollbackCounts = Pick<RollbackResult, 'applied' | 'skipped' | 'failed' | 'conflictsResolved' | 'deleted'>;

/** Conflicts are objects that belong to another application by now: they are left alone, and count as failed. */
export function rollbackCounts({ objects }: Plan, outcomes: readonly ObjectOutcome[]): RollbackCounts {
  const count = (...wanted: ObjectOutcome['outcome'][]): number =>
    outcomes.filter((o) => wanted.includes(o.outcome)).length;
  const { unchanged, conflicts } = countChanges(objects);
  return {
    applied: count('created', 'configured'),
    skipped: unchanged,
    failed: conflicts,
    conflictsResolved: objects.filter((o) => o.settledFields !== undefined).length,
    deleted: count('deleted'),
  };
}
