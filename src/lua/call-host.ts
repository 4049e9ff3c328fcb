/**
 * One call of the host, from the script's arguments to its return values: checks, log lines, the step itself, and the
 * return conventions of lua-api.md section 1.
 */
import type { CallRow } from './calls/call-row.js';
import { calls } from './calls/calls.js';
import { checkArguments } from './check-arguments.js';
import { pushAll, textAt, toData } from './conversion.js';
import { lua, type LuaState } from './fengari.js';
import type { Data, Host, Script, Step } from './host.js';
import { findSecretFields } from './literal-secrets.js';
import type { MetricBook } from './metrics.js';
import type { Printer } from './printer.js';
import { scriptLine } from './script-position.js';
import { placeOf } from './traceback.js';
import type { Threads } from './threads.js';
import type { LuaVm } from './vm.js';
import type { CallCount } from './call-limits.js';

export interface CallState {
  readonly vm: LuaVm;
  readonly threads: Threads;
  readonly host: Host;
  readonly script: Script;
  readonly startedAt: number;
  readonly printer: Printer;
  readonly metrics: MetricBook;
  readonly limit: CallCount;
  /** Stacks of the errors that tasks failed with, by `workflow/task`. */
  readonly traces: Map<string, readonly string[]>;
  /** Number of the last step. */
  steps: number;
  /** Reported once each, at the end. */
  warn(text: string): void;
}

/** Pushed in front of the values: whether the last one is to be raised. */
type Answer = { raise: string } | { values: Data[] };

export function callHost(state: CallState, L: LuaState): number {
  const { vm, script } = state;
  const line = scriptLine(L, script.name);
  const place = placeOf(L) ?? `${script.name}:${line}`;
  const name = textAt(L, 1);
  const prepared = prepare(state, L, name, line);
  if (typeof prepared === 'string') return vm.raise(L, `${place}: ${prepared}`);
  if (!vm.canYield(L)) return vm.refuseToWait(L, place, name);
  const { step, row } = prepared;
  const size = JSON.stringify(step.args).length;
  vm.chargeText(L, size);
  const over = state.limit.add(size);
  if (over !== undefined) return vm.end(L, over.why, over.hint);
  return vm.yieldFor(L, (thread) => perform(state, step, row, place, thread));
}

/** The step, or the text of an argument error. */
function prepare(state: CallState, L: LuaState, name: string, line: number): { step: Step; row: CallRow } | string {
  const row = calls[name];
  if (row === undefined) return `'${name}' is not available in this version`;
  try {
    const given = Array.from({ length: lua.lua_gettop(L) - 1 }, (_, i) => toData(L, i + 2, `argument ${i + 1}`));
    const { args, warnings } = checkArguments(shortName(name), row, given);
    warnings.forEach((warning) => state.warn(warning));
    if (row.secrets === 'refused') refuseLiteralSecrets(name, args);
    const what = { number: ++state.steps, call: name, args, summary: row.summary(args).slice(0, 120), line };
    return { row, step: { ...what, ...state.threads.caller(name) } };
  } catch (error) {
    return (error as Error).message;
  }
}

/** What is computed while the script runs is looked at here; what is written out in it, when it is submitted. */
function refuseLiteralSecrets(call: string, args: readonly Data[]): void {
  const [found] = findSecretFields(args, call);
  if (found === undefined) return;
  const where = found.replace(
    /^[\w.]+?\.\d+/,
    (start) => `argument #${Number(start.split('.').at(-1)) + 1} of ${call}`,
  );
  throw new Error(`${where} holds a literal secret: give it in env, as secret("name") or "env:NAME"`);
}

/** As Lua's own argument errors call a function: without its module. */
function shortName(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

/** @returns how many values it left on the thread; one promise in all, see `performCall` */
function perform(state: CallState, step: Step, row: CallRow, place: string, thread: LuaState): Promise<number> {
  const { host, printer } = state;
  if (row.before !== undefined) printer.log({ level: 'info', text: row.before });
  return host.execute(step).then(
    (value) => push(thread, answerOf(state, row, (value ?? null) as Data)),
    (error: unknown) => push(thread, answerFailure(row, error, `${place}: ${step.call}: `)),
  );
}

function answerOf({ printer, limit }: CallState, row: CallRow, value: Data): Answer {
  limit.carry(JSON.stringify(value).length);
  if (row.after !== undefined) printer.log({ level: 'info', text: row.after });
  return { values: [value] };
}

/** What has no code, and cancellation, is not the script's to see: it ends the run. */
function answerFailure(row: CallRow, error: unknown, position: string): Answer {
  const { code, message, hint } = error as { code?: unknown; message: string; hint?: string };
  if (typeof code !== 'string' || code === 'Cancelled') throw error;
  const text = hint === undefined ? message : `${message} (${hint})`;
  if (row.failure === 'outage' && code !== 'UnknownApplication') return { raise: `${position}${text}` };
  return { values: [row.failure === 'false' ? false : null, text] };
}

function push(L: LuaState, answer: Answer): number {
  lua.lua_pushboolean(L, 'raise' in answer);
  return 1 + pushAll(L, ...('raise' in answer ? [answer.raise] : answer.values));
}
