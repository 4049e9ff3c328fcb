/**
 * One run of a script with nothing behind it: each step is written down and answered from the tables.
 */
import { isSecretText, shown as shownSecret } from '../../domain/secret-text.js';
import { redact } from '../../domain/redaction.js';
import type { Data, Host, Place, Script, Step, TaskResult, WorkflowDefinition } from '../host.js';
import { planLimits } from '../limits.js';
import { runScript } from '../run-script.js';
import { assumedArtifact } from './answer-tables.js';
import { answers, plainAnswer, type AnswerRow } from './answers.js';
import type { Answer, PlanEnd } from './document.js';
import type { AskEngine, EngineFacts, Table } from './engine-facts.js';
import { SimulatedEngine, textOf, unknownApplication } from './simulated-engine.js';

export interface RecordedStep extends Place {
  readonly call: string;
  readonly arguments: readonly Data[];
  readonly summary: string;
  readonly line: number;
  readonly answer: Answer;
  /** Answers it could have had instead of the one the tables assume. */
  readonly others: readonly Answer[];
  readonly source: 'assumed' | 'live';
  readonly standIn: boolean;
}

export interface Recording {
  readonly steps: readonly RecordedStep[];
  readonly workflows: readonly WorkflowDefinition[];
  /** The first task that failed. */
  readonly failedTask?: Place;
  readonly end: PlanEnd;
  /** What the script was stopped by. */
  readonly error?: unknown;
  readonly warnings: readonly string[];
}

/** @param number of the step, from 1 @returns undefined for the assumed answer */
export type Choose = (
  step: Pick<RecordedStep, 'call' | 'line' | 'arguments' | keyof Place>,
  number: number,
) => Answer | undefined;

export interface RecordingOptions {
  readonly facts: EngineFacts;
  /** ms since epoch, the same for every run of one plan. */
  readonly now: number;
  readonly ask?: AskEngine | undefined;
  readonly choose: Choose;
  /** Where a script that does not end by itself is cut off. */
  readonly stepLimit: number;
}

/** Never throws for what the script does: see `error`. */
export async function record(script: Script, options: RecordingOptions): Promise<Recording> {
  const recorder = new Recorder(options);
  try {
    const result = await runScript(script, recorder, planLimits);
    const failed = result.workflows.find((w) => !w.success);
    const task = failed?.tasks.find((t: TaskResult) => t.status === 'failed');
    return {
      ...recorder.written(),
      ...(failed === undefined || task === undefined
        ? {}
        : { failedTask: { workflow: failed.name, task: task.name, attempt: 1 } }),
      end: failed === undefined ? { status: 'succeeded' } : { status: 'failed', message: failed.message },
      warnings: result.warnings,
    };
  } catch (error) {
    const end: PlanEnd =
      error instanceof StepLimit
        ? { status: 'open', message: `still going on after ${options.stepLimit} steps` }
        : { status: 'failed', message: redact((error as Error).message) };
    return { ...recorder.written(), end, error, warnings: [] };
  }
}

/** Has no code, so the script cannot catch it. */
class StepLimit extends Error {}

class Recorder implements Host {
  private readonly steps: RecordedStep[] = [];
  private readonly workflows: WorkflowDefinition[] = [];
  readonly inListOrder = true;
  private elapsed = 0;
  private seed = 1;
  private readonly engine: SimulatedEngine;

  constructor(private readonly options: RecordingOptions) {
    this.engine = new SimulatedEngine(options.facts, () => this.now());
  }

  written(): Pick<Recording, 'steps' | 'workflows'> {
    return { steps: this.steps, workflows: this.workflows };
  }

  async execute({ call, args, summary, line, place }: Step): Promise<Data> {
    this.refuseMore();
    const shown = { call, arguments: args.map(masked), summary: redact(summary), line, ...place };
    const row = answers[call] ?? plainAnswer;
    const choice = this.options.choose(shown, this.steps.length + 1);
    if (choice === undefined || row.others[choice] === undefined) return this.assume(shown, row, args);
    this.steps.push({ ...shown, answer: choice, others: othersOf(row), source: 'assumed', standIn: false });
    return row.others[choice](this.engine, args);
  }

