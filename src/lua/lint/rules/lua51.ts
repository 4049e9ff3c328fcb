/**
 * Habits of Lua 5.1 and of other hosts that do not work here. What does work (unpack, loadstring, table.getn,
 * string.gfind, math.pow) is no finding.
 */
import type { FunctionDeclaration } from 'luaparse';
import { remark, type Remark } from '../rule.js';
import type { ScriptFacts } from '../script-facts.js';
import { childrenOf } from '../syntax-tree.js';
import type { Node } from 'luaparse';

/** Names, and what to write instead. */
export const habits: ReadonlyMap<string, string> = new Map([
  ['setfenv', 'pass an environment table as the fourth argument of load'],
  ['getfenv', 'pass an environment table as the fourth argument of load'],
  ['module', 'let the file return a table: local M = {} ... return M'],
  ['newproxy', 'use setmetatable({}, {...})'],
  ['package', 'use import("file.lua") or require("file")'],
  ['table.setn', 'leave it out: # counts'],
  ['math.atan2', 'write math.atan(y, x)'],
  ['string.dump', 'keep the source text: bytecode is not loaded'],
  ['os.exit', 'end the script with error("why"), or return from its body'],
  ['os.setlocale', 'leave it out: the locale is C'],
]);

/** What works here and no longer elsewhere. */
const kept: ReadonlyMap<string, string> = new Map([
  ['table.foreach', 'write for k, v in pairs(t) do ... end'],
  ['table.foreachi', 'write for i, v in ipairs(t) do ... end'],
  ['math.mod', 'write a % b'],
  ['math.log10', 'write math.log(x, 10)'],
  ['collectgarbage', 'leave it out: memory is counted and freed by itself'],
]);

export function keptHabits(script: ScriptFacts): Remark[] {
  return named(script, kept).map(({ node, path, advice }) =>
    remark(node, `${path} is of Lua 5.1; it works here`, advice),
  );
}

export function oldHabits(script: ScriptFacts): Remark[] {
  return named(script, habits).map(({ node, path, advice }) => remark(node, `${path} is not available`, advice));
}

function named(script: ScriptFacts, names: ReadonlyMap<string, string>) {
  const seen = script.nodes.filter((node) => node.type === 'Identifier' || node.type === 'MemberExpression');
  return seen.flatMap((node) => {
    const path = isName(node, script) ? script.pathOf(node) : undefined;
    const advice = path === undefined ? undefined : names.get(path);
    return path === undefined || advice === undefined ? [] : [{ node, path, advice }];
  });
}

/** A variable, not the name of a field. */
function isName(
  node: Node,
  { bindings }: ScriptFacts,
): node is Extract<Node, { type: 'Identifier' | 'MemberExpression' }> {
  return node.type === 'MemberExpression' || bindings.globals.some((use) => use.node === node && use.kind === 'read');
}

/** 5.1 put the further arguments of a function into `arg`. */
export function argTables(script: ScriptFacts): Remark[] {
  const functions = script.nodes.filter((node): node is FunctionDeclaration => node.type === 'FunctionDeclaration');
  const variadic = functions.filter(({ parameters }) => parameters.at(-1)?.type === 'VarargLiteral');
  const inside = new Set(variadic.flatMap((node) => identifiersIn(node)));
  return script.bindings.globals
    .filter(({ node, kind }) => node.name === 'arg' && kind === 'read' && inside.has(node))
    .map(({ node }) => remark(node, "'arg' does not hold the further arguments", 'write local arg = {...}'));
}

function identifiersIn(node: Node): Node[] {
  return [node, ...childrenOf(node).flatMap(identifiersIn)];
}

/** Of Lua 5.3, and different with the numbers of 5.1. */
export function newOperators(script: ScriptFacts): Remark[] {
  return script.nodes.flatMap((node) => {
    if (node.type !== 'BinaryExpression') return [];
    if (node.operator === '//')
      return [
        remark(
          node,
          '// is of Lua 5.3: here it rounds down a number with a fraction',
          'write math.floor(a / b) to be read the same everywhere',
        ),
      ];
    if (!['&', '|', '~', '<<', '>>'].includes(node.operator)) return [];
    return [remark(node, `${node.operator} is of Lua 5.3, and works on 32 bits here`, 'keep the numbers below 2^31')];
  });
}
