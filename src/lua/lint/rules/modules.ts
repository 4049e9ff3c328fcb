/**
 * What is asked of modules: functions that there are, called as they are meant.
 */
import type { Expression, Node } from 'luaparse';
import { nearest } from '../../../domain/nearest.js';
import { modulesByName } from '../../reference/modules.js';
import { functionsOf, knownGlobals, standardLibrary, unavailableModules } from '../known-names.js';
import { habits } from './lua51.js';
import { didYouMean, remark, type Remark } from '../rule.js';
import type { ScriptCall, ScriptFacts } from '../script-facts.js';
import { textOf } from '../syntax-tree.js';

type Member = Extract<Node, { type: 'MemberExpression' | 'IndexExpression' }>;

function isMember(node: Node): node is Member {
  return node.type === 'MemberExpression' || node.type === 'IndexExpression';
}

/** The place of the field, for whoever has to correct it. */
export function fieldNode(node: Member): Node {
  return node.type === 'MemberExpression' ? node.identifier : node.index;
}

function split(path: string | undefined): readonly [module: string, field: string] | undefined {
  const [module = '', field, ...rest] = path?.split('.') ?? [];
  return field === undefined || rest.length > 0 ? undefined : [module, field];
}

/** Names that modules keep to themselves, such as fields that the script gives them. */
function assignedFields(script: ScriptFacts): ReadonlySet<string> {
  const assigned = script.nodes.flatMap((node) => {
    if (node.type === 'AssignmentStatement') return node.variables.map((target) => script.pathOf(target));
    return node.type === 'FunctionDeclaration' && node.identifier ? [script.pathOf(node.identifier)] : [];
  });
  return new Set(assigned.filter((path) => path !== undefined));
}

export function unknownFunctions(script: ScriptFacts): Remark[] {
  const called = new Set<Node>(script.calls.map(({ node }) => node.base));
  const own = assignedFields(script);
  return script.nodes.filter(isMember).flatMap((node) => {
    const path = script.pathOf(node);
    const found = split(path);
    if (found === undefined || own.has(path ?? '') || habits.has(path ?? '')) return [];
    const [module, field] = found;
    const known = functionsOf(module);
    if (known === undefined || known.includes(field)) return [];
    const near = nearest(field, known);
    const hint = didYouMean(near && `${module}.${near}`) ?? `${module} has ${known.join(', ')}`;
    return [remark(fieldNode(node), `${module} has no '${field}'`, hint, called.has(node) ? 'error' : 'warning')];
  });
}

/** Their functions pass over the module that a colon hands them. */
const takesColon: ReadonlySet<string> = new Set(['git']);

export function colonCalls(script: ScriptFacts): Remark[] {
  return script.calls.flatMap(({ path, method, node }) => {
    const found = method === undefined ? undefined : split(path);
    if (found === undefined || takesColon.has(found[0]) || functionsOf(found[0])?.includes(found[1]) !== true)
      return [];
    const text = `${found[0]}:${found[1]} hands over the module itself as the first argument`;
    return [remark(fieldNode(node.base as Member), text, `write ${found[0]}.${found[1]}(...)`)];
  });
}

export function unavailable(script: ScriptFacts): Remark[] {
  const globals = script.bindings.globals.filter(({ node }) => unavailableModules.has(node.name));
  const own = globals.filter(({ node }) => !script.ownGlobals.has(node.name)).map(({ node }) => [node, node.name]);
  const required = requiredNames(script).filter(([, name]) => unavailableModules.has(name));
  return [...(own as [Node, string][]), ...required].map(([node, name]) =>
    name === 'ai'
      ? remark(
          node,
          'ai answers neutrally: confidence 0, empty lists',
          'decide from what gitops and metrics tell',
          'warning',
        )
      : remark(
          node,
          `module '${name}' is not available: host management is out of scope`,
          'use exec.run for a command on a worker',
        ),
  );
}