  async sleep(ms: number, why: string, place: Place): Promise<void> {
    this.refuseMore();
    this.elapsed += ms;
    const timer = { call: 'timer', arguments: [ms], summary: why, line: 0, answer: 'timer', others: [] } as const;
    this.steps.push({ ...timer, ...place, source: 'assumed', standIn: false });
  }

  defined(workflow: WorkflowDefinition): void {
    this.workflows.push(workflow);
  }

  log(): void {}

  now(): number {
    return this.options.now + this.elapsed;
  }

  /** Park and Miller: any sequence will do that is the same in every run. */
  random(): number {
    this.seed = (this.seed * 16807) % 2147483647;
    return (this.seed - 1) / 2147483646;
  }

  private refuseMore(): void {
    if (this.steps.length >= this.options.stepLimit) throw new StepLimit();
  }

  /** The success value; the real one where the engine is asked; the real error where the arguments are wrong. */
  private async assume(shown: Shown, row: AnswerRow, args: readonly Data[]): Promise<Data> {
    const step = { ...shown, answer: 'success', others: [], source: 'assumed', standIn: false } as const;
    // Until there is an answer: what throws is a failure.
    const asking = this.options.ask !== undefined && row.reading === true;
    const at = this.steps.push({ ...step, answer: 'failure', source: asking ? 'live' : 'assumed' }) - 1;
    const live = await this.live(shown.call, row, args);
    if (live !== undefined) {
      this.steps[at] = { ...step, source: 'live' };
      return live;
    }
    const value = row.success(this.engine, args);
    const others = othersOf(row).filter((other) => !isSame(other, value));
    this.steps[at] = { ...step, others, standIn: this.isStandIn(value) };
    return value;
  }

  /** Real answers are asked for until the script has done something to the application in memory. */
  private async live(call: string, row: AnswerRow, args: readonly Data[]): Promise<Data | undefined> {
    const { ask } = this.options;
    if (ask === undefined || row.reading !== true || args[0] === assumedArtifact) return undefined;
    if (call === 'gitops.list_workflows') return this.liveList(await ask(call, args), row, args);
    if (call !== 'artifact.read' && this.engine.isTouched(textOf(args[0]))) return undefined;
    const answer = await ask(call, args);
    if (answer === undefined && !this.engine.isDeclared(textOf(args[0]))) throw unknownApplication(textOf(args[0]));
    return answer;
  }

  /** What runs, and in place of it or after it what the script declared. */
  private liveList(listed: Data | undefined, row: AnswerRow, args: readonly Data[]): Data {
    const own = row.success(this.engine, args) as readonly Table[];
    const ids = new Set(own.map((entry) => entry['id']));
    return [...((listed ?? []) as readonly Table[]).filter((entry) => !ids.has(entry['id'])), ...own];
  }

  private isStandIn(value: Data): boolean {
    const id = typeof value === 'string' ? value : ((value as Table | null)?.['workflow_id'] ?? '');
    return this.engine.applications.get(textOf(id))?.declared.certain === false;
  }
}

type Shown = Omit<RecordedStep, 'answer' | 'others' | 'source' | 'standIn'>;

function othersOf(row: AnswerRow): Answer[] {
  return Object.keys(row.others) as Answer[];
}

/** An answer that would say the same again. */
function isSame(other: Answer, value: Data): boolean {
  if (other === 'empty') return Array.isArray(value) && value.length === 0;
  const total = ((value as Table | null)?.['summary'] as Table | undefined)?.['total_changes'];
  return (other === 'unchanged' && total === 0) || (other === 'changes' && total !== 0 && total !== undefined);
}

/** References to secrets are no secrets. */
function masked(value: Data): Data {
  if (isSecretText(value)) return shownSecret(value);
  if (typeof value === 'string') return /^(secret|env|file):\S+$/.test(value) ? value : redact(value);
  if (Array.isArray(value)) return (value as readonly Data[]).map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, masked(entry)]));
}
