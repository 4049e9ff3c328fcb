/**
 * What functions of Lua's libraries cost beyond their results, in instructions, by library and name. Told from the arguments,
 * before they run.
 */
import { lauxlib, lua, to_luastring, type LuaState } from './fengari.js';

export const bytesPerInstruction = 16;
/** Of text that is copied in one piece. */
export const copiedPerInstruction = 64;
/** Of `string.rep`, which copies piece by piece. */
const piecesPerInstruction = 32;
/** A capture is a copy of what it holds; 32 of them may hold all of a text. */
const largeSubject = 64 * 1024;

type Cost = (L: LuaState) => number;

export function sizeAt(L: LuaState, index: number): number {
  return lua.lua_type(L, index) === lua.LUA_TSTRING ? lua.lua_rawlen(L, index) : 0;
}

const readsAll: Cost = (L) => {
  let size = 0;
  for (let i = lua.lua_gettop(L); i > 0; i--) size += sizeAt(L, i);
  return size / bytesPerInstruction;
};

function textCosts(library: string, names: readonly string[]): Record<string, Cost> {
  return Object.fromEntries(names.map((name) => [`${library}.${name}`, readsAll]));
}

export const costs: Readonly<Record<string, Cost>> = {
  ...textCosts('string', ['upper', 'lower', 'reverse', 'format', 'pack', 'packsize', 'unpack']),
  ...textCosts('utf8', ['len', 'codepoint', 'offset']),
  'string.rep': (L) => Math.max(0, lua.lua_tonumber(L, 2)) / piecesPerInstruction,
  'string.find': (L) => captured(L) + searched(L),
  'string.match': (L) => captured(L),
  'string.gmatch': (L) => captured(L),
  'string.gsub': (L) => captured(L) + (sizeAt(L, 1) * (1 + percents(L, 3))) / bytesPerInstruction,
  'utf8.char': (L) => 2 * lua.lua_gettop(L),
  'table.insert': (L) => (lua.lua_gettop(L) > 2 ? shifted(L) : plainLength(L)),
  'table.remove': (L) => (lua.lua_gettop(L) > 1 ? shifted(L) : plainLength(L)),
  'table.sort': (L) => compared(plainLength(L)),
  'table.move': (L) => 2 * Math.max(0, lua.lua_tonumber(L, 3) - lua.lua_tonumber(L, 2)),
};

/** Of a plain search; a long needle is compared again and again. */
function searched(L: LuaState): number {
  const needle = sizeAt(L, 2);
  return (sizeAt(L, 1) * (needle > 16 ? needle : 1)) / 64 / bytesPerInstruction;
}

function captured(L: LuaState): number {
  const size = sizeAt(L, 1);
  return size > largeSubject ? (size * count(L, 2, openingBracket)) / copiedPerInstruction : 0;
}

const [percent, openingBracket] = [37, 40];

function percents(L: LuaState, index: number): number {
  return count(L, index, percent);
}

function count(L: LuaState, index: number, wanted: number): number {
  const text = sizeAt(L, index) > 0 ? lua.lua_tostring(L, index) : null;
  return text === null ? 0 : text.reduce((sum, byte) => sum + (byte === wanted ? 1 : 0), 0);
}

/** Elements after the position given. */
function shifted(L: LuaState): number {
  return Math.max(0, plainLength(L) - lua.lua_tonumber(L, 2));
}

function compared(length: number): number {
  return length > 1 ? (length * Math.log2(length)) / 2 : 0;
}

/** 5.1 looks at the entries themselves here; `__len` could say any number, another one each time it is asked. */
function plainLength(L: LuaState): number {
  if (lua.lua_type(L, 1) !== lua.LUA_TTABLE) return 0;
  if (lauxlib.luaL_getmetafield(L, 1, to_luastring('__len')) !== lua.LUA_TNIL)
    return lauxlib.luaL_error(L, to_luastring('functions of table take no table with a metamethod __len'));
  return lua.lua_rawlen(L, 1);
}
