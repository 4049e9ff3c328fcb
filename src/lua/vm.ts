/**
 * One Lua virtual machine and the loop that drives it.
 *
 * Invariants: JavaScript functions called from Lua never throw JavaScript errors (Fengari turns those into a status
 * without a message), they raise Lua errors or yield; the budget counts over all coroutines and, once spent, every further
 * instruction raises; nothing of the host is reachable from Lua but the functions given here.
 */
import { GitOpsError } from '../domain/errors.js';
import { withoutReferences } from '../domain/secret-text.js';
import { Budget, type Exhaustion, type Limits } from './budget.js';
import { compile } from './compile.js';
import { textAt, toData } from './conversion.js';
import { lauxlib, lua, to_luastring, type LuaState } from './fengari.js';
import { openLibraries } from './libraries.js';
import { setMeter } from './metering.js';
import { runningOn } from './running.js';
import { inWordsOfScript, placeOf, traceback } from './traceback.js';

/** Count hooks come every so many instructions. */
const hookInterval = 1000;

/** What `pcall`, `xpcall` and `coroutine.resume` take, in plain instructions, measured with an error caught. */
const costOfProtection = 40;

const charactersPerInstruction = 4;

/** Of an error's text, however much the script has put into it. */
const errorLimit = 8 * 1024;

/** What a yield to the host stands for: performs it and pushes the values to resume with. */
export type Request = (L: LuaState) => Promise<number>;

export interface VmOptions {
  /** Gives the thread of the worker to others; without it the machine goes on to the end of its budget. */
  readonly pause?: (() => Promise<void>) | undefined;
  /** Changes whenever the thread was given up: the workflow's time. */
  readonly clock?: () => number;
}

export class LuaVm {
  readonly L: LuaState = lauxlib.luaL_newstate();
  /** Marks a yield as one for the host; a script cannot make it. */
  readonly tag = {};
  /** The thread that was resumed last: what a call is made for. Coroutines of the script run inside it. */
  running: LuaState = this.L;
  /** A message handler of `xpcall` is running. */
  handling = false;
  /** Under way: run by the host, or waiting for it. What they hold counts. */
  private readonly open = new Set<LuaState>();
  private readonly abandoned = new WeakSet<LuaState>();
  private readonly budget: Budget;
  private request: Request | undefined;
  private exhausted: (Exhaustion & { readonly trace: readonly string[] }) | undefined;
  /** How many resumes are under way that cannot be left by a yield. */
  private pinned = 0;
  private now: number | undefined;
  /** The error that was raised last, by its value, and the stack it came from. */
  private raised: { value: unknown; trace: string[] } | undefined;

  constructor(
    limits: Limits | number,
    private readonly options: VmOptions = {},
  ) {
    this.budget = new Budget(typeof limits === 'number' ? plainLimits(limits) : limits);
    openLibraries(this.L, this);
    setMeter(this.L, this);
    lua.lua_sethook(this.L, (L) => this.count(L), lua.LUA_MASKCOUNT, hookInterval);
  }

  get used(): number {
    return this.budget.used;
  }

  /** Once in so many instructions; the only place where a script is stopped without asking for it. */
  private count(L: LuaState): void {
    this.check(L, this.budget.spend(hookInterval));
    this.grew(L);
    this.check(L, this.budget.weigh(L, [this.running, ...this.open]));
    if (this.budget.wantsPause) this.pause(L);
  }

  /** A hook may yield, with nothing; it is continued with nothing. */
  private pause(L: LuaState): void {
    const { pause } = this.options;
    // A request that is on its way up through the script's coroutines must not be lost.
    if (pause === undefined || this.request !== undefined || !this.canYield(L)) return;
    this.request = async () => {
      await pause();
      this.budget.waited();
      return 0;
    };
    lua.lua_yield(L, 0);
  }

  /** Whether a call of the host may be made here: not below a sort comparator, a gsub callback or a metamethod called from C. */
  canYield(L: LuaState): boolean {
    return this.pinned === 0 && lua.lua_isyieldable(L);
  }

  /** To be returned by a JavaScript function: yields to the driver, which performs the request. */
  yieldFor(L: LuaState, request: Request): number {
    if (!this.canYield(L)) return this.refuseToWait(L, placeOf(L) ?? '?', 'what waits');
    this.request = request;
    lua.lua_pushlightuserdata(L, this.tag);
    return lua.lua_yield(L, 1);
  }

  /** Raises a Lua error about a call that would have to wait where nobody can; `xpcall` gives it instead of the handler's answer. */
  refuseToWait(L: LuaState, place: string, what: string): never {
    const where = this.handling
      ? 'the message handler of xpcall: make the call after xpcall has returned'
      : 'a sort comparator, a gsub callback or a metamethod';
    // An error in a handler would go to the handler again, and again.
    if (this.handling) L.errfunc = 0;
    return this.raise(L, `${place}: ${what} cannot be called here: Lua cannot wait in ${where}`);
  }

