/**
 * Which fields of a live object differ from what should be there, and who set them last: names alone, never values.
 */
import { semanticallyEqual } from '../diff/semantic-equality.js';
import { tracking, type ManagedFieldsEntry } from '../object.js';

/** Keys along an object; of a list its index and the live item there. */
type Step = string | { readonly index: number; readonly item: unknown };

export interface DifferingField {
  /** `.data.greeting`, `.spec.containers[0].image` */
  readonly path: string;
  /** Absent when nobody has it: it was removed. */
  readonly manager?: string;
}

/** @param limit more are not looked for */
export function differingFields(
  live: unknown,
  wanted: unknown,
  managedFields: readonly ManagedFieldsEntry[],
  limit: number,
): DifferingField[] {
  return differences(live, wanted, [])
    .slice(0, limit)
    .map((steps) => {
      const manager = ownerOf(steps, managedFields);
      return { path: textOf(steps), ...(manager === undefined ? {} : { manager }) };
    });
}

function differences(live: unknown, wanted: unknown, at: readonly Step[]): (readonly Step[])[] {
  if (semanticallyEqual(live, wanted)) return [];
  if (Array.isArray(live) && Array.isArray(wanted) && live.length === wanted.length)
    return live.flatMap((item: unknown, index) => differences(item, wanted[index], [...at, { index, item }]));
  if (!isRecord(live) || !isRecord(wanted)) return [at];
  const keys = [...new Set([...Object.keys(live), ...Object.keys(wanted)])].sort();
  return keys.flatMap((key) => differences(live[key], wanted[key], [...at, key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(steps: readonly Step[]): string {
  return steps.map((step) => (typeof step === 'string' ? `.${step}` : `[${step.index}]`)).join('');
}

/** The other manager that has the field; of several the one that wrote last. */
function ownerOf(steps: readonly Step[], entries: readonly ManagedFieldsEntry[]): string | undefined {
  const owners = entries.filter(
    (entry) => entry.manager !== tracking.fieldManager && entry.fieldsV1 !== undefined && holds(entry.fieldsV1, steps),
  );
  return owners.sort((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).at(-1)?.manager;
}

/** A leaf on the way is a map or list that is owned as one. (sigs.k8s.io/structured-merge-diff, FieldsV1) */
function holds(fields: unknown, [step, ...rest]: readonly Step[]): boolean {
  if (!isRecord(fields)) return false;
  const names = Object.keys(fields).filter((name) => name !== '.');
  if (step === undefined) return true;
  if (names.length === 0) return Object.keys(fields).length === 0;
  const name = names.find((candidate) => isNamed(candidate, step));
  return name !== undefined && holds(fields[name], rest);
}

/** `f:replicas`, `k:{"name":"app"}`, `v:"finalizer"`, `i:0` */
function isNamed(name: string, step: Step): boolean {
  if (typeof step === 'string') return name === `f:${step}`;
  if (name === `i:${step.index}`) return true;
  if (name.startsWith('v:')) return name.slice(2) === JSON.stringify(step.item);
  if (!name.startsWith('k:') || !isRecord(step.item)) return false;
  const { item } = step;
  const keys = JSON.parse(name.slice(2)) as Record<string, unknown>;
  return Object.entries(keys).every(([key, value]) => item[key] === value);
}
