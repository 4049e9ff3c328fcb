/**
 * The functions of Lua's libraries that are written in JavaScript, made to count what they read and write.
 */
import { lua, type LuaState } from './fengari.js';
import { bytesPerInstruction, copiedPerInstruction, costs, sizeAt } from './library-costs.js';
import { charge } from './metering.js';

/** So many results are in the price of the call. */
const few = 8;

/** Makes the functions of the library (a table on top of the stack) count. */
export function meterLibrary(L: LuaState, library: string): void {
  const names: Uint8Array[] = [];
  lua.lua_pushnil(L);
  for (; lua.lua_next(L, -2) !== 0; lua.lua_pop(L, 1)) names.push(lua.lua_tostring(L, -2) as Uint8Array);
  for (const name of names) {
    lua.lua_getfield(L, -1, name);
    const original = lua.lua_tocfunction(L, -1);
    lua.lua_pop(L, 1);
    if (original === null) continue;
    lua.lua_pushcfunction(L, metered(original, `${library}.${String.fromCharCode(...name)}`));
    lua.lua_setfield(L, -2, name);
  }
}

function metered(original: (L: LuaState) => number, name: string): (L: LuaState) => number {
  const before = Object.hasOwn(costs, name) ? costs[name] : undefined;
  return (L) => {
    if (before !== undefined) charge(L, before(L));
    if (name === 'string.gsub') meterReplacements(L);
    const results = original(L);
    let size = 0;
    for (let i = 1; i <= results; i++) size += sizeAt(L, -i);
    charge(L, size / copiedPerInstruction + (results > few ? results : 0));
    return results;
  };
}

/** What a table or a function gives for a match is written into the result. */
function meterReplacements(L: LuaState): void {
  const type = lua.lua_type(L, 3);
  if (type !== lua.LUA_TTABLE && type !== lua.LUA_TFUNCTION) return;
  lua.lua_pushvalue(L, 3);
  lua.lua_pushcclosure(L, type === lua.LUA_TTABLE ? lookUp : callBack, 1);
  lua.lua_replace(L, 3);
}

function lookUp(L: LuaState): number {
  lua.lua_settop(L, 1);
  lua.lua_gettable(L, lua.lua_upvalueindex(1));
  charge(L, sizeAt(L, -1) / bytesPerInstruction);
  return 1;
}

function callBack(L: LuaState): number {
  lua.lua_pushvalue(L, lua.lua_upvalueindex(1));
  lua.lua_insert(L, 1);
  lua.lua_call(L, lua.lua_gettop(L) - 1, 1);
  charge(L, sizeAt(L, -1) / bytesPerInstruction);
  return 1;
}
