/**
 * Drift in words: which objects are not as the accepted set wants them, and how. Values are never part of it.
 */
import { normalise } from '../diff/normalise.js';
import type { FoundChange } from '../diff/report.js';
import { describeReference, type ObjectReference } from '../object.js';
import { differingFields } from './field-owner.js';

export interface Drift {
  readonly count: number;
  /** At most 10: `ConfigMap shop/settings`. */
  readonly objects: readonly string[];
  /** One line for each of these: `ConfigMap shop/settings: .data.greeting (kubectl-edit)`, `... is missing`. */
  readonly fields: readonly string[];
}

const shownObjects = 10;
const shownFields = 3;
const lineLength = 200;

/** @param changes what a sync of the accepted set would write; undefined when that is nothing */
export function driftOf(changes: readonly FoundChange[]): Drift | undefined {
  const drifted = changes.filter((change) => change.type !== 'delete');
  if (drifted.length === 0) return undefined;
  const shown = drifted.slice(0, shownObjects);
  return {
    count: drifted.length,
    objects: shown.map((change) => describeReference(change.reference)),
    fields: shown.map(describeChange),
  };
}

/** Drift known from metadata alone, where the server refuses to say what a sync would write. */
export function missingObjects(references: readonly ObjectReference[], because: string): Drift {
  const objects = references.slice(0, shownObjects).map(describeReference);
  const fields = objects.map((name) => clip(`${name} is missing: ${because}`));
  return { count: references.length, objects, fields };
}

function describeChange({ reference, before, after }: FoundChange): string {
  const name = describeReference(reference);
  if (before === undefined || after === undefined) return `${name} is missing`;
  const { managedFields = [] } = before.metadata;
  const fields = differingFields(normalise(before), normalise(after), managedFields, shownFields);
  return clip(`${name}: ${fields.map(({ path, manager }) => `${path} (${manager ?? 'removed'})`).join(', ')}`);
}

function clip(line: string): string {
  const [first = ''] = line.split('\n');
  return first.length <= lineLength ? first : `${first.slice(0, lineLength - 1)}…`;
}
