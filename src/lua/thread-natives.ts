/**
 * The JavaScript functions behind `pcall`, `coroutine.wrap` and `debug.traceback`: who caught what, and where it came from.
 */
import { textAt } from './conversion.js';
import { lua, to_luastring, type LuaState } from './fengari.js';
import type { Native } from './number-natives.js';
import { traceback } from './traceback.js';
import type { LuaVm } from './vm.js';

export function threadNatives(vm: LuaVm): Record<string, Native> {
  return {
    caught: (L) => vm.caught(L),
    charge: (L) => {
      vm.charge(L, lua.lua_tonumber(L, 1));
      return 0;
    },
    /** A message handler: the error as it is. */
    remember: (L) => {
      lua.lua_settop(L, 1);
      vm.remember(L, L);
      return 1;
    },
    /** Raises what ended the coroutine; its stack is gone otherwise. */
    reraise: (L) => {
      lua.lua_settop(L, 2);
      vm.remember(L, lua.lua_tothread(L, 1) ?? L);
      return lua.lua_error(L);
    },
    traceback: (L) => pushTraceback(L),
  };
}

/** `traceback([thread,] [message])`; what is neither text nor nil is given back, as Lua does. */
function pushTraceback(L: LuaState): number {
  const thread = lua.lua_gettop(L) > 0 ? lua.lua_tothread(L, 1) : null;
  const message = thread === null ? 1 : 2;
  const type = lua.lua_gettop(L) < message ? lua.LUA_TNIL : lua.lua_type(L, message);
  if (type !== lua.LUA_TNIL && type !== lua.LUA_TSTRING) {
    lua.lua_pushvalue(L, message);
    return 1;
  }
  const head = type === lua.LUA_TSTRING ? [textAt(L, message)] : [];
  const lines = [...head, 'stack traceback:', ...traceback(thread ?? L).map((line) => `\t${line}`)];
  lua.lua_pushstring(L, to_luastring(lines.join('\n')));
  return 1;
}
