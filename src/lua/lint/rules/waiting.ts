/**
 * Calls that wait, in functions that Lua's library calls: it cannot wait there (lua-api.md section 1).
 */
import type { Expression, FunctionDeclaration, Node } from 'luaparse';
import { modulesByName } from '../../reference/modules.js';
import { remark, type Remark } from '../rule.js';
import type { ScriptCall, ScriptFacts } from '../script-facts.js';
import { isCall, nodesIn } from '../syntax-tree.js';

const cannotWait = new Set(['__tostring', '__pairs', '__gc', '__name']);

interface Place {
  readonly where: string;
  readonly callback: Expression;
}

export function waitingCallbacks(script: ScriptFacts): Remark[] {
  return placesIn(script).flatMap(({ where, callback }) => {
    const fn = script.functionOf(callback);
    const direct = isDurable(script.pathOf(callback)) ? [callback] : [];
    const found = fn === undefined ? direct : durableCallsIn(fn, script, new Set());
    return found.slice(0, 1).map((node) => {
      const path = calledName(node, script);
      return remark(
        node,
        `${path} cannot be called in ${where}: Lua cannot wait there`,
        'make the call before, and use its result',
      );
    });
  });
}

function calledName(node: Node, script: ScriptFacts): string {
  const callee = isCall(node) ? node.base : (node as Expression);
  const local = callee.type === 'Identifier' ? callee.name : undefined;
  return script.pathOf(callee) ?? local ?? 'the call';
}

function placesIn(script: ScriptFacts): Place[] {
  const ofCalls = script.calls.flatMap((call) => {
    const callback = callbackOf(call);
    return callback === undefined ? [] : [callback];
  });
  const ofTables = script.nodes.flatMap((node) => {
    if (node.type !== 'TableKeyString' || !cannotWait.has(node.key.name)) return [];
    return [{ where: node.key.name, callback: node.value }];
  });
  return [...ofCalls, ...ofTables];
}

function callbackOf({ path, method, args }: ScriptCall): Place | undefined {
  if (path === 'table.sort' && args[1]) return { where: 'a comparator of table.sort', callback: args[1] };
  if (path === 'string.gsub' && args[2]) return { where: 'a function of gsub', callback: args[2] };
  if (method === 'gsub' && path === undefined && args[1]) return { where: 'a function of gsub', callback: args[1] };
  return undefined;
}

/** In the function, and in the local functions it calls. */
function durableCallsIn(fn: FunctionDeclaration, script: ScriptFacts, seen: Set<Node>): Node[] {
  if (seen.has(fn)) return [];
  seen.add(fn);
  return nodesIn(fn).flatMap((node) => {
    const call = script.calls.find((c) => c.node === node);
    if (call === undefined) return [];
    if (isDurable(call.path)) return [node];
    const inner = script.functionOf(call.node.base);
    return inner !== undefined && durableCallsIn(inner, script, seen).length > 0 ? [node] : [];
  });
}

export function isDurable(path: string | undefined): boolean {
  const [module = '', name = '', ...rest] = path?.split('.') ?? [];
  return rest.length === 0 && modulesByName.get(module)?.functions[name]?.durable === true;
}
