/**
 * Tasks and workflows: keys that mean something, values that fit, commands that answer.
 */
import type { Expression, FunctionDeclaration, Node } from 'luaparse';
import { nearest } from '../../../domain/nearest.js';
import { configKeys, methodsSeenInTheWild, taskKeys, workflowKeys, type DslKey } from '../../reference/tasks.js';
import { definitionsIn, type DefinedKey } from '../definitions.js';
import { didYouMean, remark, type Remark } from '../rule.js';
import { checkDuration } from '../schema-check.js';
import type { ScriptFacts } from '../script-facts.js';
import { childrenOf, textOf } from '../syntax-tree.js';
import { namedFields, typeOf } from '../table-fields.js';

/** Accepted and stored, but without effect. */
export function unknownKeys(script: ScriptFacts): Remark[] {
  const { tasks, workflows } = definitionsIn(script);
  return [
    ...tasks.flatMap(({ keys }) => keys.flatMap((key) => unknownKey(key, taskKeys, 'tasks', ['name', 'build']))),
    ...workflows.flatMap(({ keys }) => keys.flatMap((key) => unknownKey(key, workflowKeys, 'workflows', ['build']))),
    ...workflows.flatMap(({ keys }) => configs(keys, script)),
  ];
}

function configs(keys: readonly DefinedKey[], script: ScriptFacts): Remark[] {
  const tables = keys.filter(({ name }) => name === 'config').map(({ values }) => script.tableOf(values[0]));
  return tables.flatMap((table) =>
    (table === undefined ? [] : namedFields(table)).flatMap((field) =>
      unknownKey({ ...field, values: [], form: 'field' }, configKeys, 'config', []),
    ),
  );
}

function unknownKey(
  { name, key, form }: DefinedKey,
  known: readonly DslKey[],
  of: string,
  more: readonly string[],
): Remark[] {
  const names = known.map((k) => k.name);
  if (names.includes(name) || more.includes(name)) return [];
  const what = form === 'method' ? 'method' : 'key';
  const near = methodsSeenInTheWild.includes(name) ? undefined : nearest(name, names);
  return [
    remark(
      key,
      `${of === 'config' ? 'config has' : `${of} have`} no ${what} '${name}': it is kept and has no effect`,
      didYouMean(near),
    ),
  ];
}

/** Values that a key cannot take. */
export function badValues(script: ScriptFacts): Remark[] {
  const { tasks, workflows } = definitionsIn(script);
  return [
    ...tasks.flatMap(({ keys }) => keys.flatMap((key) => badValue(key, taskKeys))),
    ...workflows.flatMap(({ keys }) => keys.flatMap((key) => badValue(key, workflowKeys))),
  ];
}

function badValue({ name, values, key }: DefinedKey, known: readonly DslKey[]): Remark[] {
  const entry = known.find((k) => k.name === name);
  const [value, second] = values;
  if (entry === undefined) return [];
  if (value === undefined)
    return name === 'async' || entry.parameters?.[0]?.name === '...' ? [] : [remark(key, `'${name}' needs a value`)];
  if (name === 'timeout') return checkDuration(value, name);
  if (name === 'retries' && second !== undefined) return badBackoff(second);
  const type = typeOf(value);
  const accepted = typesOf(entry.type);
  if (type === undefined || type === 'nil' || accepted === undefined || accepted.has(type)) return [];
  return [remark(value, `'${name}' is a ${type}: ${[...accepted].join(' or ')} expected`)];
}

function badBackoff(node: Expression): Remark[] {
  const text = textOf(node);
  const words = ['exponential', 'linear', 'fixed'];
  if (text === undefined || words.includes(text)) return [];
  return [
    remark(node, `'${text}' is no way for pauses to grow: ${words.join(', ')}`, didYouMean(nearest(text, words))),
  ];
}

/** Names of Lua's types in a type of the reference; undefined when anything goes. */
function typesOf(type: string): ReadonlySet<string> | undefined {
  if (type === 'any') return undefined;
  const types = new Set<string>();
  for (const word of ['string', 'number', 'boolean'])
    if (new RegExp(`(^|[|(])${word}\\b(?!:)`).test(withoutFunctions(type))) types.add(word);
  if (/\bfun\(/.test(type)) types.add('function');
  if (/sloth\.|table|\[\]/.test(withoutFunctions(type))) types.add('table');
  if (/^"/.test(type)) types.add('string');
  return types;
}

function withoutFunctions(type: string): string {
  return type.replace(/fun\(.*\)(: ?[\w.]+)?/g, '');
}

export function tasksWithoutCommand(script: ScriptFacts): Remark[] {
  const { workflows } = definitionsIn(script);
  return workflows.flatMap(({ tasks }) =>
    tasks.flatMap(({ name, node, keys }) =>
      name === undefined || keys.some((key) => key.name === 'command' || key.name === 'run')
        ? []
        : [remark(node, `task '${name}' has no command`, 'write :command(function() ... end), or a shell line')],
    ),
  );
}

/** Counts as success, with a warning at run time. */
export function commandsWithoutReturn(script: ScriptFacts): Remark[] {
  return definitionsIn(script).tasks.flatMap(({ name, keys }) =>
    keys.flatMap((key) => {
      const fn = key.name === 'command' || key.name === 'run' ? script.functionOf(key.values[0]) : undefined;
      if (fn === undefined || ends(fn)) return [];
      return [
        remark(
          fn,
          `the command of task '${name ?? '?'}' returns nothing: it counts as success`,
          'return true, or false and why',
        ),
      ];
    }),
  );
}

/** Whether a function returns something, or raises. */
function ends(fn: FunctionDeclaration): boolean {
  const within = (node: Node): boolean => {
    if (node.type === 'ReturnStatement') return node.arguments.length > 0;
    if (node.type === 'FunctionDeclaration') return false;
    if (
      node.type === 'CallStatement' &&
      node.expression.base.type === 'Identifier' &&
      node.expression.base.name === 'error'
    )
      return true;
    return childrenOf(node).some(within);
  };
  return fn.body.some(within);
}
