/**
 * Sets of fields as `metadata.managedFields` writes them (FieldsV1), and what an object holds at such a field.
 * https://github.com/kubernetes-sigs/structured-merge-diff, `fieldpath/serialize.go`
 *
 * A node without children is a member; one with children is a member when it also holds `.`. Names begin with `f:` (a
 * key of a map), `k:` (the keys of a list's item, as JSON), `v:` (a value of a set) or `i:` (an index).
 */
import type { KubernetesObject, ManagedFieldsEntry } from '../object.js';
import { semanticallyEqual } from './semantic-equality.js';

export type FieldSet = Readonly<Record<string, unknown>>;

/** Steps of one field, from the object down: `['f:spec', 'f:replicas']`. */
export type FieldSteps = readonly string[];

const itself = '.';

function union(a: FieldSet, b: FieldSet): FieldSet {
  const merged: Record<string, unknown> = isMember(a) || isMember(b) ? withItself(a, b) : { ...a };
  for (const [step, child] of Object.entries(b)) {
    if (step === itself) continue;
    merged[step] = Object.hasOwn(a, step) ? union(a[step] as FieldSet, child as FieldSet) : child;
  }
  return merged;
}

/** A leaf that meets a node with children stays a member. */
function withItself(a: FieldSet, b: FieldSet): Record<string, unknown> {
  const isLeaf = Object.keys(a).length === 0 && Object.keys(b).length === 0;
  return isLeaf ? {} : { [itself]: {}, ...a };
}

function isMember(node: FieldSet): boolean {
  return Object.hasOwn(node, itself) || Object.keys(node).length === 0;
}

/** Every member, those around others first. The set as a whole is none. */
export function members(set: FieldSet, above: FieldSteps = []): FieldSteps[] {
  return Object.entries(set).flatMap(([step, child]) => {
    if (step === itself) return [];
    const here = [...above, step];
    const inside = members(child as FieldSet, here);
    return isMember(child as FieldSet) ? [here, ...inside] : inside;
  });
}

/** Members without others inside: values, not the maps and items that hold them. */
export function leaves(set: FieldSet, above: FieldSteps = []): FieldSteps[] {
  return Object.entries(set).flatMap(([step, child]) => {
    if (step === itself) return [];
    const here = [...above, step];
    return Object.keys(child as FieldSet).length === 0 ? [here] : leaves(child as FieldSet, here);
  });
}

/**
 * Whether the set has the field, something inside it, or all of something around it.
 * @param object the set speaks of: a list's item may be named in several ways
 */
export function touches(set: FieldSet, steps: FieldSteps, object: unknown): boolean {
  let node = set;
  let value = object;
  for (const step of steps) {
    const next = node[sameItem(node, step, value)] as FieldSet | undefined;
    if (next === undefined) return false;
    if (Object.keys(next).length === 0) return true;
    node = next;
    value = childOf(value, step);
  }
  return true;
}

function sameItem(node: FieldSet, step: string, value: unknown): string {
  if (step.startsWith('f:') || !Array.isArray(value)) return step;
  const at = indexOf(value, step);
  return Object.keys(node).find((key) => /^[kvi]:/.test(key) && indexOf(value, key) === at) ?? step;
}

/** What the managers that `wanted` picks own, together. */
export function ownedBy(
  { metadata }: Pick<KubernetesObject, 'metadata'>,
  wanted: (entry: ManagedFieldsEntry) => boolean,
): FieldSet {
  return unionOf((metadata.managedFields ?? []).filter(wanted).map(({ fieldsV1 }) => fieldsV1 ?? {}));
}

/** An empty set as a whole is nothing, not a member. */
export function unionOf(sets: readonly FieldSet[]): FieldSet {
  const [first = {}, ...others] = sets.filter((set) => Object.keys(set).length > 0);
  return others.reduce(union, first);
}

/** The part of `value` that the set speaks of, by the set's own names; undefined where it holds nothing. */
export function project(value: unknown, set: FieldSet): unknown {
  const steps = Object.entries(set).filter(([step]) => step !== itself);
  if (value === undefined || Object.keys(set).length === 0) return value;
  return Object.fromEntries(steps.map(([step, child]) => [step, project(childOf(value, step), child as FieldSet)]));
}

/** What `value` holds there; undefined when it holds nothing. */
export function valueAt(value: unknown, [step, ...rest]: FieldSteps): unknown {
  if (step === undefined || value === undefined) return value;
  return valueAt(childOf(value, step), rest);
}

function childOf(value: unknown, step: string): unknown {
  if (step.startsWith('f:')) return isMap(value) ? own(value, step.slice(2)) : undefined;
  return Array.isArray(value) ? (value as unknown[])[indexOf(value, step)] : undefined;
}

function own(map: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function indexOf(items: readonly unknown[], step: string): number {
  const text = step.slice(2);
  if (step.startsWith('i:')) return Number(text);
  const wanted = JSON.parse(text) as unknown;
  if (step.startsWith('v:')) return items.findIndex((item) => semanticallyEqual(item, wanted));
  const keys = Object.entries(wanted as Record<string, unknown>);
  return items.findIndex((item) => isMap(item) && keys.every(([key, value]) => semanticallyEqual(item[key], value)));
}

/** A copy of `value` without what it holds there, if it holds anything. */
export function withoutValue<T>(value: T, [step = '', ...rest]: FieldSteps): T {
  if (childOf(value, step) === undefined) return value;
  if (Array.isArray(value)) return changedItem(value, indexOf(value, step), rest) as T;
  const { [step.slice(2)]: child, ...others } = value as Record<string, unknown>;
  return (rest.length === 0 ? others : { ...value, [step.slice(2)]: withoutValue(child, rest) }) as T;
}

function changedItem(items: readonly unknown[], at: number, rest: FieldSteps): unknown[] {
  if (rest.length === 0) return items.filter((_, i) => i !== at);
  return items.map((item, i) => (i === at ? withoutValue(item, rest) : item));
}

/**
 * A copy of `value` with `wanted` there; maps on the way are made. The same value when the way leads through an item of
 * a list that it does not have: an item is more than one of its fields.
 */
export function withValue<T>(value: T, [step, ...rest]: FieldSteps, wanted: unknown): T {
  if (step === undefined) return wanted as T;
  if (step.startsWith('f:')) {
    const map = value === undefined || value === null ? {} : value;
    if (!isMap(map)) return value;
    return { ...map, [step.slice(2)]: withValue(own(map, step.slice(2)), rest, wanted) } as T;
  }
  if (!Array.isArray(value)) return value;
  const at = indexOf(value, step);
  return (value as unknown[]).map((item, i) => (i === at ? withValue(item, rest, wanted) : item)) as T;
}
