/**
 * The JavaScript functions behind `pcall`, `coroutine.wrap` and `debug.traceback`: who caught what, and where it came from.
 */
import { textAt } from './conversion.js';
import { lua, to_luastring, type LuaState } from './fengari.js';
import type { Native } from './number-natives.js';
import { inWordsOfScript, placeAtLevel, placeOf, traceback } from './traceback.js';
import type { LuaVm } from './vm.js';

export function threadNatives(vm: LuaVm): Record<string, Native> {
  return {
    caught: (L) => vm.caught(L),
    charge: (L) => {
      vm.charge(L, lua.lua_tonumber(L, 1));
      return 0;
    },
    /** A message handler: the error as it is, in the words of the script. */
    remember: (L) => {
      lua.lua_settop(L, 1);
      if (lua.lua_type(L, 1) === lua.LUA_TSTRING) reword(L);
      vm.remember(L, L);
      return 1;
    },
    /** Raises what ended the coroutine; its stack is gone otherwise. */
    reraise: (L) => {
      lua.lua_settop(L, 2);
      vm.remember(L, lua.lua_tothread(L, 1) ?? L);
      return lua.lua_error(L);
    },
    /** Whether no coroutine of the script is running: there is nobody to yield to. */
    outside: (L) => {
      lua.lua_pushboolean(L, L === vm.running);
      return 1;
    },
    /** (boolean): a message handler of `xpcall` begins, or has ended. */
    handling: (L) => {
      vm.handling = lua.lua_toboolean(L, 1);
      return 0;
    },
    traceback: (L) => pushTraceback(L),
    error: (L) => raiseAt(L),
  };
}

const ours = to_luastring('=prelude:');

function reword(L: LuaState): void {
  const text = lua.lua_tostring(L, 1) as Uint8Array;
  if (!ours.every((byte, i) => text[i] === byte)) return;
  lua.lua_pushstring(L, to_luastring(inWordsOfScript(textAt(L, 1), placeOf(L))));
  lua.lua_replace(L, 1);
}

/** `error([message [, level]])`: a position in the prelude is said as the line of the script that led there. */
function raiseAt(L: LuaState): number {
  const level = lua.lua_gettop(L) < 2 ? 1 : lua.lua_tonumber(L, 2);
  lua.lua_settop(L, 1);
  if (lua.lua_type(L, 1) === lua.LUA_TSTRING && level > 0) {
    const place = placeAtLevel(L, level);
    lua.lua_pushstring(L, to_luastring(place === undefined ? '' : `${place}: `));
    lua.lua_insert(L, 1);
    lua.lua_concat(L, 2);
  }
  return lua.lua_error(L);
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
