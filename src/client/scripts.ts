/**
 * Lua scripts as durable runs: start one, follow what it prints, read how it ended.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { refuseSecrets } from '../lua/literal-secrets.js';
import {
  answerUpdate,
  linesQuery,
  workflowTaskTimeout,
  taskQueues,
  type NumberedLine,
  type Question,
  type QuestionAnswer,
  type ScriptInput,
  type ScriptProgress,
  type ScriptResult,
} from '../workflows/messages.js';
import type { Metric } from '../lua/metrics.js';
import { luaAbi } from '../lua/abi.js';
import type { ScriptOutcome } from '../workflows/script-run.js';
import { translate, translating, type Subject } from './failure.js';

const pollMs = 200;
const subject = (name: string): Subject => ({ code: 'UnknownWorkflow', name });

export interface ScriptRun {
  readonly workflowId: string;
}

export class Scripts {
  constructor(private readonly temporal: Client) {}

  /**
   * Submits a script. Its source becomes part of a history that many can read, so a literal secret in it is refused
   * before anything is sent.
   * @throws GitOpsError LiteralSecret with file:line
   */
  async start(input: ScriptInput & { name: string }): Promise<ScriptRun> {
    refuseSecrets({ ...input, name: input.file ?? input.name });
    const workflowId = `script/${input.name}/${randomUUID().slice(0, 8)}`;
    await translating(subject(workflowId), () =>
      this.temporal.workflow.start('script', {
        workflowId,
        taskQueue: taskQueues.lua,
        workflowTaskTimeout,
        args: [{ ...input, luaAbi }],
        staticSummary: `script ${input.name}`,
      }),
    );
    return { workflowId };
  }

  /**
   * Yields each line the script prints, as it prints it, until the run has ended.
   * @param signal stops following; the script goes on
   * @param onQuestions hears which questions are open, again and again
   */
  async *follow(
    { workflowId }: ScriptRun,
    signal?: AbortSignal,
    onQuestions: (open: readonly Question[]) => void = () => undefined,
  ): AsyncGenerator<NumberedLine> {
    const handle = this.temporal.workflow.getHandle(workflowId);
    let seen = 0;
    for (let open = true; open && signal?.aborted !== true;) {
      open = (await handle.describe()).status.name === 'RUNNING';
      const { lines, questions = [] } = open
        ? await this.progress(workflowId, seen)
        : { lines: await this.finalLines(workflowId, seen) };
      yield* lines;
      onQuestions(questions);
      seen = lines.at(-1)?.number ?? seen;
      if (open && lines.length === 0)
        await pause(pollMs, undefined, { ...(signal ? { signal } : {}) }).catch(() => undefined);
    }
  }

  /** @throws GitOpsError with the script's own failure */
  async result({ workflowId }: ScriptRun): Promise<ScriptOutcome> {
    return translating(
      subject(workflowId),
      () => this.temporal.workflow.getHandle(workflowId).result() as Promise<ScriptOutcome>,
    );
  }

  /** Questions that wait for a person. */
  async questions({ workflowId }: ScriptRun): Promise<readonly Question[]> {
    return (await this.progress(workflowId, Number.MAX_SAFE_INTEGER)).questions ?? [];
  }

  /**
   * @returns the question that is answered
   * @throws GitOpsError NoQuestion, UnknownWorkflow
   */
  async answer({ workflowId }: ScriptRun, answer: QuestionAnswer): Promise<Question> {
    return translating(subject(workflowId), () =>
      this.temporal.workflow.getHandle(workflowId).executeUpdate(answerUpdate, { args: [answer] }),
    );
  }

  /** What `metrics` recorded, once the run has ended. */
  async metrics({ workflowId }: ScriptRun): Promise<readonly Metric[]> {
    const outcome = await this.temporal.workflow
      .getHandle(workflowId)
      .result()
      .catch((error: unknown) => detailsOf(error)?.result);
    return (outcome as Partial<ScriptOutcome> | undefined)?.metrics ?? [];
  }

  /** While no worker answers (it may be restarting) there is simply nothing new. */
  private async progress(workflowId: string, seen: number): Promise<Omit<ScriptProgress, 'done'>> {
    try {
      return await this.temporal.workflow.getHandle(workflowId).query(linesQuery, seen);
    } catch (error) {
      const translated = translate(subject(workflowId), error);
      if (translated.code === 'UnknownWorkflow') throw translated;
      return { lines: [] };
    }
  }

  /** Lines of a closed run, from its result or its failure; a worker is asked only for those that did not fit. */
  private async finalLines(workflowId: string, seen: number): Promise<NumberedLine[]> {
    const lines = await this.temporal.workflow
      .getHandle(workflowId)
      .result()
      .then((outcome) => (outcome as ScriptOutcome).lines, linesOfFailure);
    if (lines === undefined) return [...(await this.progress(workflowId, seen)).lines];
    const unseen = lines.filter((line) => line.number > seen);
    const complete = (unseen[0]?.number ?? seen + 1) === seen + 1;
    if (complete) return unseen;
    const { lines: asked } = await this.progress(workflowId, seen);
    return asked.length > unseen.length ? [...asked] : unseen;
  }
}

/** Undefined for a cancelled run: a cancellation carries nothing. */
function linesOfFailure(error: unknown): readonly NumberedLine[] | undefined {
  if (error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure) return undefined;
  return detailsOf(error)?.lines ?? [];
}

interface FailureDetails {
  readonly lines?: readonly NumberedLine[];
  readonly result?: ScriptResult;
}

function detailsOf(error: unknown): FailureDetails | undefined {
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? (cause.details?.[0] as FailureDetails | undefined) : undefined;
}
