/**
 * The counts of a diff, under both names that scripts know them by (lua-api.md 2.3).
 */
import type { ChangeType } from './impact.js';

export interface DiffSummary {
  readonly total_changes: number;
  readonly created: number;
  readonly created_resources: number;
  readonly updated: number;
  readonly updated_resources: number;
  readonly deleted: number;
  readonly deleted_resources: number;
  readonly conflict_count: number;
  readonly warning_count: number;
}

export function summarise(
  changes: readonly { readonly type: ChangeType }[],
  conflictCount: number,
  warningCount: number,
): DiffSummary {
  const count = (type: ChangeType): number => changes.filter((c) => c.type === type).length;
  const [created, updated, deleted] = [count('create'), count('update'), count('delete')];
  return {
    total_changes: changes.length,
    created,
    created_resources: created,
    updated,
    updated_resources: updated,
    deleted,
    deleted_resources: deleted,
    conflict_count: conflictCount,
    warning_count: warningCount,
  };
}
