/**
 * The libraries a machine has. The list is the containment: no io, os, package or debug.
 */
import { lauxlib, lua, lualib, to_luastring, type LuaState } from './fengari.js';
import './metered-instructions.js';
import { meterLibrary } from './metered-library.js';
import './metered-patterns.js';
import type { LuaVm } from './vm.js';

const libraries = {
  _G: lualib.luaopen_base,
  coroutine: lualib.luaopen_coroutine,
  table: lualib.luaopen_table,
  string: lualib.luaopen_string,
  math: lualib.luaopen_math,
  utf8: lualib.luaopen_utf8,
};

const metered = ['string', 'table', 'utf8'];

export function openLibraries(L: LuaState, vm: LuaVm): void {
  for (const [name, open] of Object.entries(libraries)) {
    lauxlib.luaL_requiref(L, to_luastring(name), open, true);
    if (metered.includes(name)) meterLibrary(L, name);
    if (name === 'coroutine') countCoroutines(L, vm);
    lua.lua_pop(L, 1);
  }
}

function countCoroutines(L: LuaState, vm: LuaVm): void {
  const resume = to_luastring('resume');
  lua.lua_getfield(L, -1, resume);
  const original = lua.lua_tocfunction(L, -1) as (L: LuaState) => number;
  lua.lua_pop(L, 1);
  lua.lua_pushcfunction(L, (caller) => {
    const co = lua.lua_gettop(caller) > 0 ? lua.lua_tothread(caller, 1) : null;
    if (co === null) return vm.refuse(caller, "bad argument #1 to 'resume' (coroutine expected)");
    return vm.resumeCoroutine(caller, co, () => original(caller));
  });
  lua.lua_setfield(L, -2, resume);
}
