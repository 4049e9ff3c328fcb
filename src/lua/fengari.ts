/// <reference path="./fengari-types.d.ts" />
/**
 * Fengari, made to count as Lua 5.1 did: doubles everywhere, whole ones printed without `.0`. Its own integers have
 * 32 bits and wrap silently. The printing is a constant that Fengari reads from FENGARICONF when it is loaded: set by
 * the workflow bundle (src/worker/workflow-bundle.ts) and by the unit tests' set-up.
 */
import * as fengari from 'fengari';
import lobject from 'fengari/src/lobject.js';

const integerTag = 3 | (1 << 4);
const floatTag = 3;

/** Every numeral becomes a float. Wrapped once, however often this module is evaluated. */
const original = lobject.luaO_str2num;
if (!('countsAsLua51' in lobject)) {
  lobject.luaO_str2num = (text, into) => {
    const size = original(text, into);
    if (size !== 0 && into.type === integerTag) into.type = floatTag;
    return size;
  };
  Object.defineProperty(lobject, 'countsAsLua51', { value: true });
}

/**
 * Taken out here, not re-exported: Fengari declares itself free of side effects, so a bundler would pass a re-export
 * through and load `lobject` first, and its modules only work when loaded from the front (the registry index would be
 * NaN).
 */
export const { lauxlib, lua, lualib, to_jsstring, to_luastring } = fengari;
export type { LuaState } from 'fengari';
