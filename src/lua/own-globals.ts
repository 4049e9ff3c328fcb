/**
 * The globals that the prelude sees. While its parts are loaded they are the script's; then they are a copy, so that whatever
 * a script puts in the place of `type` or `table.concat` is for the script alone.
 */
import { lua, to_luastring, type LuaState } from './fengari.js';

const key = to_luastring('globals of the prelude');
const metamethods = ['__index', '__newindex'];

/** To be called before the first part. */
export function makeOwnGlobals(L: LuaState): void {
  lua.lua_createtable(L, 0, 0);
  lua.lua_createtable(L, 0, metamethods.length);
  for (const name of metamethods) {
    lua.lua_pushglobaltable(L);
    lua.lua_setfield(L, -2, to_luastring(name));
  }
  lua.lua_setmetatable(L, -2);
  lua.lua_setfield(L, lua.LUA_REGISTRYINDEX, key);
}

/** Gives the chunk on top of the stack these globals. */
export function useOwnGlobals(L: LuaState): void {
  lua.lua_getfield(L, lua.LUA_REGISTRYINDEX, key);
  lua.lua_setupvalue(L, -2, 1);
}
