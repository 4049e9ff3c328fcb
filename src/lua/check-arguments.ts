/**
 * Checks what a script hands to a call against the schemas generated from `src/schema`, in the words of Lua's own
 * argument errors. Fields nobody knows are kept under `metadata`; one that looks like a typo is refused.
 */
import { nearest } from '../domain/nearest.js';
import { isSecretText, textsIn } from '../domain/secret-text.js';
import type { CallRow, Parameter } from './calls/call-row.js';
import { checkDuration } from './check-duration.js';
import { callSchemas, type FieldSchema } from './generated/call-schemas.js';
import type { Data } from './host.js';
import { checkSecret, secretInText, withoutSecrets } from './secret-arguments.js';

type Fields = Record<string, Data>;

export interface Checked {
  readonly args: readonly Data[];
  readonly warnings: readonly string[];
}

/** @throws Error with the text to raise, without position */
export function checkArguments(call: string, { parameters }: CallRow, given: readonly Data[]): Checked {
  const warnings: string[] = [];
  const args = parameters.map((parameter, i) => checkOne(call, parameter, given[i] ?? null, i + 1, warnings));
  while (args.length > 0 && args.at(-1) === null) args.pop();
  return { args, warnings };
}

function checkOne(call: string, parameter: Parameter, value: Data, position: number, warnings: string[]): Data {
  if (value === null && parameter.optional) return null;
  const [secret] = parameter.interpolated === true ? [] : textsIn(value);
  const inside = parameter.type === 'table' && !isSecretText(value);
  if (secret !== undefined && !inside) throw secretInText(call, parameter, secret, position);
  if (parameter.type === 'any' || isSecretText(value)) return value;
  const wrong = typeName(value) !== parameter.type;
  if (wrong)
    throw new Error(`bad argument #${position} to '${call}' (${parameter.name} expected, got ${luaType(value)})`);
  if (parameter.filled === true && typeof value === 'string' && value.trim() === '')
    throw new Error(`bad argument #${position} to '${call}' (the ${parameter.name} is empty)`);
  if (parameter.schema === undefined) return withoutSecrets(`'${parameter.name}'`, value);
  return checkFields(call, parameter, value as Fields, warnings);
}

function checkFields(call: string, { schema, name }: Parameter, value: Fields, warnings: string[]): Data {
  if (Array.isArray(value)) throw new Error(`bad argument to '${call}' (${name} has named fields, got a list)`);
  const { properties: fields = {}, required = [] } = callSchemas[schema ?? 'workflow'];
  const known: Fields = {};
  const unknown: Fields = {};
  for (const [field, entry] of Object.entries(value)) {
    if (Object.hasOwn(fields, field)) known[field] = checkValue(`'${field}'`, fields[field] ?? {}, entry);
    else unknown[field] = keepUnknown(call, field, entry, Object.keys(fields), warnings);
  }
  const missing = required.find((field) => !Object.hasOwn(value, field));
  if (missing !== undefined) throw new Error(`bad argument to '${call}' (field '${missing}' is missing)`);
  if (Object.keys(unknown).length === 0) return known;
  return 'metadata' in fields
    ? { ...known, metadata: { ...(known['metadata'] as Fields), ...unknown } }
    : refuse(call, name, Object.keys(unknown)[0] ?? '', Object.keys(fields));
}

function keepUnknown(call: string, field: string, value: Data, fields: readonly string[], warnings: string[]): Data {
  const near = nearest(field, fields);
  if (near !== undefined) throw new Error(`bad field '${field}' in '${call}' (did you mean '${near}'?)`);
  warnings.push(`field '${field}' of ${call} is unknown; it is kept as metadata and has no effect`);
  return withoutSecrets(`'${field}'`, value);
}

function refuse(call: string, name: string, field: string, fields: readonly string[]): never {
  throw new Error(`bad field '${field}' in '${call}' (${name} takes ${fields.join(', ')})`);
}

