/**
 * One small script and what is expected of it, run without Temporal: calls are answered as a plan answers them, unless the
 * case says otherwise.
 */
import type { CallRow } from '../../src/lua/calls/call-row.js';
import { calls } from '../../src/lua/calls/calls.js';
import { answers as assumed, plainAnswer } from '../../src/lua/plan/answers.js';
import { SimulatedEngine } from '../../src/lua/plan/simulated-engine.js';
import { shown } from '../../src/domain/secret-text.js';
import { parseDuration } from '../../src/domain/duration.js';
import type { Bounds, Data, Host, LogLine, Script, Step, TaskContext } from '../../src/lua/host.js';
import { runScript } from '../../src/lua/run-script.js';
import { facts, now } from './plan-support.js';
import { VirtualTime } from './virtual-time.js';

interface CaseFailure {
  readonly code: string;
  readonly message: string;
}

/** A value, or a failure the call is answered with; `after` so much of the clock's time, and `deaf` to its cancellation. */
export type CaseAnswer =
  | Data
  | { readonly error: CaseFailure; readonly after?: string }
  | { readonly after: string; readonly deaf?: boolean; readonly is?: Data };

/** A call and what it is given, once that is checked. */
export type SentCall = readonly [call: string, ...args: readonly Data[]];

export interface ScriptCase {
  readonly title: string;
  readonly script: string;
  /** By call, in the order they are made; the last one is repeated. Default: what a plan assumes. */
  readonly answers?: Readonly<Record<string, readonly CaseAnswer[]>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Submitted with the script, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Printed lines as they are, log lines with their level in front. */
  readonly output?: string;
  /** Each call with its first argument, where that is text, or the name in it. */
  readonly steps?: readonly string[];
  /** The call and the arguments of each step, whole. */
  readonly sent?: readonly SentCall[];
  /** The task of each call: its name, its queue, its folder, its environment; `-` for none. */
  readonly tasks?: readonly string[];
  /** Default true. */
  readonly success?: boolean;
  /** Contained in what the run fails with. */
  readonly error?: string;
  /** Each contained in one of the warnings. */
  readonly warnings?: readonly string[];
  /** When the run is cancelled, after its start. */
  readonly cancel?: string;
  /** A person is asked before each task. */
  readonly interactive?: boolean;
  /** Also run on Temporal, through the command line. */
  readonly endToEnd?: boolean;
}

export interface RanCase {
  readonly output: string;
  readonly steps: readonly string[];
  readonly sent: readonly SentCall[];
  readonly tasks: readonly string[];
  readonly success: boolean;
  readonly error?: string;
  readonly warnings: readonly string[];
}

export async function runCase(wanted: ScriptCase): Promise<RanCase> {
  const {
    script: source,
    params = {},
    values = {},
    environment = {},
    files: modules = {},
    interactive = false,
  } = wanted;
  const host = new CaseHost(wanted.answers ?? {});
  if (wanted.cancel !== undefined) host.time.cancelAfter(parseDuration(wanted.cancel));
  const script: Script = { name: 't.lua', source, params, values, environment, modules, interactive };
  const seen = (): Pick<RanCase, 'output' | 'steps' | 'sent' | 'tasks'> => {
    const { lines, steps, sent, tasks } = host;
    return { output: lines.join('\n'), steps, sent, tasks };
  };
  try {
    const { success, warnings } = await host.time.run(runScript(script, host));
    return { ...seen(), success, warnings };
  } catch (error) {
    return { ...seen(), success: false, warnings: [], error: (error as Error).message };
  }
}

/** Follows each task that used the folder of the run: shown only where a case answers it. */
const keeping = 'workspace.save';

class CaseHost implements Host {
  readonly lines: string[] = [];
  readonly steps: string[] = [];
  readonly sent: SentCall[] = [];
  readonly tasks: string[] = [];
  readonly time = new VirtualTime(now);
  private readonly made = new Map<string, number>();
  private readonly engine = new SimulatedEngine(facts, () => this.now());

  constructor(private readonly answers: NonNullable<ScriptCase['answers']>) {
    Object.keys(answers).forEach(makeKnown);
  }

  async execute({ call, args, task }: Step): Promise<Data> {
    if (call === keeping && this.answers[call] === undefined) return true;
    this.tasks.push(shownTask(task));
    this.sent.push([call, ...args]);
    this.steps.push([call, nameIn(args[0])].filter((part) => part !== undefined).join(' '));
    const answer = this.next(call);
    if (answer === undefined) return (assumed[call] ?? plainAnswer).success(this.engine, args);
    const { after, deaf, error, is } = partsOf(answer);
    if (after !== undefined) await this.time.wait(parseDuration(after), deaf);
    if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
    return is ?? null;
  }

  sleep(ms: number): Promise<void> {
    return this.time.wait(ms);
  }

  within<T>(bounds: Bounds, work: () => Promise<T>): Promise<T> {
    return this.time.within(bounds, work);
  }

  cancelled(): boolean {
    return this.time.cancelled;
  }

  log({ level, text }: LogLine): void {
    this.lines.push(level === 'print' ? text : `${level.toUpperCase()} ${text}`);
  }

  now(): number {
    return this.time.now();
  }

  random(): number {
    return 0.5;
  }

  private next(call: string): CaseAnswer | undefined {
    const made = this.made.get(call) ?? 0;
    this.made.set(call, made + 1);
    const list = this.answers[call];
    return list?.[Math.min(made, list.length - 1)];
  }
}

/** A case may answer a call that no part of the product makes yet. */
function makeKnown(call: string): void {
  const row: CallRow = { parameters: [{ name: 'request', type: 'table' }], failure: 'nil', summary: () => call };
  if (!Object.hasOwn(calls, call)) (calls as Record<string, CallRow>)[call] = row;
}

function shownTask(task: TaskContext | undefined): string {
  if (task === undefined) return '-';
  const { name, delegateTo, workdir, env = {} } = task;
  const variables = Object.entries(env).map(([key, value]) => `${key}=${shown(value)}`);
  return [name, ...(delegateTo ? [`@${delegateTo}`] : []), ...(workdir ? [workdir] : []), ...variables].join(' ');
}

function partsOf(answer: CaseAnswer): { after?: string; deaf?: boolean; error?: CaseFailure; is?: Data } {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return { is: answer as Data };
  const { after, deaf = false, error, is } = answer as { after?: Data; deaf?: boolean; error?: Data; is?: Data };
  const failure = typeof error === 'object' && error !== null && 'code' in error ? error : undefined;
  if (typeof after !== 'string' && failure === undefined) return { is: answer as Data };
  return {
    ...(typeof after === 'string' ? { after, deaf } : {}),
    ...(failure === undefined ? {} : { error: failure as unknown as CaseFailure }),
    ...(is === undefined ? {} : { is }),
  };
}

function nameIn(argument: Data | undefined): string | undefined {
  if (typeof argument !== 'object' || argument === null) return argument === undefined ? undefined : String(argument);
  const { name, id, repo, url, prompt, task } = argument as Readonly<Record<string, Data>>;
  const found = name ?? id ?? repo ?? url ?? prompt ?? task;
  return typeof found === 'string' ? found : undefined;
}
