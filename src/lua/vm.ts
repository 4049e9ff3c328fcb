/**
 * One Lua virtual machine and the loop that drives it.
 *
 * Invariants: JavaScript functions called from Lua never throw JavaScript errors (Fengari turns those into a status
 * without a message), they raise Lua errors or yield; the instruction budget counts over all coroutines and, once
 * spent, every further instruction raises; nothing of the host is reachable from Lua but the functions given here.
 */
import { GitOpsError } from '../domain/errors.js';
import { textAt } from './conversion.js';
import { lauxlib, lua, lualib, to_jsstring, to_luastring, type LuaState } from './fengari.js';
import { meterLibrary, setMeter } from './metering.js';

/** Count hooks come every so many instructions. */
const hookInterval = 1000;

/** What `pcall`, `xpcall` and `coroutine.resume` take, in plain instructions, measured with an error caught. */
const costOfProtection = 40;

/** What a run may print, in characters. */
const printLimit = 4 * 1024 * 1024;

const charactersPerInstruction = 4;

/** What a yield to the host stands for: performs it and pushes the values to resume with. */
export type Request = (L: LuaState) => Promise<number>;

export class LuaVm {
  readonly L: LuaState = lauxlib.luaL_newstate();
  /** Marks a yield as one for the host; a script cannot make it. */
  readonly tag = {};
  /** The thread that was resumed last: what a call is made for. Coroutines of the script run inside it. */
  running: LuaState = this.L;
  private readonly abandoned = new WeakSet<LuaState>();
  private request: Request | undefined;
  private used = 0;
  private printed = 0;
  /** Why the run is over, once it is. */
  private exhausted: string | undefined;

  constructor(private readonly budget: number) {
    openLibraries(this.L);
    setMeter(this.L, this);
    lua.lua_sethook(this.L, (L) => this.charge(L, hookInterval), lua.LUA_MASKCOUNT, hookInterval);
  }

  /** To be returned by a JavaScript function: yields to the driver, which performs the request. */
  yieldFor(L: LuaState, request: Request): number {
    this.request = request;
    lua.lua_pushlightuserdata(L, this.tag);
    return lua.lua_yield(L, 1);
  }

  /** Raises a Lua error; the text carries its own position. */
  raise(L: LuaState, message: string): never {
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

  /** Counts work that Lua does in one instruction. */
  charge(L: LuaState, instructions: number): void {
    if (!this.spend(instructions)) this.exhaust(L, `the script used up its budget of ${this.budget} instructions`);
  }

  spend(instructions: number): boolean {
    this.used += instructions;
    return this.used <= this.budget;
  }

  /** Counts text that leaves the machine. */
  chargeText(L: LuaState, characters: number): void {
    this.charge(L, characters / charactersPerInstruction);
  }

  /** Counts text that is printed. */
  chargePrinted(L: LuaState, characters: number): void {
    this.chargeText(L, characters);
    this.printed += characters;
    if (this.printed > printLimit) this.exhaust(L, 'the script printed more than 4 MiB');
  }

  /** No message handler of `xpcall` may see this error: hooks are off in it, so it could run for ever. */
  private exhaust(L: LuaState, why: string): never {
    const reason = this.exhausted ?? why;
    if (this.exhausted === undefined) lua.lua_sethook(L, (inner) => this.exhaust(inner, reason), lua.LUA_MASKCOUNT, 1);
    this.exhausted = reason;
    this.used = Infinity;
    L.errfunc = 0;
    return this.raise(L, reason);
  }

  /**
   * Compiles a chunk and leaves it as a function on a thread of its own.
   * @throws GitOpsError ScriptSyntax with file:line
   */
  load(source: string, name: string): LuaState {
    const thread = lua.lua_newthread(this.L);
    lua.lua_pop(this.L, 1);
    const text = to_luastring(source.replace(/^#![^\n]*/, ''));
    if (lauxlib.luaL_loadbufferx(thread, text, text.length, to_luastring(`@${name}`), to_luastring('t')) === lua.LUA_OK)
      return thread;
    throw new GitOpsError('ScriptSyntax', textAt(thread, -1));
  }

  /**
   * Runs the function (and its `args` arguments) on the thread's stack to its end, performing each request it yields.
   * Results are left on the thread. Calls of several threads may be under way at once.
   * @throws GitOpsError ScriptFailed, LuaBudgetExceeded; whatever a request rejects with
   */
  async run(thread: LuaState, args = 0): Promise<void> {
    for (let given = args; this.resume(thread, given);) given = await this.perform(thread);
  }

  /**
   * Like `run`, for functions that have no host to wait for.
   * @throws GitOpsError ScriptFailed, LuaBudgetExceeded
   */
  runToEnd(thread: LuaState, args = 0): void {
    if (this.resume(thread, args)) throw outsideCoroutine();
  }

  /** It is never resumed again, whatever it waits for: nothing in it can catch that. */
  abandon(thread: LuaState): void {
    this.abandoned.add(thread);
  }

  /** @returns whether it yielded */
  private resume(thread: LuaState, given: number): boolean {
    if (this.abandoned.has(thread)) throw new Abandoned();
    this.running = thread;
    const status = lua.lua_resume(thread, null, given);
    if (this.exhausted !== undefined)
      throw new GitOpsError('LuaBudgetExceeded', this.exhausted, {
        hint: 'an endless loop? a script waits with gitops calls, not by counting',
      });
    if (status !== lua.LUA_OK && status !== lua.LUA_YIELD)
      throw new GitOpsError('ScriptFailed', this.errorText(thread));
    return status === lua.LUA_YIELD;
  }

  private async perform(thread: LuaState): Promise<number> {
    const { request } = this;
    this.request = undefined;
    lua.lua_settop(thread, 0);
    if (request === undefined) throw outsideCoroutine();
    return request(thread);
  }

  /** A thread that failed has no room left on its stack: its error is read from another. */
  private errorText(thread: LuaState): string {
    const reader = lua.lua_newthread(this.L);
    lua.lua_xmove(thread, reader, 1);
    return to_jsstring(lauxlib.luaL_tolstring(reader, -1));
  }
}

/** Ends the loop of a thread nobody waits for any more. */
class Abandoned extends Error {}

function outsideCoroutine(): GitOpsError {
  return new GitOpsError('ScriptFailed', 'coroutine.yield was called outside a coroutine');
}

/** The list is the containment: no io, os, package or debug. */
const libraries = {
  _G: lualib.luaopen_base,
  coroutine: lualib.luaopen_coroutine,
  table: lualib.luaopen_table,
  string: lualib.luaopen_string,
  math: lualib.luaopen_math,
  utf8: lualib.luaopen_utf8,
};

function openLibraries(L: LuaState): void {
  for (const [name, open] of Object.entries(libraries)) {
    lauxlib.luaL_requiref(L, to_luastring(name), open, true);
    if (['string', 'table', 'utf8'].includes(name)) meterLibrary(L);
    lua.lua_pop(L, 1);
  }
}