function checkValue(path: string, schema: FieldSchema, value: Data): Data {
  if (schema.interpolated === true && (isSecretText(value) || schema.type === undefined)) return value;
  if (isSecretText(value)) return checkSecret(path, schema, value);
  if (schema.duration !== undefined) checkDuration(path, schema.duration, value);
  if (schema.anyOf !== undefined) return checkAny(path, schema.anyOf, value);
  if (schema.reference === true) return checkReference(path, value);
  if (schema.const !== undefined || schema.enum !== undefined)
    return checkWord(path, schema.enum ?? [schema.const ?? ''], value);
  if (schema.type === 'array') return checkList(path, schema, value);
  if (schema.type === 'object') return checkObject(path, schema, value);
  const types = schema.type === undefined ? [typeName(value)] : [schema.type].flat();
  if (types.includes(typeName(value))) return withoutSecrets(path, value);
  if (types.includes('integer') && typeof value === 'number') return wholeNumber(path, value);
  throw new Error(`bad field ${path} (${types.map(wordOf).join(' or ')} expected, got ${luaType(value)})`);
}

/** Lua has one kind of number; those of the schemas that are whole count something, from 1. */
function wholeNumber(path: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new Error(`bad field ${path} (a whole number of at least 1 expected, got ${value})`);
}

function wordOf(type: string): string {
  return type === 'integer' ? 'number' : type;
}

function checkAny(path: string, alternatives: readonly FieldSchema[], value: Data): Data {
  const failures: Error[] = [];
  for (const alternative of alternatives) {
    try {
      return checkValue(path, alternative, value);
    } catch (error) {
      failures.push(error as Error);
    }
  }
  const types = alternatives.map(
    (a) =>
      (a.enum ?? (a.const === undefined ? undefined : [a.const]))?.join(' or ') ??
      (a.type === 'object' ? 'table' : a.type),
  );
  const shape = Array.isArray(value) ? 'array' : 'object';
  const sameType = failures.find((_, i) => alternatives[i]?.type === shape && typeName(value) === 'table');
  throw sameType ?? new Error(`bad field ${path} (${types.join(' or ')} expected, got ${luaType(value)})`);
}

function checkReference(path: string, value: Data): Data {
  if (typeof value === 'string' && /^(secret|env|file):./.test(value)) return value;
  throw Object.assign(
    new Error(
      `bad field ${path} (a secret must not be written into a script: use secret("name"), "env:NAME" or "file:PATH")`,
    ),
    { code: 'LiteralSecret' },
  );
}

function checkWord(path: string, words: readonly string[], value: Data): Data {
  if (typeof value === 'string' && words.includes(value)) return value;
  const near = typeof value === 'string' ? nearest(value, words) : undefined;
  const got = typeof value === 'string' ? `'${value}'` : luaType(value);
  throw new Error(
    `bad field ${path} (${words.join(', ')} expected, got ${got}${near === undefined ? '' : `; did you mean '${near}'?`})`,
  );
}

function checkList(path: string, { items = {} }: FieldSchema, value: Data): Data {
  if (isEmptyTable(value)) return [];
  if (!Array.isArray(value)) throw new Error(`bad field ${path} (list expected, got ${luaType(value)})`);
  return (value as readonly Data[]).map((entry, i) => checkValue(`${path}[${i + 1}]`, items, entry));
}

function checkObject(
  path: string,
  { properties, additionalProperties, required = [] }: FieldSchema,
  value: Data,
): Data {
  if (typeName(value) !== 'table' || (Array.isArray(value) && value.length > 0))
    throw new Error(`bad field ${path} (table expected, got ${luaType(value)})`);
  const missing = required.find((field) => !Object.hasOwn(value as Fields, field));
  const fields = properties ?? {};
  const checked = Object.entries(value as Fields).map(([field, entry]) => {
    const schema = fields[field];
    const inner = fieldOf(path, field);
    if (schema !== undefined) return [field, checkValue(inner, schema, entry)] as const;
    if (typeof additionalProperties === 'object' && additionalProperties !== null)
      return [field, checkValue(inner, additionalProperties, entry)] as const;
    if (additionalProperties !== false) return [field, withoutSecrets(inner, entry)] as const;
    const near = nearest(field, Object.keys(fields));
    throw new Error(
      `bad field ${inner} (${near === undefined ? `known: ${Object.keys(fields).join(', ')}` : `did you mean '${near}'?`})`,
    );
  });
  if (missing !== undefined) throw new Error(`bad field ${path} (field '${missing}' is missing)`);
  return Object.fromEntries(checked);
}

/** `'gates'[1]` and `url` are `'gates[1].url'`. */
function fieldOf(path: string, field: string): string {
  return `'${path.replaceAll("'", '')}.${field}'`;
}

function isEmptyTable(value: Data): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function typeName(value: Data): string {
  return value === null ? 'nil' : typeof value === 'object' ? 'table' : typeof value;
}

function luaType(value: Data): string {
  return typeName(value);
}
