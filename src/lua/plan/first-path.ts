/**
 * The path a plan shows. Every step is answered with its success value; where the script then stops, because it counts
 * on another answer of the last step (a sync that must fail, an id that must be unknown), that answer is tried.
 */
import { choosing, type Choices, type Run } from './explore.js';
import type { Recording } from './recording.js';

export interface FirstPath {
  readonly recording: Recording;
  readonly choices: Choices;
}

const runLimit = 24;

/** @returns the first path that ends well, or the one of success values alone when there is none */
export async function firstPath(run: Run): Promise<FirstPath> {
  const straight: FirstPath = { recording: await run(choosing(new Map())), choices: new Map() };
  let left = runLimit;
  const repair = async (path: FirstPath): Promise<FirstPath | undefined> => {
    if (path.recording.end.status !== 'failed') return path;
    const stop = stoppedAt(path.recording);
    for (const answer of path.recording.steps[stop]?.others ?? []) {
      if (left-- <= 0 || path.choices.has(stop + 1)) return undefined;
      const choices = new Map([...path.choices, [stop + 1, answer]]);
      const recording = await run(choosing(choices));
      if (stoppedAt(recording) <= stop && recording.end.status === 'failed') continue;
      const ended = await repair({ recording, choices });
      if (ended !== undefined) return ended;
    }
    return undefined;
  };
  return (await repair(straight)) ?? straight;
}

/** Index of the last step of what failed: the script, or the first attempt of the first task that did; -1 for none. */
function stoppedAt({ steps, failedTask }: Recording): number {
  if (failedTask === undefined) return steps.findLastIndex((step) => step.call !== 'timer');
  const { workflow, task } = failedTask;
  return steps.findLastIndex(
    (s) => s.workflow === workflow && s.task === task && s.hook === undefined && s.attempt === 1 && s.call !== 'timer',
  );
}
