/**
 * A Lua script as a durable program. `script/<name>/<run>`: the interpreter runs here, in the workflow, and every
 * call the script makes of the engine becomes a step in this history; on replay the calls answer from there.
 */
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import { hasCode } from '../domain/errors.js';
import type { PromotionRecord } from '../domain/promotion/record.js';
import { Interruption, type Bounds, type Host, type LogLine, type ScriptResult, type Step } from '../lua/host.js';
import { runScript } from '../lua/run-script.js';
import {
  answerUpdate,
  linesQuery,
  promotionFinishedSignal,
  syncFinishedSignal,
  type NumberedLine,
  type ScriptInput,
  type ScriptProgress,
} from './messages.js';
import { Questions } from './questions.js';
import { failureOf } from './retry.js';
import { RunFolder } from './run-folder.js';
import { Answers } from './answers.js';
import type { CallContext } from './calls/call.js';
import { performCall } from './calls/perform-call.js';
import { clip } from './steps.js';
import { ScriptScopes } from './script-scopes.js';
import { SyncAnswers } from './sync-answers.js';

/** Lines kept in the result: well below the 512 KiB at which Temporal warns. */
const tailCharacters = 128 * 1024;

export interface ScriptOutcome extends ScriptResult {
  /** The last lines the script printed, so that a closed run can be read without a worker. */
  readonly lines: readonly NumberedLine[];
}

/** Today's driver: interpreter, prelude, and what each call becomes. Its number is `luaAbi`. */
export async function runScriptOfToday(input: ScriptInput): Promise<ScriptOutcome> {
  const host = new WorkflowHost(input);
  setHandler(linesQuery, (after = 0) => host.progress(after), {
    description: 'Lines printed after line N',
  });
  setHandler(answerUpdate, (given) => host.questions.answer(given), {
    validator: (given) => host.questions.check(given),
    description: 'Answer a question of the script',
  });
  setHandler(syncFinishedSignal, (finished) => host.answers.finished(finished), {
    description: 'A sync this script asked for has ended',
  });
  setHandler(promotionFinishedSignal, (record) => host.promotions.arrive(record.id, record), {
    description: 'A promotion this script asked for has ended',
  });
  try {
    const result = await runScript({ ...input, name: input.file ?? input.name ?? 'script.lua' }, host);
    return host.outcome(result);
  } catch (error) {
    throw host.failure(error);
  } finally {
    await host.folder.remove();
  }
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly trace: readonly string[];
}

class WorkflowHost implements Host {
  readonly answers = new SyncAnswers();
  readonly promotions = new Answers<PromotionRecord>();
  readonly questions = new Questions((text) => this.log({ level: 'info', text }));
  readonly folder = new RunFolder((text) => this.log({ level: 'warn', text }));
  done = false;
  private readonly lines: NumberedLine[] = [];
  private readonly context: CallContext;
  private readonly scopes = new ScriptScopes(CancellationScope.current());

  constructor(input: ScriptInput) {
    const warn = (text: string): void => this.log({ level: 'warn', text });
    const { answers, promotions, questions, folder } = this;
    this.context = { input, answers, promotions, questions, folder, declared: new Set(), warn };
  }

  execute(step: Step): Promise<unknown> {
    return performCall(step, this.context).catch((error: unknown) => {
      if (isCancellation(error)) throw new CancelledFailure('The script was cancelled');
      throw Object.assign(new Error(failureOf(error).message), failureOf(error));
    });
  }

  async sleep(ms: number, why: string): Promise<void> {
    await sleep(ms, { summary: clip(why) });
  }

  async pause(): Promise<void> {
    await sleep(1, { summary: 'the script computes; other runs go first' });
  }

  within<T>(bounds: Bounds, work: () => Promise<T>): Promise<T> {
    return this.scopes.within(bounds, work);
  }

  cancelled(): boolean {
    return this.scopes.cancelled;
  }

  log(line: LogLine): void {
    this.lines.push({ ...line, number: this.lines.length + 1 });
    this.show();
  }

  now(): number {
    return Date.now();
  }

  random(): number {
    return Math.random();
  }

  progress(after: number): ScriptProgress {
    const { open } = this.questions;
    const waiting = open.length === 0 ? {} : { questions: open };
    return { lines: this.lines.slice(after), done: this.done, ...waiting };
  }

  outcome(result: ScriptResult): ScriptOutcome {
    this.done = true;
    if (result.success) return { ...result, lines: this.tail() };
    const failed = result.workflows.filter((w) => !w.success);
    const message = failed.map((w) => `${w.name}: ${w.message}`).join('; ');
    const trace = failed.flatMap((w) => w.tasks).find((task) => task.trace !== undefined)?.trace ?? [];
    throw this.failed({ code: 'ScriptFailed', message, trace }, result);
  }

  /** The workflow fails with the script's own error; a bug of ours (no code) fails the task and waits for a new build. */
  failure(error: unknown): unknown {
    this.done = true;
    if (error instanceof ApplicationFailure || isCancellation(error)) return error;
    if (error instanceof Interruption) return new CancelledFailure(error.message);
    const { code, message, hint, trace = [] } = error as Partial<Failure> & { message: string };
    if (code === undefined) return error;
    if (hasCode(error, 'Cancelled')) return new CancelledFailure('The script was cancelled');
    return this.failed({ code, message, hint, trace });
  }

  /** Its stack is the script's, not ours: that is what Temporal's UI shows. */
  private failed({ code, message, hint, trace }: Failure, result?: ScriptResult): ApplicationFailure {
    const details = [
      {
        ...(hint === undefined ? {} : { hint }),
        ...(trace.length === 0 ? {} : { trace }),
        lines: this.tail(),
        ...(result === undefined ? {} : { result }),
      },
    ];
    const failure = ApplicationFailure.create({ type: code, message, nonRetryable: true, details });
    failure.stack = trace.map((line) => `    at ${line}`).join('\n');
    return failure;
  }

  /** The newest lines that fit; what a reader still misses a worker can be asked for. */
  private tail(): NumberedLine[] {
    let size = 0;
    const from = this.lines.findLastIndex((line) => (size += line.text.length + 40) > tailCharacters);
    return this.lines.slice(from + 1);
  }

  private show(): void {
    setCurrentDetails(
      this.lines
        .slice(-20)
        .map((line) => `${line.level.toUpperCase()} ${line.text}`)
        .join('\n\n'),
    );
  }
}