  /** Raises a Lua error that names the line. */
  refuse(L: LuaState, why: string): never {
    return this.raise(L, `${placeOf(L) ?? '?'}: ${why}`);
  }

  /** Raises a Lua error; the text carries its own position. */
  raise(L: LuaState, message: string): never {
    // In the middle of an instruction the frame has no room to push.
    lua.lua_checkstack(L, 2);
    lua.lua_pushstring(L, to_luastring(message));
    return lua.lua_error(L);
  }

  /**
   * To be called whenever Lua caught an error. Fengari forgets to allow hooks again after an error caught by `pcall` in
   * a coroutine (`setoah` in its lapi.js keeps a cleared bit), which would end the counting; and nobody may catch the
   * error of the spent budget.
   */
  caught(L: LuaState): number {
    L.allowhook = 1;
    this.charge(L, costOfProtection);
    return 0;
  }

  /**
   * `coroutine.resume`, counted: a coroutine has a counter of its own, and one that ends before its first hook would count
   * for nothing. A pause inside is passed up as a call of the host is: `true, tag`.
   */
  resumeCoroutine(L: LuaState, co: LuaState, resume: () => number): number {
    const [before, depth] = [co.hookcount, co.top];
    const pinned = lua.lua_isyieldable(L) ? 0 : 1;
    this.pinned += pinned;
    let results: number;
    try {
      results = runningOn(co, resume);
    } finally {
      this.pinned -= pinned;
    }
    this.budget.deepened(co.top - depth);
    this.charge(L, Math.max(0, before - co.hookcount));
    if (results > 1 || this.request === undefined || co.status !== lua.LUA_YIELD) return results;
    lua.lua_pushlightuserdata(L, this.tag);
    return 2;
  }

  /** Counts work that Lua does in one instruction. */
  charge(L: LuaState, instructions: number, pattern = false): void {
    this.check(L, this.budget.spend(instructions, pattern));
    if (this.budget.wantsPause) this.countSoon(L);
  }

  /** Work of C functions may use up a slice long before the next hook. What is not executed until then is not counted. */
  private countSoon(L: LuaState): void {
    if (this.options.pause === undefined || L.hookcount <= 1 || !this.canYield(L)) return;
    this.budget.used -= L.hookcount - 1;
    L.hookcount = 1;
  }

  /** Without raising: false once the budget is spent. The next charge raises then. */
  spend(instructions: number): boolean {
    return this.budget.spend(instructions) === undefined;
  }

  /** Counts text that leaves the machine. */
  chargeText(L: LuaState, characters: number): void {
    this.charge(L, characters / charactersPerInstruction);
  }

  /** Counts text that is printed. */
  chargePrinted(L: LuaState, characters: number): void {
    this.chargeText(L, characters);
    this.check(L, this.budget.print(characters));
  }

  /** Ends the run, whatever `pcall` says. */
  end(L: LuaState, why: string, hint: string): never {
    return this.exhaust(L, { why, hint });
  }

  private check(L: LuaState, over: Exhaustion | undefined): void {
    if (over !== undefined) this.exhaust(L, over);
  }

  private readonly depths = new WeakMap<LuaState, number>();

  private grew(L: LuaState): void {
    this.budget.deepened(L.top - (this.depths.get(L) ?? 0));
    this.depths.set(L, L.top);
  }

  /** No message handler of `xpcall` may see this error: hooks are off in it, so it could run for ever. */
  private exhaust(L: LuaState, over: Exhaustion): never {
    if (this.exhausted === undefined) {
      const place = placeOf(L);
      this.exhausted = { ...over, why: place === undefined ? over.why : `${place}: ${over.why}`, trace: traceback(L) };
      lua.lua_sethook(L, (inner) => this.exhaust(inner, over), lua.LUA_MASKCOUNT, 1);
    }
    this.budget.used = Infinity;
    L.errfunc = 0;
    return this.raise(L, this.exhausted.why);
  }

  /** Keeps the stack of `from` for the error on top of the stack of `L`. */
  remember(L: LuaState, from: LuaState): void {
    const value = L.stack[L.top - 1]?.value;
    // Raised again by who caught it: the first stack says more.
    if (typeof value === 'object' && value !== null && this.raised?.value === value && this.raised.trace.length > 0)
      return;
    this.raised = { value, trace: from === L ? traceback(L) : [...traceback(from), ...traceback(L)] };
  }

