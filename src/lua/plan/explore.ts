/**
 * Tries the other answers of each step, one at a time, and each step that turns up only then as well. What is not
 * tried is named, so that nothing is called certain that was not looked at.
 */
import { siteOf } from './align.js';
import type { Answer } from './document.js';
import { PlanGraph, type PlacedRun } from './graph.js';
import type { Choose, Recording } from './recording.js';

/** By number of the step in the run. */
export type Choices = ReadonlyMap<number, Answer>;
export type Run = (choose: Choose) => Promise<Recording>;

export interface Exploration {
  readonly graph: PlanGraph;
  /** Steps of the plan with an answer that was not tried. */
  readonly untried: readonly number[];
}

interface Attempt {
  readonly choices: Choices;
  /** Number in the plan of the step that is answered otherwise. */
  readonly number: number;
  readonly answer: Answer;
}

/** A run takes some 8 ms. */
const runLimit = 48;

/** @param base the path the plan shows, and the choices that lead along it */
export async function explore(run: Run, base: Recording, choices: Choices): Promise<Exploration> {
  const graph = new PlanGraph(base);
  const tried = new Set<string>();
  const waiting = attempts(graph.runs[0], choices, 0).sort((a, b) => rank(a) - rank(b));
  for (let next = waiting.shift(); next !== undefined && graph.runs.length < runLimit; next = waiting.shift()) {
    const key = `${next.number} ${next.answer}`;
    if (tried.has(key)) continue;
    tried.add(key);
    const placed = graph.add(await run(choosing(next.choices)));
    const from = Math.max(...next.choices.keys());
    waiting.push(...attempts(placed, next.choices, from).filter((a) => a.number > base.steps.length));
  }
  await failTogether(run, graph, choices);
  const untried = waiting.filter((a) => !tried.has(`${a.number} ${a.answer}`)).map((a) => a.number);
  return { graph, untried };
}

/** Failures first: they tell the most. */
function rank({ answer }: Attempt): number {
  return answer === 'failure' ? 0 : 1;
}

export function choosing(choices: Choices): Choose {
  return (_step, number) => choices.get(number);
}

function attempts(placed: PlacedRun | undefined, choices: Choices, after: number): Attempt[] {
  const { recording, numbers } = placed ?? { recording: { steps: [] }, numbers: [] };
  return recording.steps.flatMap((step, i) =>
    i < after
      ? []
      : step.others
          .filter((answer) => answer !== step.answer)
          .map((answer) => ({ choices: new Map([...choices, [i + 1, answer]]), number: numbers[i] ?? 0, answer })),
  );
}

/** One run in which every step fails whose failure alone the script survives: some steps go only with all of them. */
async function failTogether(run: Run, graph: PlanGraph, choices: Choices): Promise<void> {
  const survived = new Set<string>();
  for (const { recording } of graph.runs) {
    if (recording.end.status !== 'succeeded') continue;
    recording.steps.filter((s) => s.answer === 'failure').forEach((s) => survived.add(siteOf(s)));
  }
  if (survived.size < 2) return;
  graph.add(await run((step, number) => choices.get(number) ?? (survived.has(siteOf(step)) ? 'failure' : undefined)));
}
