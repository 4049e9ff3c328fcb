/**
 * The folder of a script's run, as the workflow knows it: which worker holds it, and what of it is saved.
 *
 * The first exec, fs or git call opens a folder on some worker; all that follow go to the queue that this worker alone
 * serves. It serves that queue with more room than there are steps, so a step that nobody takes within seconds tells
 * that the worker is gone; so does one whose heartbeat stops. Then another worker opens the folder anew, from the last
 * save. A task with `delegate_to` has a folder at a worker of that queue, under the same rules.
 *
 * 1. A step that was not taken has not happened, and is sent again.
 * 2. A step that was taken and lost has happened in a folder that is gone: it is sent again, unless it was a command,
 *    whose effects reach farther than its folder.
 */
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { FolderAnswer } from '../activities/run-folder.js';
import type { Digest } from '../domain/digest.js';
import { GitOpsError } from '../domain/errors.js';
import { heldFromBytes, textLimit, textLimitBytes } from '../domain/text-limits.js';
import type { Step } from '../lua/host.js';
import { taskQueues } from './messages.js';
import { failureOf } from './retry.js';
import { briefStep, clip } from './steps.js';

interface Opened {
  readonly queue: string;
  readonly folder: string;
}

/** Where a folder is kept: at the workers of scripts, or at those of a queue a task names. */
interface Place {
  readonly queue: string | undefined;
  opening?: Promise<Opened> | undefined;
  /** The folder that is open. */
  folder?: string;
  saved?: Digest;
  /** Of the newest save of the folder that is open. */
  order: number;
  /** Steps since then that may have changed it. */
  unsaved: number;
}

/** A step in a folder: on these activities, in the folder of that name. */
export type FolderWork<T> = (activities: Activities, folder: string) => Promise<FolderAnswer<T>>;

export interface FolderStep {
  readonly timeoutMs?: number;
  /** Whether it may be done again when its worker is lost in the middle. */
  readonly repeatable: boolean;
  /** Whether it leaves the folder as it was. */
  readonly reading?: boolean;
}

/** A worker that lives takes a step at once. */
const startTimeout = '5s';
/** For the workers of a queue that a script names: it may be a slip of the pen. */
const delegateTimeout = '30s';
const heartbeatTimeout = '3s';
const longestMs = 24 * 3_600_000;
/** A step that takes its worker down with it is not sent round for ever. */
const losses = 5;

/** A command was cut off by the loss of its worker. */
export class Interrupted extends Error {}

export class RunFolder {
  private readonly places = new Map<string, Place>();
  private latest: Digest | undefined;
  /** By task. */
  private readonly artifacts = new Map<string, Digest>();
  /** Steps that are not over, by the part of the script that asked for each. */
  private readonly underWay = new Map<Promise<unknown>, CancellationScope>();

  constructor(private readonly warn: (text: string) => void) {}

  /** @throws Interrupted; GitOpsError Timeout when nobody serves the queue; what the step failed with */
  async perform<T>(step: Step, how: FolderStep, work: FolderWork<T>): Promise<T> {
    await this.abandoned();
    const performing = this.untilDone(step, how, work);
    this.underWay.set(performing, CancellationScope.current());
    try {
      return await performing;
    } finally {
      this.underWay.delete(performing);
    }
  }

  /** The script does not wait for a step it has given up; what comes next in the folder does. */
  private async abandoned(): Promise<void> {
    const ending = [...this.underWay].filter(([, scope]) => scope.consideredCancelled);
    await Promise.allSettled(ending.map(([step]) => step));
  }

  private async untilDone<T>({ summary, task }: Step, how: FolderStep, work: FolderWork<T>): Promise<T> {
    const place = this.placeOf(task?.delegateTo);
    for (let lost = 0; ; lost++) {
      const opened = await this.opened(place);
      try {
        const answer = await work(activitiesOf(opened.queue, summary, how.timeoutMs), opened.folder);
        this.note(place, opened, answer, how.reading === true);
        return answer.value;
      } catch (error) {
        const loss = lossOf(error);
        if (loss === undefined) throw error;
        this.forget(place, opened);
        if (loss === 'taken' && !how.repeatable) throw new Interrupted();
        if (lost >= losses) throw error;
      }
    }
  }

  /** What a task hands on. @returns how many files */
  async collect(step: Step, task: string, globs: readonly string[]): Promise<number> {
    const work: FolderWork<{ digest: Digest; files: number }> = async (activities, folder) => ({
      value: await activities.collectFiles({ folder, globs, ...workdirOf(step) }),
    });
    const { digest, files } = await this.perform(step, { repeatable: true, reading: true }, work);
    this.artifacts.set(task, digest);
    return files;
  }

  /** What the tasks `from` handed on. @returns how many files */
  deliver(step: Step, globs: readonly string[], from: readonly string[]): Promise<number> {
    const archives = from.flatMap((task) => this.artifacts.get(task) ?? []);
    return this.perform(step, { repeatable: true }, (activities, folder) =>
      activities.deliverFiles({ folder, globs, archives, ...workdirOf(step) }),
    );
  }

  /** Every folder that changed since it was last saved. A worker that is gone has nothing to save. */
  async save(summary: string): Promise<void> {
    for (const place of this.places.values()) {
      if (place.unsaved === 0 || place.opening === undefined) continue;
      const opened = await place.opening;
      try {
        const saved = await activitiesOf(opened.queue, summary).saveFolder({ folder: opened.folder });
        this.note(place, opened, { value: undefined, saved }, true);
      } catch (error) {
        if (lossOf(error) === undefined) throw error;
        this.forget(place, opened);
      }
    }
  }