/** `require` of what is neither a module nor a file. */
export function unknownModules(script: ScriptFacts): Remark[] {
  return requiredNames(script).flatMap(([node, name]) => {
    const known = modulesByName.has(name) || name in standardLibrary || ['workflow', 'task', 'values'].includes(name);
    if (known || unavailableModules.has(name) || moduleFile(script, name) !== undefined) return [];
    const near = nearest(name, [...modulesByName.keys()]);
    const hint = didYouMean(near) ?? 'a file beside the script is named without its .lua, folders with /';
    return [remark(node, `there is no module and no file '${name}'`, hint)];
  });
}

export function missingFiles(script: ScriptFacts): Remark[] {
  const asked = ['import', 'dofile', 'loadfile'].flatMap((name) => argumentsTo(script, name));
  return asked.flatMap((node) => {
    const name = textOf(node);
    if (name === undefined || script.files.read(name) !== undefined) return [];
    return [remark(node, `there is no file '${name}'`, 'the path is relative to the script, with its .lua')];
  });
}

/** The file that `require` would read. */
function moduleFile({ files }: ScriptFacts, name: string): string | undefined {
  const dotted = name.replaceAll('.', '/');
  const paths = [`${dotted}.lua`, `${dotted}/init.lua`, name];
  return paths.map((path) => files.read(path)).find((text) => text !== undefined);
}

function requiredNames(script: ScriptFacts): [Node, string][] {
  return argumentsTo(script, 'require').flatMap((node) => {
    const name = textOf(node);
    return name === undefined ? [] : [[node, name] as [Node, string]];
  });
}

export function argumentsTo(script: ScriptFacts, name: string): Expression[] {
  return script.calls.filter((call: ScriptCall) => call.path === name).flatMap(({ args }) => args.slice(0, 1));
}

/** Globals that nothing sets. */
export function undefinedGlobals(script: ScriptFacts): Remark[] {
  if (setsGlobalsByHand(script)) return [];
  const known = new Set([...knownGlobals, ...script.ownGlobals, ...importedGlobals(script)]);
  return script.bindings.globals.flatMap(({ node, kind }) => {
    if (kind === 'write' || known.has(node.name) || unavailableModules.has(node.name) || habits.has(node.name))
      return [];
    const near = nearest(node.name, [...known, ...localsOf(script)]);
    return [remark(node, `nothing sets the global '${node.name}': it is nil`, didYouMean(near))];
  });
}

function localsOf({ bindings }: ScriptFacts): string[] {
  return [...new Set([...bindings.locals.values()].map(({ name }) => name))];
}

function setsGlobalsByHand(script: ScriptFacts): boolean {
  return script.bindings.globals.some(({ node }) => node.name === '_G' || node.name === '_ENV');
}

function importedGlobals(script: ScriptFacts): string[] {
  const asked = ['import', 'dofile', 'require'].flatMap((name) => argumentsTo(script, name));
  const names = asked.map(textOf).filter((name) => name !== undefined);
  const texts = names.map((name) => script.files.read(name) ?? moduleFile(script, name));
  return texts.flatMap((text) =>
    [...(text ?? '').matchAll(/^(?:function\s+)?(\w+)\s*(?:=[^=]|\()/gm)].map((m) => m[1] ?? ''),
  );
}

/** Modules are shared by the whole run: a changed one changes every later call. */
export function changedModules(script: ScriptFacts): Remark[] {
  const globals = script.bindings.globals.filter(
    ({ node, kind }) => kind === 'write' && functionsOf(node.name) !== undefined,
  );
  const overwritten = globals.map(({ node }) =>
    remark(node, `the module '${node.name}' is overwritten`, `use a local of another name`),
  );
  return [...overwritten, ...script.nodes.flatMap((node) => changedBy(node, script))];
}

function changedBy(node: Node, script: ScriptFacts): Remark[] {
  const targets: Node[] =
    node.type === 'AssignmentStatement'
      ? node.variables
      : node.type === 'FunctionDeclaration' && node.identifier !== null
        ? [node.identifier]
        : [];
  return targets.filter(isMember).flatMap((target) => {
    const [module, field] = split(script.pathOf(target)) ?? [];
    if (module === undefined || field === undefined || functionsOf(module) === undefined) return [];
    if (module in standardLibrary && !functionsOf(module)?.includes(field)) return [];
    return [remark(target, `${module}.${field} is changed for the whole run`, 'write a function of your own')];
  });
}
