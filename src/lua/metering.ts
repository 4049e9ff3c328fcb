/**
 * Who counts for a machine, and how everybody else tells it. Text costs what it weighs: the C functions of Lua's libraries,
 * `..`, long arguments and the pattern matcher count as instructions in proportion to what they read and write, so that the
 * budget bounds time.
 */
import type { LuaState } from './fengari.js';

export interface Meter {
  /** Raises in `L` when the budget is spent. */
  charge(L: LuaState, instructions: number, pattern?: boolean): void;
  /** Counts without raising; false once the budget is spent. The next charge raises then. */
  spend(instructions: number): boolean;
  readonly used: number;
  /** Raises an error of the script's own. */
  refuse(L: LuaState, why: string): never;
}

/** Counts for every thread of the machine `L` belongs to. */
export function setMeter(L: LuaState, meter: Meter): void {
  L.l_G.meter = meter;
}

/** For work that may not raise a Lua error: false once the budget is spent. */
export function spend(L: LuaState, instructions: number): boolean {
  return L.l_G.meter?.spend(instructions) ?? true;
}

export function charge(L: LuaState, instructions: number, pattern = false): void {
  if (instructions > 0) L.l_G.meter?.charge(L, instructions, pattern);
}
