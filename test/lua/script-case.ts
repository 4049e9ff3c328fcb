/**
 * One small script and what is expected of it, run without Temporal: calls are answered as a plan answers them, unless the
 * case says otherwise.
 */
import { answers as assumed, plainAnswer } from '../../src/lua/plan/answers.js';
import { SimulatedEngine } from '../../src/lua/plan/simulated-engine.js';
import type { Data, Host, LogLine, Script, Step } from '../../src/lua/host.js';
import { runScript } from '../../src/lua/run-script.js';
import { facts, now } from './plan-support.js';

/** A value, or a failure the call is answered with. */
export type CaseAnswer = Data | { readonly error: { readonly code: string; readonly message: string } };

export interface ScriptCase {
  readonly title: string;
  readonly script: string;
  /** By call, in the order they are made; the last one is repeated. Default: what a plan assumes. */
  readonly answers?: Readonly<Record<string, readonly CaseAnswer[]>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Printed lines as they are, log lines with their level in front. */
  readonly output?: string;
  /** Each call with its first argument, where that is text, or the name in it. */
  readonly steps?: readonly string[];
  /** Default true. */
  readonly success?: boolean;
  /** Contained in what the run fails with. */
  readonly error?: string;
  /** Each contained in one of the warnings. */
  readonly warnings?: readonly string[];
  /** Also run on Temporal, through the command line. */
  readonly endToEnd?: boolean;
}

export interface RanCase {
  readonly output: string;
  readonly steps: readonly string[];
  readonly success: boolean;
  readonly error?: string;
  readonly warnings: readonly string[];
}

export async function runCase(wanted: ScriptCase): Promise<RanCase> {
  const host = new CaseHost(wanted.answers ?? {});
  const { script: source, params = {}, values = {}, environment = {} } = wanted;
  const script: Script = { name: 't.lua', source, params, values, environment };
  const seen = (): Pick<RanCase, 'output' | 'steps'> => ({ output: host.lines.join('\n'), steps: host.steps });
  try {
    const { success, warnings } = await runScript(script, host);
    return { ...seen(), success, warnings };
  } catch (error) {
    return { ...seen(), success: false, warnings: [], error: (error as Error).message };
  }
}

class CaseHost implements Host {
  readonly lines: string[] = [];
  readonly steps: string[] = [];
  private readonly made = new Map<string, number>();
  private elapsed = 0;
  private readonly engine = new SimulatedEngine(facts, () => this.now());

  constructor(private readonly answers: NonNullable<ScriptCase['answers']>) {}

  async execute({ call, args }: Step): Promise<Data> {
    this.steps.push([call, nameIn(args[0])].filter((part) => part !== undefined).join(' '));
    const answer = this.next(call);
    await Promise.resolve();
    if (answer === undefined) return (assumed[call] ?? plainAnswer).success(this.engine, args);
    if (isFailure(answer)) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
    return answer;
  }

  async sleep(ms: number): Promise<void> {
    await Promise.resolve();
    this.elapsed += ms;
  }

  log({ level, text }: LogLine): void {
    this.lines.push(level === 'print' ? text : `${level.toUpperCase()} ${text}`);
  }

  now(): number {
    return now + this.elapsed;
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

function isFailure(answer: CaseAnswer): answer is { error: { code: string; message: string } } {
  const error = typeof answer === 'object' && answer !== null ? (answer as { error?: Data }).error : undefined;
  return typeof error === 'object' && error !== null && 'code' in error;
}

function nameIn(argument: Data | undefined): string | undefined {
  if (typeof argument !== 'object' || argument === null) return argument === undefined ? undefined : String(argument);
  const { name, id, repo, url, prompt } = argument as Readonly<Record<string, Data>>;
  const found = name ?? id ?? repo ?? url ?? prompt;
  return typeof found === 'string' ? found : undefined;
}
