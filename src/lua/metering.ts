/**
 * Text costs what it weighs: the C functions of Lua's libraries, `..` and the pattern matcher count as instructions in
 * proportion to what they read and write, so that the budget bounds time.
 *
 * Fengari keeps its matcher to itself. Its state is an object of a class that can be found (`matchState`), and each
 * comparison reads that object's `src_end`: there the steps are counted.
 */
import { lauxlib, lua, lualib, to_luastring, type LuaState } from './fengari.js';
import lobject from 'fengari/src/lobject.js';

export interface Meter {
  /** Raises in `L` when the budget is spent. */
  charge(L: LuaState, instructions: number): void;
  /** Counts without raising; false once the budget is spent. The next charge raises then. */
  spend(instructions: number): boolean;
}

const bytesPerInstruction = 16;
const stepsPerInstruction = 16;

/** Counts for every thread of the machine `L` belongs to. */
export function setMeter(L: LuaState, meter: Meter): void {
  L.l_G.meter = meter;
}

/** For work that may not raise a Lua error: false once the budget is spent. */
export function spend(L: LuaState, instructions: number): boolean {
  return L.l_G.meter?.spend(instructions) ?? true;
}

function charge(L: LuaState, instructions: number): void {
  if (instructions > 0) L.l_G.meter?.charge(L, instructions);
}

/** Wrapped once, however often this module is evaluated. */
if (!('metered' in lobject)) {
  meterConcatenation();
  meterMatcher(matchState());
  Object.defineProperty(lobject, 'metered', { value: true });
}

/** In the library only `..` puts text on the stack this way. */
function meterConcatenation(): void {
  const original = lobject.setsvalue2s;
  lobject.setsvalue2s = (L, index, text) => {
    original(L, index, text);
    charge(L, text.realstring.length / bytesPerInstruction);
  };
}

interface MatchState {
  readonly L: LuaState | undefined;
  readonly p: Uint8Array;
}

/** The prototype of the matcher's states: the first property that one sets on itself tells. */
function matchState(): object {
  let found: object | undefined;
  const set = function (this: object, value: unknown): void {
    found = Object.getPrototypeOf(this) as object;
    Object.defineProperty(this, 'matchdepth', { value, writable: true });
  };
  Object.defineProperty(Object.prototype, 'matchdepth', { set, configurable: true });
  try {
    const L = lauxlib.luaL_newstate();
    lauxlib.luaL_requiref(L, to_luastring('string'), lualib.luaopen_string, false);
    lua.lua_getfield(L, -1, to_luastring('find'));
    lua.lua_pushstring(L, to_luastring('a'));
    lua.lua_pushstring(L, to_luastring('.'));
    lua.lua_call(L, 2, 0);
  } finally {
    delete (Object.prototype as { matchdepth?: unknown }).matchdepth;
  }
  if (found === undefined) throw new Error('Fengari has another pattern matcher than the one that is metered here');
  return found;
}

function meterMatcher(prototype: object): void {
  const states = new WeakMap<object, { L: LuaState | undefined; end: number; patternEnd: number; weight: number }>();
  const of = (state: object) => {
    const known = states.get(state) ?? { L: undefined, end: 0, patternEnd: 0, weight: 0 };
    states.set(state, known);
    return known;
  };
  Object.defineProperties(prototype, {
    L: {
      get(this: object) {
        const { L } = of(this);
        if (L !== undefined) charge(L, replacementSize(L) / bytesPerInstruction);
        return L;
      },
      set(this: object, L: LuaState | undefined) {
        of(this).L = L;
      },
    },
    src_end: {
      get(this: object) {
        const { L, end, weight } = of(this);
        if (L !== undefined) charge(L, weight);
        return end;
      },
      set(this: object, end: number) {
        of(this).end = end;
      },
    },
    p_end: {
      get(this: object) {
        return of(this).patternEnd;
      },
      set(this: MatchState, end: number) {
        const state = of(this);
        state.patternEnd = end;
        state.weight = end === null ? 0 : stepWeight(this.p, state.end);
      },
    },
  });
}

