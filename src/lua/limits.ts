/**
 * What a run of a script may use (docs/lua-limits.md). Constants of the driver: an input cannot raise them, and a change of
 * one is a change of the ABI.
 */
import type { Limits } from './budget.js';

export interface RunLimits extends Limits {
  /** Calls and pauses: each is some six events of the history, of which Temporal allows 51,200. */
  readonly calls: number;
  /** Bytes of arguments and answers, of which a history may hold 50 MiB. */
  readonly callBytes: number;
}

/**
 * An instruction takes 0.1 to 0.7 µs of processor time. A slice is what other runs on the worker wait for; a pause costs 5
 * events, and a second, since Temporal looks for timers that are due once a second. A workflow task that is not done after 5 s
 * of wall time is tried again: a slice and a stretch of each task that the worker has taken (src/worker/workers.ts) must fit
 * in, on a busy machine.
 */
export const runLimits: RunLimits = {
  instructions: 5_000_000,
  slice: 100_000,
  stretch: 500_000,
  memory: 64 * 2 ** 20,
  // A replay takes 2 ms for each, and must fit in a workflow task.
  calls: 2_000,
  callBytes: 20 * 2 ** 20,
};

/** Of a plan, which runs a script many times over without a pause. */
export const planLimits: RunLimits = { ...runLimits, instructions: 2_000_000 };
