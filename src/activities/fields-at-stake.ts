/**
 * The part of a live object that a planned write rests on, as digests: so that a write notices what was changed since
 * the plan was made, and is not disturbed by a status or by fields that are none of its business.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';
import { ownedBy, project, unionOf, type FieldSet } from '../domain/diff/field-set.js';
import { isOurs, isTaken } from '../domain/diff/managers.js';
import { normalise } from '../domain/diff/normalise.js';
import type { KubernetesObject } from '../domain/object.js';
import type { PlannedFields, PlannedWrite } from '../domain/plan.js';

/** @param after the live object as it is once it was applied, `managedFields` included */
export function fieldsOf(before: KubernetesObject, after: KubernetesObject): PlannedFields {
  const set = unionOf([ownedBy(before, (entry) => isOurs(entry) || isTaken(entry)), ownedBy(after, isOurs)]);
  return { set, before: digest(before, set), after: digest(after, set) };
}

/** Of an object that is replaced: all of it. */
export function wholeOf(before: KubernetesObject, after: KubernetesObject): PlannedFields {
  return { before: digest(before), after: digest(after) };
}

/** Whether what the write rests on is as the plan found it, or as the write leaves it (an earlier attempt's). */
export function isAsPlanned({ live }: PlannedWrite, found: KubernetesObject): boolean {
  if (live === undefined || live.uid !== found.metadata.uid) return false;
  const { fields } = live;
  if (fields === undefined) return true; // a plan of an earlier version
  const now = digest(found, fields.set);
  return now === fields.before || now === fields.after;
}

function digest(object: KubernetesObject, set?: FieldSet): string {
  const part = set === undefined ? normalise(object) : project(object, set);
  return createHash('sha256').update(canonicalJson(part)).digest('hex');
}
