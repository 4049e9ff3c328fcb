/**
 * What a run may use, counted: VM instructions over all threads, work of C functions in instructions, bytes held, text
 * printed. Nothing of it depends on the clock, so a replay spends the same.
 */
import type { LuaState } from './fengari.js';
import { heapOf } from './heap.js';

export interface Limits {
  /** Of the whole run. */
  readonly instructions: number;
  /** Computed in one go before the machine makes a pause, where it can. */
  readonly slice: number;
  /** Computed in one go where it cannot: a sort comparator, a gsub callback, one pattern. */
  readonly stretch: number;
  /** Bytes held at once. */
  readonly memory: number;
}

/** Why a run is over. Nobody in Lua may catch it. */
export interface Exhaustion {
  readonly why: string;
  readonly hint: string;
}

/** What a run may print, in characters. */
const printLimit = 4 * 1024 * 1024;

/**
 * What one instruction can add to the heap on an average: a table entry. Text, and tables that C functions fill, count more
 * instructions; new objects and stacks are counted for themselves.
 */
const bytesPerInstruction = 200;
const bytesPerObject = 600;
const bytesPerSlot = 48;
const visitsPerInstruction = 8;

const hints = {
  loop: 'an endless loop? a script waits with gitops calls, not by counting',
  pattern: 'a pattern that tries over and over? anchor it with ^, use fewer of * and -, or split the text first',
  stretch: 'do the work outside of the comparator, callback or metamethod, where the machine can make a pause',
  memory: 'keep less at once: work off one application after the other, set what is done to nil',
  print: 'print a summary, or fewer lines',
} as const;

export class Budget {
  used = 0;
  private sinceWait = 0;
  private printed = 0;
  private readonly growth = { used: 0, objects: 0, slots: 0 };
  private headroom: number;

  constructor(readonly limits: Limits) {
    this.headroom = limits.memory;
  }

  /** @returns why it is over, when that was too much */
  spend(instructions: number, pattern = false): Exhaustion | undefined {
    this.used += instructions;
    this.sinceWait += instructions;
    const { limits } = this;
    const what = pattern ? ', matching a pattern' : '';
    if (this.used > limits.instructions)
      return {
        why: `the script used up its budget of ${limits.instructions} instructions${what}`,
        hint: pattern ? hints.pattern : hints.loop,
      };
    if (this.sinceWait <= limits.slice + limits.stretch) return undefined;
    return pattern
      ? { why: `a pattern used up the budget of ${limits.stretch} instructions for one match`, hint: hints.pattern }
      : {
          why: `the script used up the budget of ${limits.stretch} instructions for what cannot make a pause`,
          hint: hints.stretch,
        };
  }

  print(characters: number): Exhaustion | undefined {
    this.printed += characters;
    return this.printed > printLimit ? { why: 'the script printed more than 4 MiB', hint: hints.print } : undefined;
  }

  get wantsPause(): boolean {
    return this.sinceWait >= this.limits.slice;
  }

  /** The thread of the worker was given up in between. */
  waited(): void {
    this.sinceWait = 0;
  }

  /** A thread has become deeper. */
  deepened(slots: number): void {
    this.growth.slots += Math.max(0, slots);
  }

  /**
   * Walks the heap when it can have passed the limit since the last time.
   * @param threads those of the machine that are under way; nothing else may hold on to them
   */
  weigh(L: LuaState, threads: readonly LuaState[]): Exhaustion | undefined {
    const { growth, limits } = this;
    const objects = L.l_G.id_counter;
    const added =
      (this.used - growth.used) * bytesPerInstruction +
      (objects - growth.objects) * bytesPerObject +
      growth.slots * bytesPerSlot;
    if (added < this.headroom) return undefined;
    const { bytes, visited } = heapOf(L, threads, limits.memory);
    if (bytes > limits.memory)
      return { why: `the script holds more than ${limits.memory / 2 ** 20} MiB at once`, hint: hints.memory };
    this.headroom = Math.max(limits.memory - bytes, limits.memory / 4);
    const spent = this.spend(visited / visitsPerInstruction);
    Object.assign(growth, { used: this.used, objects, slots: 0 });
    return spent;
  }
}
