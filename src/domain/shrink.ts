/**
 * A set that suddenly lacks much of what the application has is more often a mistake in the repository than a wish:
 * pruning it is held until somebody says that it is meant (docs/decisions/0012).
 */
import type { ChangeCounts } from './sync-record.js';
import type { Shrink } from './sync.js';

/** Fewer may always go: of a small application they soon are a large part. */
const fewest = 3;
const share = 0.3;

/** @returns undefined when what is pruned is little */
export function shrinkOf({ deleted, updated, unchanged, conflicts }: ChangeCounts): Shrink | undefined {
  const of = deleted + updated + unchanged + conflicts;
  return deleted >= fewest && deleted > of * share ? { deleted, of } : undefined;
}

export function describeShrink({ deleted, of }: Shrink): string {
  return `${deleted} of ${of} objects are no longer in the repository and would be deleted`;
}