  /** Whether a step of the script has used a folder and nobody saved it since. */
  get changed(): boolean {
    return [...this.places.values()].some((place) => place.unsaved > 0);
  }

  /** When the run ends, however it ends, and with it every step. */
  async remove(): Promise<void> {
    await Promise.allSettled(this.underWay.keys());
    const { runId } = workflowInfo();
    const opened = [...this.places.values()].flatMap(({ opening }) => opening ?? []);
    await CancellationScope.nonCancellable(() =>
      Promise.allSettled(
        opened.map(async (opening) => activitiesOf((await opening).queue, 'remove its folder').removeFolder({ runId })),
      ),
    );
  }

  private placeOf(queue: string | undefined): Place {
    const name = queue ?? '';
    const known = this.places.get(name);
    if (known !== undefined) return known;
    const place: Place = { queue, order: 0, unsaved: 0 };
    this.places.set(name, place);
    return place;
  }

  /** Another task may have begun to open it, and been cancelled in the middle. */
  private async opened(place: Place): Promise<Opened> {
    for (;;) {
      try {
        return await this.open(place);
      } catch (error) {
        if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
      }
    }
  }

  private open(place: Place): Promise<Opened> {
    if (place.opening !== undefined) return place.opening;
    if (place.unsaved > 0) {
      const steps = place.unsaved === 1 ? 'one step' : `${place.unsaved} steps`;
      const state = place.saved === undefined ? 'begins empty again' : 'is restored as it was last saved';
      this.warn(`the worker that held the folder of the run is gone: it ${state}, without what ${steps} did since`);
    }
    const opening = this.send(place);
    place.opening = opening;
    place.order = 0;
    place.unsaved = 0;
    opening.then(
      ({ folder }) => (place.folder = folder),
      () => (place.opening = place.opening === opening ? undefined : place.opening),
    );
    return opening;
  }

  private async send({ queue, saved = this.latest }: Place): Promise<Opened> {
    const { workflowId, runId } = workflowInfo();
    const { openFolder } = proxyActivities<Activities>({
      taskQueue: queue ?? taskQueues.lua,
      ...(queue === undefined ? {} : { scheduleToStartTimeout: delegateTimeout }),
      startToCloseTimeout: '5m',
      heartbeatTimeout,
      retry: { initialInterval: '100ms', maximumInterval: '30s', nonRetryableErrorTypes: ['ArtifactMissing'] },
      summary: clip(saved === undefined ? 'open a folder for the run' : 'restore the folder of the run'),
    });
    try {
      return await openFolder({ workflowId, runId, ...(saved === undefined ? {} : { saved }) });
    } catch (error) {
      if (queue === undefined || timeoutOf(error) !== 'SCHEDULE_TO_START') throw error;
      throw new GitOpsError('Timeout', `no worker serves the task queue '${queue}' of delegate_to`, {
        hint: `start one: sloth-runner server --queue ${queue}; the step waited ${delegateTimeout} for it`,
      });
    }
  }

  private note(place: Place, opened: Opened, { saved }: FolderAnswer<unknown>, reading: boolean): void {
    if (place.folder !== opened.folder) return; // what it did is gone with its folder
    if (saved === undefined) {
      if (!reading) place.unsaved++;
      return;
    }
    if (saved.order <= place.order) return;
    place.order = saved.order;
    place.saved = this.latest = saved.digest;
    place.unsaved = 0;
  }

  private forget(place: Place, opened: Opened): void {
    if (place.folder === opened.folder) place.opening = undefined;
  }
}

function activitiesOf(taskQueue: string, summary: string, timeoutMs = longestMs): Activities {
  return proxyActivities<Activities>({
    taskQueue,
    scheduleToStartTimeout: startTimeout,
    startToCloseTimeout: timeoutMs,
    heartbeatTimeout,
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: clip(summary),
  });
}

/** How a step was lost with its worker; undefined for one that simply failed. */
function lossOf(error: unknown): 'not taken' | 'taken' | undefined {
  const timeout = timeoutOf(error);
  if (timeout === 'SCHEDULE_TO_START') return 'not taken';
  if (timeout !== undefined) return 'taken';
  return error instanceof ActivityFailure && failureOf(error).code === 'FolderGone' ? 'not taken' : undefined;
}

function timeoutOf(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof TimeoutFailure ? cause.timeoutType : undefined;
}

/** The folder a task works in, when it names one. */
export function workdirOf({ task }: Step): { workdir?: string } {
  return task?.workdir === undefined ? {} : { workdir: task.workdir };
}

/**
 * Larger texts go to the artifact store before they become part of a history.
 * @throws GitOpsError InvalidInput for one that no step takes
 */
export async function passText(text: string): Promise<string | { readonly text: Digest }> {
  if (text.length > textLimitBytes)
    throw new GitOpsError(
      'InvalidInput',
      `a text of ${text.length} characters is too long; a step takes ${textLimit}`,
      {
        hint: 'hand it over in parts, with fs.append',
      },
    );
  return text.length <= heldFromBytes ? text : briefStep('hold a long text', ({ holdText }) => holdText({ text }));
}
