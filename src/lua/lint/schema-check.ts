/**
 * What is written as a literal, against the schema of a call: the checks of `src/lua/check-arguments.ts`, before anything
 * runs and for every field at once. What is no literal is left to the run.
 */
import type { Expression, Node, TableConstructorExpression } from 'luaparse';
import { parseDuration } from '../../domain/duration.js';
import { nearest } from '../../domain/nearest.js';
import type { FieldSchema } from '../generated/call-schemas.js';
import { didYouMean, remark, type Remark } from './rule.js';
import type { ScriptFacts } from './script-facts.js';
import { textOf } from './syntax-tree.js';
import { hasKnownKeys, listedValues, namedFields, typeOf, type TableField } from './table-fields.js';

function wrong(node: Node, message: string, hint?: string): Remark {
  return { ...remark(node, message, hint), rule: 'bad-value' };
}

interface Named {
  /** As messages call it: `sync_policy.retry`. */
  readonly path: string;
  readonly schema: FieldSchema;
}

export interface FieldRules {
  /** What the call is called, for messages. */
  readonly call: string;
  readonly script: ScriptFacts;
}

/** The table that a call takes. */
export function checkTable(table: TableConstructorExpression, schema: FieldSchema, rules: FieldRules): Remark[] {
  const [listed] = listedValues(table);
  if (listed !== undefined)
    return [wrong(listed, `${rules.call} takes named fields, not a list`, 'write name = value')];
  return namedFields(table).flatMap((field) => checkField(field, { path: '', schema }, rules));
}

function checkField(field: TableField, outer: Named, rules: FieldRules): Remark[] {
  const known = outer.schema.properties ?? {};
  const schema = Object.hasOwn(known, field.name) ? known[field.name] : undefined;
  const path = outer.path === '' ? field.name : `${outer.path}.${field.name}`;
  if (schema !== undefined) return checkValue(field.value, { path, schema }, rules);
  return isOpen(outer) ? [] : [unknownField(field, path, outer, rules)];
}

/** A map of anything, `metadata` for one. */
function isOpen({ schema, path }: Named): boolean {
  return path !== '' && schema.additionalProperties !== false;
}

function unknownField(field: TableField, path: string, { schema, path: outer }: Named, { call }: FieldRules): Remark {
  const names = Object.keys(schema.properties ?? {});
  const near = nearest(field.name, names);
  const kept = outer === '' && names.includes('metadata') && near === undefined;
  if (kept)
    return remark(
      field.key,
      `${call} has no field '${path}': it is kept as metadata and has no effect`,
      undefined,
      'warning',
    );
  return remark(field.key, `${call} has no field '${path}'`, didYouMean(near) ?? `it has ${names.join(', ')}`);
}

function checkValue(node: Expression, named: Named, rules: FieldRules): Remark[] {
  const { path, schema } = named;
  const type = typeOf(node);
  if (type === undefined || type === 'nil') return checkNamed(node, named, rules);
  if (schema.anyOf !== undefined) return checkAny(node, type, named, rules);
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes(type))
    return [wrong(node, `'${path}' is a ${type}: ${wordsOf(schema)} expected`)];
  if (type === 'table') return checkInner(node as TableConstructorExpression, named, rules);
  return checkText(node, named);
}

/** A table or text behind a local variable. */
function checkNamed(node: Expression, named: Named, rules: FieldRules): Remark[] {
  const value = rules.script.constantOf(node)?.value;
  const known = value?.type === 'TableConstructorExpression' || value?.type === 'StringLiteral';
  return known ? checkValue(value, named, rules) : [];
}

function checkAny(node: Expression, type: string, { path, schema }: Named, rules: FieldRules): Remark[] {
  const fitting = (schema.anyOf ?? []).filter((one) => typesOf(one).length === 0 || typesOf(one).includes(type));
  if (fitting.length === 0) return [wrong(node, `'${path}' is a ${type}: ${wordsOf(schema)} expected`)];
  const shaped = fitting.filter((one) => one.type === shapeOf(node));
  const likely = shaped.length > 0 ? shaped : fitting;
  const found = likely.map((one) => checkValue(node, { path, schema: one }, rules));
  return found.find((remarks) => remarks.length === 0) ?? found[0] ?? [];
}

/** Of a table with something in it, as schemas call it. */
function shapeOf(node: Expression): string | undefined {
  if (node.type !== 'TableConstructorExpression' || node.fields.length === 0) return undefined;
  return listedValues(node).length > 0 ? 'array' : 'object';
}

function checkInner(table: TableConstructorExpression, { path, schema }: Named, rules: FieldRules): Remark[] {
  const [listed, fields] = [listedValues(table), namedFields(table)];
  if (schema.type === 'array') {
    const named = fields.map(({ key, name }) => wrong(key, `'${path}' is a list: it has no field '${name}'`));
    const items = schema.items ?? {};
    return [
      ...named,
      ...listed.flatMap((value, i) => checkValue(value, { path: `${path}[${i + 1}]`, schema: items }, rules)),
    ];
  }
  if (schema.properties === undefined) return [];
  const lists = listed
    .slice(0, 1)
    .map((value) => wrong(value, `'${path}' takes named fields, not a list`, 'write name = value'));
  return [
    ...lists,
    ...fields.flatMap((field) => checkField(field, { path, schema }, rules)),
    ...lacking(table, path, schema),
  ];
}

function lacking(table: TableConstructorExpression, path: string, { required = [] }: FieldSchema): Remark[] {
  if (!hasKnownKeys(table)) return [];
  const names = namedFields(table).map(({ name }) => name);
  return required
    .filter((field) => !names.includes(field))
    .map((field) => wrong(table, `'${path}' needs the field '${field}'`));
}

function checkText(node: Expression, { path, schema }: Named): Remark[] {
  const text = textOf(node);
  const words = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (words !== undefined && text !== undefined && !words.includes(text))
    return [wrong(node, `'${path}' is '${text}': ${words.join(', ')} expected`, didYouMean(nearest(text, words)))];
  if (schema.reference === true && text !== undefined && !/^(secret|env|file):./.test(text))
    return [
      {
        ...wrong(node, `'${path}' holds a literal secret`, 'write secret("name"), "env:NAME" or "file:PATH"'),
        rule: 'literal-secret',
      },
    ];
  return schema.duration === undefined ? [] : checkDuration(node, path, schema.duration);
}

export function checkDuration(node: Expression, path: string, kind: FieldSchema['duration'] = true): Remark[] {
  const value = node.type === 'StringLiteral' || node.type === 'NumericLiteral' ? node.value : undefined;
  if (value === undefined || (kind === 'or never' && value === 'never')) return [];
  try {
    parseDuration(value);
    return [];
  } catch {
    return [wrong(node, `'${path}' is no duration: '${value}'`, 'write "30s", "5m", "1h30m", or a number of seconds')];
  }
}

function typesOf(schema: FieldSchema): readonly string[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(typesOf);
  if (schema.enum !== undefined || schema.const !== undefined) return ['string'];
  return [schema.type ?? []]
    .flat()
    .map((type) => (type === 'object' || type === 'array' ? 'table' : type === 'integer' ? 'number' : type));
}

function wordsOf(schema: FieldSchema): string {
  if (schema.enum !== undefined) return schema.enum.join(' or ');
  if (schema.type === 'array') return 'list';
  return [...new Set(typesOf(schema))].join(' or ');
}
