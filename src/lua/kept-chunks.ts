/**
 * Chunks that are loaded over and over, kept compiled: a plan starts dozens of machines, and compiling the preludes
 * takes ten times as long as reading them back. A run that loads a chunk once pays nothing.
 */
import { lauxlib, lua, to_luastring, type LuaState } from './fengari.js';
import type { LuaVm } from './vm.js';

const seen = new Set<string>();
const kept = new Map<string, Uint8Array>();

/** Like `vm.load`; for our own text only, since compiled code is trusted. */
export function loadKept(vm: LuaVm, source: string, name: string): LuaState {
  const bytes = kept.get(source);
  if (bytes !== undefined) return readBack(vm, bytes, name);
  const thread = vm.load(source, name);
  if (seen.has(source)) kept.set(source, dump(thread));
  seen.add(source);
  return thread;
}

function readBack(vm: LuaVm, bytes: Uint8Array, name: string): LuaState {
  const thread = lua.lua_newthread(vm.L);
  lua.lua_pop(vm.L, 1);
  lauxlib.luaL_loadbufferx(thread, bytes, bytes.length, to_luastring(`@${name}`), to_luastring('b'));
  return thread;
}

function dump(thread: LuaState): Uint8Array {
  const bytes: number[] = [];
  const write = (_L: LuaState, part: Uint8Array, size: number): number => {
    for (let i = 0; i < size; i++) bytes.push(part[i] ?? 0);
    return 0;
  };
  lua.lua_dump(thread, write, null, false);
  return Uint8Array.from(bytes);
}
