/**
 * The types of an object's fields, and what does not fit them: names that are none, values of another type, what is
 * missing. Types come as data, so that this knows no library.
 */
import { nearest } from '../nearest.js';
import type { FieldPath } from '../policy/document.js';
import { isQuantity } from '../policy/quantity.js';
import type { Remark } from './finding.js';
import { isQuantityField, requiredFields } from './known-fields.js';

export interface FieldType {
  readonly name: string;
  /** `string`, `number`, `boolean`, `Date`, `any`, `IntOrString`, `Array<X>`, `{ [key: string]: X; }`, or a type's name. */
  readonly type: string;
  /** `int32`, `int64`, `byte`, `date-time`, ... */
  readonly format: string;
}

/** Fields of a type by its name; undefined for one that is not known, whose values are taken as they are. */
export type Types = (name: string) => readonly FieldType[] | undefined;

export function checkFields(types: Types, type: string, value: unknown, path: FieldPath = []): Remark[] {
  return checkValue({ types, owner: '', name: '' }, { type, format: '' }, value, path);
}

interface Place {
  readonly types: Types;
  /** Type that has the field, and its name: what a text means hangs on these. */
  readonly owner: string;
  readonly name: string;
}

type Expected = Pick<FieldType, 'type' | 'format'>;

const arrayOf = /^Array<(.*)>$/;
const mapOf = /^\{ \[key: string\]: (.*); \}$/;

/** null is as good as nothing, as for the API server. */
function checkValue(place: Place, expected: Expected, value: unknown, path: FieldPath): Remark[] {
  if (value === null || value === undefined || expected.type === 'any' || expected.type === 'object') return [];
  const item = arrayOf.exec(expected.type)?.[1];
  if (item !== undefined) return checkList(place, item, value, path);
  const entry = mapOf.exec(expected.type)?.[1];
  if (entry !== undefined) return checkMap(place, entry, value, path);
  const scalar = scalars[expected.type];
  if (scalar === undefined) return checkTable(place.types, expected.type, value, path);
  return scalar.fits(value, expected.format, place) ? [] : [wrong(scalar.expected(expected.format), value, path)];
}

interface Scalar {
  expected(format: string): string;
  fits(value: unknown, format: string, place: Place): boolean;
}

const scalars: Readonly<Record<string, Scalar>> = {
  string: {
    expected: () => 'text',
    fits: (value, _format, place) =>
      typeof value === 'string' || (typeof value === 'number' && isQuantityField(place.owner, place.name)),
  },
  boolean: { expected: () => 'true or false', fits: (value) => typeof value === 'boolean' },
  number: {
    expected: (format) => (format.startsWith('int') ? 'a whole number' : 'a number'),
    fits: (value, format) => typeof value === 'number' && (!format.startsWith('int') || Number.isSafeInteger(value)),
  },
  IntOrString: {
    expected: () => 'a whole number or text',
    fits: (value) => typeof value === 'string' || Number.isSafeInteger(value),
  },
  Date: { expected: () => 'a time', fits: isTime },
  V1MicroTime: { expected: () => 'a time', fits: isTime },
};

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function checkList(place: Place, item: string, value: unknown, path: FieldPath): Remark[] {
  if (!Array.isArray(value)) return [wrong('a list', value, path)];
  return value.flatMap((entry: unknown, i) => checkValue(place, { type: item, format: '' }, entry, [...path, i]));
}

function checkMap(place: Place, entry: string, value: unknown, path: FieldPath): Remark[] {
  if (!isTable(value)) return [wrong('a table', value, path)];
  const quantities = entry === 'string' && isQuantityField(place.owner, place.name);
  return Object.entries(value).flatMap(([key, inner]) =>
    quantities
      ? checkQuantity(inner, [...path, key])
      : checkValue(place, { type: entry, format: '' }, inner, [...path, key]),
  );
}

function checkQuantity(value: unknown, path: FieldPath): Remark[] {
  const fits = typeof value === 'number' || (typeof value === 'string' && isQuantity(value));
  return fits || value === null ? [] : [wrong('a quantity such as 500m or 1Gi', value, path)];
}

function checkTable(types: Types, type: string, value: unknown, path: FieldPath): Remark[] {
  const fields = types(type);
  if (fields === undefined) return [];
  if (!isTable(value)) return [wrong('a table', value, path)];
  const known = new Map(fields.map((field) => [field.name, field]));
  const found = Object.entries(value).flatMap(([name, inner]) => {
    const field = known.get(name);
    if (field === undefined) return [unknown(name, [...known.keys()], path)];
    return checkValue({ types, owner: type, name }, field, inner, [...path, name]);
  });
  const missing = (requiredFields[type] ?? []).filter((name) => value[name] === undefined || value[name] === null);
  return [...found, ...missing.map((name) => ({ path: [...path, name], message: 'is missing' }))];
}

export function unknown(name: string, known: readonly string[], path: FieldPath): Remark {
  const near = nearest(name, known);
  const hint = near === undefined ? {} : { hint: `did you mean '${near}'?` };
  return { path: [...path, name], message: 'unknown field', ...hint };
}

function wrong(expected: string, value: unknown, path: FieldPath): Remark {
  return { path, message: `must be ${expected}, is ${shown(value)}`, ...quotesHint(expected, value) };
}

/** Labels, variables of the environment: texts that look like something else to YAML. */
function quotesHint(expected: string, value: unknown): { hint?: string } {
  return expected === 'text' && ['number', 'boolean'].includes(typeof value) ? { hint: 'put it into quotes' } : {};
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isTable(value)) return 'a table';
  return typeof value === 'string' ? `the text '${value.slice(0, 40)}'` : String(value);
}

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
