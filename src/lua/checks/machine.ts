/**
 * A machine for one check: fresh, with a budget, with nothing of the host but the time. Argo CD gives a script one
 * second; here it is instructions, so that a busy machine does not change a verdict.
 */
import type { GitOpsError } from '../../domain/errors.js';
import { textAt, pushData, toData } from '../conversion.js';
import { lua, to_luastring, type LuaState } from '../fengari.js';
import { loadKept } from '../kept-chunks.js';
import { spend } from '../metering.js';
import { formatPrelude } from '../prelude/number-format.js';
import { numberNatives, type Native } from '../number-natives.js';
import { threadNatives } from '../thread-natives.js';
import { formatTime, timeOf } from '../time.js';
import { LuaVm } from '../vm.js';
import { checkFormatPrelude, checkPrelude } from './check-prelude.js';
import { goNumber, goQuote } from './go-text.js';

/** Some tenth of a second to one second. */
export const checkBudget = 1_000_000;

export interface CheckScript {
  /** For messages: where it was read. */
  readonly path: string;
  readonly source: string;
}

/**
 * Runs the script with `globals` set and leaves what it returns on top of the thread's stack.
 * @throws GitOpsError ScriptSyntax, ScriptFailed, LuaBudgetExceeded
 */
export function runCheck(script: CheckScript, globals: Readonly<Record<string, unknown>>, now: number): LuaState {
  const vm = new LuaVm(checkBudget);
  vm.L.l_G.numberText = goNumber;
  install(vm, now);
  for (const [name, value] of Object.entries(globals)) {
    push(vm.L, value);
    lua.lua_setglobal(vm.L, to_luastring(name));
  }
  const thread = loadKept(vm, script.source, script.path);
  vm.runToEnd(thread);
  return thread;
}

function install(vm: LuaVm, now: number): void {
  const natives = nativesOf(vm, now);
  for (const chunk of [checkPrelude, formatPrelude, checkFormatPrelude]) {
    const thread = loadKept(vm, chunk, '=prelude');
    pushNatives(thread, natives);
    vm.runToEnd(thread, 1);
  }
}

function nativesOf(vm: LuaVm, now: number): Record<string, Native> {
  const one = (L: LuaState, value: unknown): number => {
    push(L, value);
    return 1;
  };
  const argument = (L: LuaState, index: number) => (lua.lua_gettop(L) >= index ? toData(L, index) : null);
  return {
    ...numberNatives(goNumber),
    ...threadNatives(vm),
    quote: (L) => one(L, goQuote(textAt(L, 1))),
    random: (L) => one(L, Math.random()),
    time: (L) => guarded(vm, L, () => one(L, timeOf(argument(L, 1), now))),
    clock: (L) => one(L, 0),
    decode: (L) => decode(L),
    encode: (L) => guarded(vm, L, () => one(L, JSON.stringify(argument(L, 1)))),
    date: (L) => guarded(vm, L, () => one(L, formatTime(argument(L, 1), argument(L, 2), now))),
  };
}

/** What is no JSON gives nil and the reason. */
function decode(L: LuaState): number {
  const text = textAt(L, 1);
  try {
    push(L, JSON.parse(text));
    return 1;
  } catch (error) {
    push(L, null);
    push(L, (error as Error).message);
    return 2;
  }
}

/** No JavaScript error may pass through Lua. */
function guarded(vm: LuaVm, L: LuaState, run: () => number): number {
  let failure: string;
  try {
    return run();
  } catch (error) {
    failure = (error as GitOpsError).message;
  }
  return vm.raise(L, failure);
}

function pushNatives(L: LuaState, natives: Record<string, Native>): void {
  lua.lua_createtable(L, 0, 0);
  for (const [name, native] of Object.entries(natives)) {
    lua.lua_pushcfunction(L, native);
    lua.lua_setfield(L, -2, to_luastring(name));
  }
}

/** What a value takes to push, in plain instructions. */
const costOfValue = 2;

/** JSON data as plain tables: what is null is not there. */
function push(L: LuaState, value: unknown): void {
  spend(L, costOfValue);
  lua.lua_checkstack(L, 8);
  if (Array.isArray(value)) pushList(L, value);
  else if (typeof value === 'object' && value !== null) pushMap(L, value);
  else pushData(L, value as string | number | boolean | null | undefined);
}

/** gopher-lua appends: nothing comes of a null, and the next takes its place. */
function pushList(L: LuaState, list: readonly unknown[]): void {
  lua.lua_createtable(L, list.length, 0);
  let length = 0;
  for (const entry of list) {
    if (entry === null || entry === undefined) continue;
    push(L, entry);
    lua.lua_rawseti(L, -2, ++length);
  }
}

function pushMap(L: LuaState, map: object): void {
  lua.lua_createtable(L, 0, 0);
  for (const [key, entry] of Object.entries(map)) {
    if (entry === null || entry === undefined) continue;
    lua.lua_pushstring(L, to_luastring(key));
    push(L, entry);
    lua.lua_rawset(L, -3);
  }
}
