/**
 * Data from outside as Lua values: unlike answers of the host, nothing in it is a handle. Null is nothing in a table and
 * `data.null` in a list, so that positions hold; an empty list stays one.
 */
import { lua, to_luastring, type LuaState } from '../fengari.js';
import { setMark } from '../marks.js';
import { spend } from '../metering.js';

export const depthLimit = 64;
const costOfValue = 4;
const nullKey = to_luastring('null value');

/** Keeps the value on top of the stack as `data.null`. */
export function setNull(L: LuaState): void {
  lua.lua_setfield(L, lua.LUA_REGISTRYINDEX, nullKey);
}

export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth >= depthLimit || Object.values(value).some((entry) => isTooDeep(entry, depth + 1));
}

/** @param value JSON no deeper than the limit */
export function pushPlain(L: LuaState, value: unknown): void {
  spend(L, costOfValue);
  lua.lua_checkstack(L, 8);
  if (typeof value === 'boolean') lua.lua_pushboolean(L, value);
  else if (typeof value === 'number') lua.lua_pushnumber(L, value);
  else if (typeof value === 'string') lua.lua_pushstring(L, to_luastring(value));
  else if (Array.isArray(value)) pushList(L, value);
  else if (typeof value === 'object' && value !== null) pushMap(L, value);
  else lua.lua_pushnil(L);
}

function pushList(L: LuaState, list: readonly unknown[]): void {
  lua.lua_createtable(L, list.length, 0);
  if (list.length === 0) setMark(L, 'list');
  list.forEach((entry, i) => {
    if (entry === null) lua.lua_getfield(L, lua.LUA_REGISTRYINDEX, nullKey);
    else pushPlain(L, entry);
    lua.lua_rawseti(L, -2, i + 1);
  });
}

function pushMap(L: LuaState, map: object): void {
  lua.lua_createtable(L, 0, 0);
  for (const [key, entry] of Object.entries(map)) {
    if (entry === null) continue;
    lua.lua_pushstring(L, to_luastring(key));
    pushPlain(L, entry);
    lua.lua_rawset(L, -3);
  }
}
