/**
 * Tables that stand for what Lua has no value for: `data.null`, a list that is empty, a reference to a secret. Each kind
 * has a metatable of its own, known by identity: no data that a script reads can pass for one.
 */
import { lua, to_luastring, type LuaState } from './fengari.js';

const marks = ['null', 'list', 'secret'] as const;
export type Mark = (typeof marks)[number];

const key = (mark: Mark): Uint8Array => to_luastring(`mark ${mark}`);

/** Makes the table on top of the stack the metatable of that kind, and takes it off. */
export function defineMark(L: LuaState, mark: Mark): void {
  lua.lua_setfield(L, lua.LUA_REGISTRYINDEX, key(mark));
}

export function isMark(name: string): name is Mark {
  return marks.some((mark) => mark === name);
}

/** Makes the table on top of the stack one of that kind. */
export function setMark(L: LuaState, mark: Mark): void {
  lua.lua_getfield(L, lua.LUA_REGISTRYINDEX, key(mark));
  lua.lua_setmetatable(L, -2); // nil, before the prelude has defined it, sets none
}

/** The kind of the table at that index. */
export function markAt(L: LuaState, index: number): Mark | undefined {
  if (!lua.lua_getmetatable(L, index)) return undefined;
  const found = marks.find((mark) => {
    lua.lua_getfield(L, lua.LUA_REGISTRYINDEX, key(mark));
    const same = Boolean(lua.lua_rawequal(L, -1, -2));
    lua.lua_pop(L, 1);
    return same;
  });
  lua.lua_pop(L, 1);
  return found;
}
