/**
 * Which line of the script is running, for messages: frames of our own prelude and of JavaScript are skipped.
 */
import { lua, to_jsstring, to_luastring, type LuaState } from './fengari.js';

const levels = 20;

export function scriptLine(L: LuaState, name: string): number {
  const info = new lua.lua_Debug();
  for (let level = 0; level < levels && lua.lua_getstack(L, level, info); level++) {
    lua.lua_getinfo(L, to_luastring('Sl'), info);
    if (to_jsstring(info.source) === `@${name}` && info.currentline > 0) return info.currentline;
  }
  return 0;
}
