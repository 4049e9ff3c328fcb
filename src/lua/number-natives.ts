/**
 * The JavaScript functions behind `number-format.ts`: numbers to text and back, whole numbers out of fractions.
 */
import { pushAll, textAt } from './conversion.js';
import { lauxlib, lua, type LuaState } from './fengari.js';
import { formatNumber, type NumberFormat } from './number-text.js';

export type Native = (L: LuaState) => number;

/** @param text how a number prints */
export function numberNatives(text: (value: number) => string): Record<string, Native> {
  const one = (compute: (L: LuaState) => number | string): Native => {
    return (L) => pushAll(L, compute(L));
  };
  return {
    format: one((L) => formatNumber(numberFormat(L), lua.lua_tonumber(L, 5))),
    number: one((L) => text(lua.lua_tonumber(L, 1))),
    floor: one((L) => Math.floor(lauxlib.luaL_checknumber(L, 1))),
    ceil: one((L) => Math.ceil(lauxlib.luaL_checknumber(L, 1))),
    parse: one((L) => parseInt(textAt(L, 1), lua.lua_tonumber(L, 2))),
  };
}

/** Flags, width, precision and kind, as the prelude found them. */
function numberFormat(L: LuaState): NumberFormat {
  const precision = textAt(L, 3);
  return {
    flags: textAt(L, 1),
    width: Number(textAt(L, 2)),
    precision: precision === '' ? undefined : Number(precision.slice(1)),
    kind: textAt(L, 4),
  };
}
