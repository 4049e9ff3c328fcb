/**
 * The stack of Lua functions as a script's author knows them: the script's own and those of chunks it loaded; the
 * prelude's and JavaScript's are left out.
 */
import { lua, to_luastring, type DebugInfo, type LuaState } from './fengari.js';

const lineLimit = 12;
/** Deeper frames are not looked at. */
const levelLimit = 200;

export interface Frame {
  /** `deploy.lua:12` */
  readonly place: string;
  readonly what: string;
}

/** Innermost first: `deploy.lua:12: in function 'deploy'`. Works on a thread that runs, waits or has failed. */
export function traceback(L: LuaState): string[] {
  const lines: string[] = [];
  for (const { place, what } of frames(L)) {
    if (lines.length === lineLimit) return [...lines, '...'];
    lines.push(`${place}: in ${what}`);
  }
  return lines;
}

/** Where the script stands, `deploy.lua:12`; undefined outside of it. */
export function placeOf(L: LuaState): string | undefined {
  for (const { place } of frames(L)) return place;
  return undefined;
}

/** Where the function at that level stands. What our own code calls, and refuses, is where the script called it. */
export function placeAtLevel(L: LuaState, level: number): string | undefined {
  const info = new lua.lua_Debug();
  const ours = (at: number): boolean => {
    if (!lua.lua_getstack(L, at, info)) return false;
    lua.lua_getinfo(L, to_luastring('Sl'), info);
    return isOurs(info);
  };
  if (ours(1) || ours(level)) return placeOf(L);
  if (!lua.lua_getstack(L, level, info)) return undefined;
  lua.lua_getinfo(L, to_luastring('Sl'), info);
  return info.currentline > 0 ? `${text(info.short_src)}:${info.currentline}` : undefined;
}

/** What Lua says of a line of ours, and of the names there, is about what the script called. */
export function inWordsOfScript(message: string, place: string | undefined): string {
  if (!message.startsWith('=prelude:')) return message;
  return message.replace(/^=prelude:\d+: /, `${place ?? '?'}: `).replace(/ to 'raw_(\w+)'/, " to '$1'");
}

function* frames(L: LuaState): Generator<Frame> {
  const info = new lua.lua_Debug();
  for (let level = 0; level < levelLimit && lua.lua_getstack(L, level, info); level++) {
    lua.lua_getinfo(L, to_luastring('Sln'), info);
    if (info.currentline > 0 && !isOurs(info))
      yield { place: `${text(info.short_src)}:${info.currentline}`, what: nameOf(info) };
  }
}

/** Chunks of our own are called `=...`. */
function isOurs({ source }: DebugInfo): boolean {
  return text(source).startsWith('@=');
}

function nameOf({ what, name, short_src: file, linedefined }: DebugInfo): string {
  if (text(what) === 'main') return 'main chunk';
  return name === null ? `function <${text(file)}:${linedefined}>` : `function '${text(name)}'`;
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}