  /** Stack of the error on top of the stack, if it was the last one raised. */
  traceOf(L: LuaState): readonly string[] {
    return this.raised?.value === L.stack[L.top - 1]?.value ? (this.raised?.trace ?? []) : [];
  }

  /**
   * Compiles a chunk and leaves it as a function on a thread of its own.
   * @throws GitOpsError ScriptSyntax with file:line
   */
  load(source: string, name: string): LuaState {
    const thread = lua.lua_newthread(this.L);
    lua.lua_pop(this.L, 1);
    if (compile(thread, source, name)) return thread;
    throw new GitOpsError('ScriptSyntax', textAt(thread, -1));
  }

  /**
   * Runs the function (and its `args` arguments) on the thread's stack to its end, performing each request it yields.
   * Results are left on the thread. Calls of several threads may be under way at once.
   * @throws GitOpsError ScriptFailed, LuaBudgetExceeded; whatever a request rejects with
   */
  async run(thread: LuaState, args = 0): Promise<void> {
    this.open.add(thread);
    try {
      for (let given = args; this.resume(thread, given);) given = await this.perform(thread);
    } finally {
      this.open.delete(thread);
    }
  }

  /**
   * Like `run`, for functions that have no host to wait for.
   * @throws GitOpsError ScriptFailed, LuaBudgetExceeded
   */
  runToEnd(thread: LuaState, args = 0): void {
    if (this.resume(thread, args)) throw outsideCoroutine(thread);
  }

  /** It is never resumed again, whatever it waits for: nothing in it can catch that. */
  abandon(thread: LuaState): void {
    this.abandoned.add(thread);
  }

  /** @returns whether it yielded */
  private resume(thread: LuaState, given: number): boolean {
    if (this.abandoned.has(thread)) throw new Abandoned();
    this.running = thread;
    const now = this.options.clock?.();
    if (now !== this.now) this.budget.waited();
    this.now = now;
    const status = runningOn(thread, () => lua.lua_resume(thread, null, given));
    if (this.exhausted !== undefined) {
      const { why, hint, trace } = this.exhausted;
      throw new GitOpsError('LuaBudgetExceeded', why, { hint, trace });
    }
    if (status !== lua.LUA_OK && status !== lua.LUA_YIELD) throw this.failure(thread);
    return status === lua.LUA_YIELD;
  }

  private perform(thread: LuaState): Promise<number> {
    const { request } = this;
    this.request = undefined;
    lua.lua_settop(thread, 0);
    if (request === undefined) throw outsideCoroutine(thread);
    return request(thread);
  }

  /** A thread that failed has no room left on its stack: its error is read from another. */
  private failure(thread: LuaState): GitOpsError {
    this.remember(thread, thread);
    const trace = this.traceOf(thread);
    const reader = lua.lua_newthread(this.L);
    lua.lua_xmove(thread, reader, 1);
    return new GitOpsError('ScriptFailed', inScript(this.errorText(reader), trace), { trace });
  }

  private errorText(reader: LuaState): string {
    if (lua.lua_type(reader, 1) === lua.LUA_TTABLE && !lua.lua_getmetatable(reader, 1)) return dataText(reader);
    lua.lua_settop(reader, 1);
    lua.lua_pushcfunction(reader, (L) => {
      lauxlib.luaL_tolstring(L, 1);
      return 1;
    });
    lua.lua_insert(reader, 1);
    const status = runningOn(reader, () => lua.lua_resume(reader, null, 1));
    const text = textAt(reader, -1).slice(0, errorLimit);
    return status === lua.LUA_OK ? text : `the error is an object whose __tostring fails: ${text}`;
  }
}

/** Of a table that says nothing of itself: what is in it. */
function dataText(reader: LuaState): string {
  try {
    return JSON.stringify(withoutReferences(toData(reader, 1))).slice(0, errorLimit);
  } catch {
    return 'the error is a table that cannot be shown';
  }
}

/** What Lua says of the prelude, or of no place at all, is about the line of the script that called. */
function inScript(message: string, trace: readonly string[]): string {
  const place = trace[0]?.replace(/: in .*/, '') ?? '?';
  if (message === 'JS stack overflow')
    return `${place}: stack overflow (calls through coroutines, metamethods or callbacks nest no more than 200 deep)`;
  return inWordsOfScript(message, place);
}

/** One machine, all of its work in one go. */
function plainLimits(instructions: number): Limits {
  return { instructions, slice: instructions, stretch: instructions, memory: 64 * 2 ** 20 };
}

/** Ends the loop of a thread nobody waits for any more. */
class Abandoned extends Error {}

function outsideCoroutine(thread: LuaState): GitOpsError {
  return new GitOpsError('ScriptFailed', `${placeOf(thread) ?? '?'}: attempt to yield from outside a coroutine`);
}
