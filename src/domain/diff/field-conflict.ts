/**
 * Fields of a live object that another manager owns with another value, and what a conflict resolution makes of them.
 */
import type { ConflictResolution } from '../application.js';
import { GitOpsError, type GitOpsErrorOptions } from '../errors.js';
import { describeReference, tracking, type ObjectReference } from '../object.js';
import { isController, isPerson } from './managers.js';

/** One field and its owner, as the API server names them: `.spec.replicas`, `kubectl-edit`. */
export interface OwnedField {
  readonly field: string;
  readonly manager: string;
}

/** A FieldConflict that still knows its fields; over a process boundary only the message remains. */
export class FieldConflictError extends GitOpsError {
  constructor(
    reference: ObjectReference,
    readonly fields: readonly OwnedField[],
    options: GitOpsErrorOptions = {},
  ) {
    super('FieldConflict', `${describeReference(reference)}: ${describeFields(fields)}`, {
      hint: 'set conflict_resolution to force, yield or auto, or take the fields out of the manifest',
      ...options,
    });
  }
}

/** `.spec.replicas is owned by kube-controller-manager, .spec.paused by kubectl-edit` */
export function describeFields(fields: readonly OwnedField[]): string {
  return fields.map(({ field, manager }, i) => `${field} ${i === 0 ? 'is owned by' : 'by'} ${manager}`).join(', ');
}

/** What to do about each conflicting field. */
export interface Settlement {
  /** Left to their owners: taken out of what we apply. */
  readonly yielded: readonly OwnedField[];
  /** Taken over: the object is applied with force. */
  readonly taken: readonly OwnedField[];
  /** Nobody decided: the object is a conflict. */
  readonly open: readonly OwnedField[];
}

type Decision = keyof Settlement;

const decisions: Record<ConflictResolution, (manager: string) => Decision> = {
  fail: () => 'open',
  force: () => 'taken',
  yield: () => 'yielded',
  auto: decideByManager,
  reclaim: (manager) => (decideByManager(manager) === 'yielded' ? 'yielded' : 'taken'),
};

const restoring: Record<ConflictResolution, ConflictResolution> = {
  fail: 'force',
  force: 'force',
  yield: 'yield',
  auto: 'reclaim',
  reclaim: 'reclaim',
};

/**
 * How a set that was accepted before is brought back (a rollback, a correction of drift): whoever holds a field now, the
 * set had its say already; but what the application leaves to others, it leaves to them here as well.
 */
export function toRestore(resolution: ConflictResolution): ConflictResolution {
  return restoring[resolution];
}

function decideByManager(manager: string): Decision {
  if (isPerson(manager)) return 'taken';
  return isController(manager) ? 'yielded' : 'open';
}

/**
 * Sorts the fields by what the resolution decides for their managers. A resource action is nobody else: what it set
 * lasts until the next sync.
 */
export function settle(fields: readonly OwnedField[], resolution: ConflictResolution): Settlement {
  const decide = (manager: string): Decision =>
    manager === tracking.actionManager ? 'taken' : decisions[resolution](manager);
  const those = (wanted: Decision): OwnedField[] => fields.filter(({ manager }) => decide(manager) === wanted);
  return { yielded: those('yielded'), taken: those('taken'), open: those('open') };
}
