/**
 * The pattern matcher, step by step. Fengari keeps it to itself: its state is an object of a class that can be found
 * (`matchState`), and each comparison reads that object's `src_end`; there the steps are counted.
 */
import { lauxlib, lua, lualib, to_luastring, type LuaState } from './fengari.js';
import lobject from 'fengari/src/lobject.js';
import { sizeAt } from './library-costs.js';
import { charge } from './metering.js';

const bytesPerInstruction = 16;
const stepsPerInstruction = 16;

/** Wrapped once, however often this module is evaluated. */
if (!('metersPatterns' in lobject)) {
  meterMatcher(matchState());
  Object.defineProperty(lobject, 'metersPatterns', { value: true });
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
        if (L !== undefined) charge(L, sizeAt(L, 3) / bytesPerInstruction, true);
        return L;
      },
      set(this: object, L: LuaState | undefined) {
        of(this).L = L;
      },
    },
    src_end: {
      get(this: object) {
        const { L, end, weight } = of(this);
        if (L !== undefined) charge(L, weight, true);
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
