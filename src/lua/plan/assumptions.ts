/**
 * Which steps of a plan are certain. A step is unconditional when every run that was tried and did not fail performs
 * it; otherwise it is assumed, and hangs on the step whose other answer let such a run do without it.
 */
import { siteOf } from './align.js';
import type { Exploration } from './explore.js';
import type { PlacedRun, PlanGraph } from './graph.js';

/** For each step of the plan (index 0 = step 1) the steps it hangs on; none for an unconditional one. */
export function assumptions({ graph, untried }: Exploration): ReadonlySet<number>[] {
  const hangs = graph.base.steps.map(() => new Set<number>());
  for (const run of graph.runs.slice(1)) if (run.recording.end.status !== 'failed') note(graph, run, hangs);
  const first = Math.min(...untried.filter((number) => number <= hangs.length));
  hangs.forEach((on, i) => {
    if (i >= first) on.add(first);
  });
  return hangs;
}

function note(graph: PlanGraph, run: PlacedRun, hangs: Set<number>[]): void {
  const done = new Set(run.numbers);
  const elsewhere = retried(graph, run);
  const last = run.recording.end.status === 'open' ? Math.max(...base(graph, run)) : hangs.length;
  hangs.forEach((on, i) => {
    if (i >= last || done.has(i + 1) || elsewhere.has(withoutAttempt(graph.base.steps[i]))) return;
    const cause = deviationBefore(graph, run, i + 1);
    if (cause !== undefined) on.add(cause);
  });
}

function base(graph: PlanGraph, run: PlacedRun): number[] {
  return [0, ...run.numbers.filter((number) => number <= graph.base.steps.length)];
}

/** What a later attempt does counts as done. */
function retried(graph: PlanGraph, { recording, numbers }: PlacedRun): Set<string> {
  const others = recording.steps.filter((s, i) => (numbers[i] ?? 0) > graph.base.steps.length && (s.attempt ?? 1) > 1);
  return new Set(others.map(withoutAttempt));
}

function withoutAttempt(step: Parameters<typeof siteOf>[0] | undefined): string {
  if (step === undefined) return '';
  const { call, line, workflow, task, hook } = step;
  return siteOf({
    call,
    line,
    ...(workflow ? { workflow } : {}),
    ...(task ? { task } : {}),
    ...(hook ? { hook } : {}),
  });
}

/** The last step before the missing one that was answered otherwise; alternatives count by where they stand. */
function deviationBefore(graph: PlanGraph, { recording, numbers }: PlacedRun, missing: number): number | undefined {
  let [reached, cause]: [number, number | undefined] = [0, undefined];
  recording.steps.forEach((step, i) => {
    const number = numbers[i] ?? 0;
    if (number <= graph.base.steps.length) reached = number;
    if (reached < missing && step.answer !== 'timer' && step.answer !== graph.assumedAnswer(number)) cause = number;
  });
  return cause;
}
