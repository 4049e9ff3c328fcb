/**
 * The thread whose instructions run now. Fengari's strings and values do not know the thread they are used on, and what
 * they cost must be raised on that very one. Kept on a module of Fengari's, since this one may be evaluated several times.
 */
import lobject from 'fengari/src/lobject.js';
import type { LuaState } from './fengari.js';

interface Running {
  readonly thread: () => LuaState | undefined;
  readonly set: (L: LuaState | undefined) => void;
}

const running: Running = ((lobject as { running?: Running }).running ??= slot());

/** Out of reach of the sandbox, which freezes what modules export. */
function slot(): Running {
  let thread: LuaState | undefined;
  return { thread: () => thread, set: (L) => void (thread = L) };
}

/** Undefined while no Lua runs: nobody can be told then. */
export function runningThread(): LuaState | undefined {
  return running.thread();
}

export function runningOn<T>(L: LuaState, act: () => T): T {
  const before = running.thread();
  running.set(L);
  try {
    return act();
  } finally {
    running.set(before);
  }
}