/** A step may walk a set (`[...]`) as long as the pattern, or compare a capture (`%1`) as long as the subject. */
function stepWeight(pattern: Uint8Array, subjectSize: number): number {
  const compares = pattern.some((byte, i) => byte === percent && isDigit(pattern[i + 1]));
  return (1 + pattern.length / 64 + (compares ? subjectSize / 32 : 0)) / stepsPerInstruction;
}

const percent = 37;

function isDigit(byte = 0): boolean {
  return byte >= 48 && byte <= 57;
}

/** Of `gsub`, where the matcher asks for its state once per match at least. */
function replacementSize(L: LuaState): number {
  return sizeAt(L, 3);
}

function sizeAt(L: LuaState, index: number): number {
  return lua.lua_type(L, index) === lua.LUA_TSTRING ? lua.lua_rawlen(L, index) : 0;
}

function sizeOfArguments(L: LuaState): number {
  let size = 0;
  for (let i = lua.lua_gettop(L); i > 0; i--) size += sizeAt(L, i);
  return size;
}

type Cost = (L: LuaState) => number;

/** Bytes read or written that the results do not show. */
const bytesBefore: Readonly<Record<string, Cost>> = {
  ...Object.fromEntries(
    ['upper', 'lower', 'reverse', 'format', 'pack', 'len', 'codepoint', 'offset'].map((name) => [
      name,
      sizeOfArguments,
    ]),
  ),
  rep: (L) => (sizeAt(L, 1) + sizeAt(L, 3)) * Math.max(0, lua.lua_tonumber(L, 2)),
  find: (L) => (sizeAt(L, 2) > 16 ? (sizeAt(L, 1) * sizeAt(L, 2)) / 64 : sizeAt(L, 1) / 64),
  gsub: (L) => sizeAt(L, 1) * (1 + escapes(L, 3)),
  insert: (L) => (lua.lua_gettop(L) > 2 ? shifted(L) : 0),
  remove: (L) => (lua.lua_gettop(L) > 1 ? shifted(L) : 0),
};

/** Elements after the position given, each as dear as an instruction. */
function shifted(L: LuaState): number {
  if (lua.lua_type(L, 1) !== lua.LUA_TTABLE) return 0;
  return Math.max(0, lua.lua_rawlen(L, 1) - lua.lua_tonumber(L, 2)) * bytesPerInstruction;
}

function escapes(L: LuaState, index: number): number {
  const text = sizeAt(L, index) > 0 ? lua.lua_tostring(L, index) : null;
  return text === null ? 0 : text.reduce((count, byte) => count + (byte === percent ? 1 : 0), 0);
}

/** Makes the functions of the library (a table on top of the stack) count. */
export function meterLibrary(L: LuaState): void {
  const names: Uint8Array[] = [];
  lua.lua_pushnil(L);
  for (; lua.lua_next(L, -2) !== 0; lua.lua_pop(L, 1)) names.push(lua.lua_tostring(L, -2) as Uint8Array);
  for (const name of names) {
    lua.lua_getfield(L, -1, name);
    const original = lua.lua_tocfunction(L, -1);
    lua.lua_pop(L, 1);
    if (original === null) continue;
    lua.lua_pushcfunction(L, metered(original, String.fromCharCode(...name)));
    lua.lua_setfield(L, -2, name);
  }
}

function metered(original: (L: LuaState) => number, name: string): (L: LuaState) => number {
  const before = Object.hasOwn(bytesBefore, name) ? bytesBefore[name] : undefined;
  return (L) => {
    if (before !== undefined) charge(L, before(L) / bytesPerInstruction);
    if (name === 'gsub') meterReplacements(L);
    const results = original(L);
    let size = results;
    for (let i = 1; i <= results; i++) size += sizeAt(L, -i);
    charge(L, size / bytesPerInstruction);
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
