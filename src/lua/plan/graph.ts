/**
 * The runs of one script laid over each other: the steps of the first, what only others do, and which step follows
 * which.
 */
import { align, exactly } from './align.js';
import type { Answer, Transition } from './document.js';
import type { RecordedStep, Recording } from './recording.js';

export interface Alternative {
  readonly number: number;
  readonly step: RecordedStep;
  /** The step whose other answer led here. */
  readonly hangsOn: number;
}

/** A run, each step by its number in the plan. */
export interface PlacedRun {
  readonly recording: Recording;
  readonly numbers: readonly number[];
}

export class PlanGraph {
  readonly runs: PlacedRun[] = [];
  private readonly found = new Map<string, Alternative>();
  private readonly links = new Map<string, Transition>();

  constructor(readonly base: Recording) {
    this.add(base);
  }

  get alternatives(): readonly Alternative[] {
    return [...this.found.values()];
  }

  get transitions(): readonly Transition[] {
    return [...this.links.values()];
  }

  /** The answer the plan assumes for a step. */
  assumedAnswer(number: number): Answer {
    return this.base.steps[number - 1]?.answer ?? 'success';
  }

  add(recording: Recording): PlacedRun {
    const numbers = this.place(recording);
    this.connect(recording, numbers);
    const placed = { recording, numbers };
    this.runs.push(placed);
    return placed;
  }

  private place({ steps }: Recording): number[] {
    const aligned = align(this.base.steps, steps);
    const times = new Map<string, number>();
    let deviation = 0;
    return steps.map((step, i) => {
      const at = aligned[i];
      const number = at === undefined ? this.alternative(step, times, deviation) : at + 1;
      if (this.deviates(step, number)) deviation = number;
      return number;
    });
  }

  private deviates(step: RecordedStep, number: number): boolean {
    return step.answer !== 'timer' && step.answer !== this.assumedAnswer(number);
  }

  /** The n-th time the same call comes with the same arguments from the same place is the same alternative. */
  private alternative(step: RecordedStep, times: Map<string, number>, hangsOn: number): number {
    const same = exactly(step);
    const time = (times.get(same) ?? 0) + 1;
    times.set(same, time);
    const key = `${time} ${same}`;
    const known = this.found.get(key);
    if (known !== undefined) return known.number;
    const number = this.base.steps.length + this.found.size + 1;
    this.found.set(key, { number, step, hangsOn });
    return number;
  }

  private connect({ steps, end }: Recording, numbers: readonly number[]): void {
    const ends = end.status === 'open' ? [...numbers] : [...numbers, 'end' as const];
    ends.forEach((to, i) => {
      const [from, step] = i === 0 ? (['start', undefined] as const) : ([numbers[i - 1] ?? 0, steps[i - 1]] as const);
      const other = step !== undefined && typeof from === 'number' && this.deviates(step, from);
      const link: Transition = other ? { from, to, answer: step.answer } : { from, to };
      this.links.set(JSON.stringify(link), link);
    });
  }
}
