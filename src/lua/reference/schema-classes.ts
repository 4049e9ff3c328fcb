/**
 * The tables that calls take, as classes: made from the schemas that check the calls, so that the two cannot differ.
 */
import { callSchemas, type FieldSchema } from '../generated/call-schemas.js';
import { className, innerClassName } from './class-names.js';
import { rowsOf } from './modules.js';
import { parameterOf, type ModuleEntry } from './function-entry.js';
import { resultClasses } from './result-classes.js';
import { configKeys, taskKeys, type DslKey } from './tasks.js';

export interface ClassField {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly describe: string;
}

export interface ClassEntry {
  readonly name: string;
  readonly fields: readonly ClassField[];
}

/** Of the tables that the calls of a module take. */
export function classesOf({ name }: ModuleEntry): ClassEntry[] {
  const tables = Object.values(rowsOf(name)).flatMap(({ parameters }) =>
    parameters.flatMap(({ schema, name: own }) =>
      schema === undefined ? [] : [[className(schema, own), schema] as const],
    ),
  );
  return [...new Map(tables)].flatMap(([own, schema]) => classesIn(own, callSchemas[schema]));
}

/** A class, and those of the tables inside it. */
function classesIn(name: string, schema: FieldSchema): ClassEntry[] {
  const inner: ClassEntry[] = [];
  const fields = Object.entries(schema.properties ?? {}).map(([field, value]) => ({
    name: field,
    type: luaType(value, innerClassName(name, field), inner),
    optional: schema.required?.includes(field) !== true,
    describe: value.description ?? '',
  }));
  return [{ name, fields }, ...inner];
}

function luaType(schema: FieldSchema, name: string, inner: ClassEntry[]): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map((one) => luaType(one, name, inner)))].join('|');
  if (schema.reference === true) return 'string|sloth.Secret';
  const words = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (words !== undefined) return words.map((word) => `"${word}"`).join('|');
  if (schema.type === 'array') return listOf(luaType(schema.items ?? {}, name, inner));
  if (schema.type === 'object') return tableType(schema, name, inner);
  return [schema.type ?? 'any'].flat().join('|');
}

function listOf(type: string): string {
  return type.includes('|') ? `(${type})[]` : `${type}[]`;
}

function tableType(schema: FieldSchema, name: string, inner: ClassEntry[]): string {
  if (schema.properties !== undefined) {
    const known = inner.some((one) => one.name === name); // one, or a list of them: the same table
    if (!known) inner.push(...classesIn(name, schema));
    return name;
  }
  const values = schema.additionalProperties;
  const type = typeof values === 'object' && values !== null ? luaType(values, name, inner) : 'any';
  return `table<string, ${type}>`;
}

/** What calls give back, and the tables of tasks. */
export const commonClasses: readonly ClassEntry[] = [
  ...Object.entries(resultClasses).map(([name, fields]) => ({
    name,
    fields: Object.entries(fields).map(([field, text]) => fieldOf(field, text)),
  })),
  {
    name: 'sloth.Task',
    fields: [{ name: 'name', type: 'string', optional: true, describe: '' }, ...taskKeys.map(keyField)],
  },
  { name: 'sloth.RunConfig', fields: configKeys.map(keyField) },
];

/** A name may stand for all others: `[string]`. */
function fieldOf(name: string, text: string): ClassField {
  return name.startsWith('[') ? { ...parameterOf(`others ${text}`), name } : parameterOf(`${name} ${text}`);
}

export function keyField({ name, type, describe }: DslKey): ClassField {
  return { name, type, optional: true, describe };
}
