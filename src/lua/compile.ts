/**
 * From the text of a script, or of a file of it, to a function: the one way in.
 */
import { lauxlib, lua, to_luastring, type LuaState } from './fengari.js';
import { keepCallers } from './tail-calls.js';

const text = to_luastring('t');

/** Without a first line of `#!`; its end stays, so that lines keep their numbers. */
export function withoutShebang(source: string): string {
  return source.replace(/^#![^\n]*/, '');
}

/** Pushes the function, or what is wrong with the text. @returns whether it is the function */
export function compile(L: LuaState, source: string, name: string): boolean {
  const bytes = to_luastring(withoutShebang(source));
  const status = lauxlib.luaL_loadbufferx(L, bytes, bytes.length, to_luastring(`@${name}`), text);
  if (status === lua.LUA_OK) keepCallers(L);
  return status === lua.LUA_OK;
}
