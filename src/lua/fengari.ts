/// <reference path="./fengari-types.d.ts" />
/**
 * Fengari, made to count as Lua 5.1 did: doubles everywhere, whole ones printed without `.0`. Its own integers have
 * 32 bits and wrap silently. The printing is a constant that Fengari reads from FENGARICONF when it is loaded: set by
 * the workflow bundle (src/worker/workflow-bundle.ts) and by the unit tests' set-up.
 */
import * as fengari from 'fengari';
import lobject from 'fengari/src/lobject.js';
import lstring from 'fengari/src/lstring.js';
import lvm from 'fengari/src/lvm.js';
import { numberText } from './number-text.js';

/** In bytes. Fengari would make a JavaScript string of any text that it is asked to count with. */
const longestNumeral = 200;

const integerTag = 3 | (1 << 4);
const floatTag = 3;

/** Wrapped once, however often this module is evaluated. */
if (!('countsAsLua51' in lobject)) {
  readNumeralsAsFloats();
  writeFloatsInFull();
  cutOffFractions();
  Object.defineProperty(lobject, 'countsAsLua51', { value: true });
}

/** Hexadecimal ones are read here: Fengari's wrap at 32 bits. */
function readNumeralsAsFloats(): void {
  const original = lobject.luaO_str2num;
  lobject.luaO_str2num = (text, into) => {
    if (text.length > longestNumeral) return 0;
    const size = original(text, into);
    if (size === 0 || into.type !== integerTag) return size;
    const [, minus, digits] = /^\s*([-+]?)0x([\da-f]+)/i.exec(fengari.to_jsstring(text)) ?? [];
    if (digits !== undefined) into.value = Number(`0x${digits}`) * (minus === '-' ? -1 : 1);
    into.type = floatTag;
    return size;
  };
}

function writeFloatsInFull(): void {
  const original = lobject.luaO_tostring;
  lobject.luaO_tostring = (L, number) => {
    if (number.type !== floatTag) return original(L, number);
    const text = (L.l_G.numberText ?? numberText)(number.value as number);
    number.setsvalue(lstring.luaS_bless(L, fengari.to_luastring(text)));
  };
}

/** `s:sub(1, #s / 2)`: where a C function wants a whole number, 5.1 cut it off. */
function cutOffFractions(): void {
  const original = lvm.tointeger;
  lvm.tointeger = (value) => {
    const whole = original(value);
    if (whole !== false || value.type !== floatTag) return whole;
    const cut = Math.trunc(value.value as number);
    return Math.abs(cut) < 2 ** 31 ? cut | 0 : false;
  };
}

/**
 * Taken out here, not re-exported: Fengari declares itself free of side effects, so a bundler would pass a re-export
 * through and load `lobject` first, and its modules only work when loaded from the front (the registry index would be
 * NaN).
 */
export const { lauxlib, lua, lualib, to_jsstring, to_luastring } = fengari;
export type { DebugInfo, LuaState } from 'fengari';
