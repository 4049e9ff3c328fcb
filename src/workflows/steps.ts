/**
 * The activities as workflows call them: one proxy per class of step, each call with a summary a person understands
 * (Temporal's UI and `temporal workflow show` print it).
 *
 * Temporal itself retries what nobody is to blame for (a worker that died, a bug that a new build mends): at once and
 * without end. Failures of the world (git down, API server down) come back here and are retried by the application's
 * own policy, see `retry.ts`; failures of the user's making fail the run.
 */
import {
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
  TimeoutFailure,
  type ActivityOptions,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { errorRules, type ErrorCode } from '../domain/errors.js';
import { queueOf } from './queues.js';

/** A worker is taken for dead when it has been silent that long; another then takes over. */
const heartbeatTimeout = '3s';

/** Every failure that has a code of ours comes back to the workflow; only what nobody foresaw is Temporal's to retry. */
const nonRetryableErrorTypes = Object.keys(errorRules).filter((code) => code !== 'Internal');

const quick: ActivityOptions = {
  startToCloseTimeout: '1m',
  heartbeatTimeout,
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '30s', nonRetryableErrorTypes },
};

const long: ActivityOptions = { ...quick, startToCloseTimeout: '30m' };

const classes = { quick, long } as const;

/** Activities of the class `quick` (under a minute) that say `summary` in the history. */
export function quickStep(summary: string, options: Partial<ActivityOptions> = {}): Activities {
  return routed({ ...classes.quick, ...options, summary: clip(summary) });
}

/** Activities that may take minutes. */
export function longStep(summary: string, options: Partial<ActivityOptions> = {}): Activities {
  return routed({ ...classes.long, ...options, summary: clip(summary) });
}

type Step = (...args: unknown[]) => Promise<unknown>;

/** Each activity on the queue of those who can do it. */
function routed(options: ActivityOptions): Activities {
  const send = (activity: string, args: unknown[]): Promise<unknown> => {
    const taskQueue = queueOf(activity, args[0]);
    const queue = taskQueue === undefined ? {} : { taskQueue };
    const step = proxyActivities<Record<string, Step>>({ ...options, ...queue })[activity] as Step;
    return step(...args);
  };
  return new Proxy({} as Activities, {
    get:
      (_target, name) =>
      (...args: unknown[]) =>
        send(String(name), args),
  });
}

/**
 * The SDK gives a local activity's timeout as the cause of an ActivityFailure when it happens, and as it is when the
 * history is replayed: both must take the same way, or the replay fails.
 */
export function isTimeout(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof TimeoutFailure) return true;
  return false;
}

const servedElsewhere: ErrorCode = 'ServedElsewhere';

function isServedElsewhere(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ApplicationFailure) return cause.type === servedElsewhere;
  return false;
}

/** Reading and rendering much may keep a worker's thread busy for long; nothing is written, so nothing is lost by waiting. */
const readingHeartbeatTimeout = '30s';

/** How long a step may take inside the workflow task, far from the task's own timeout. */
const briefTimeout = '2s';

/**
 * A step that only reads or stores, usually in milliseconds: tried inside the workflow task first (a local activity,
 * one event instead of six and a fifth of the CPU), and as an activity of its own when that takes too long, or when this
 * worker is not the one to do it. It may happen twice; so nothing that writes to a cluster goes this way.
 */
export async function briefStep<T>(summary: string, run: (activities: Activities) => Promise<T>): Promise<T> {
  try {
    return await run(
      proxyLocalActivities<Activities>({
        startToCloseTimeout: briefTimeout,
        retry: { maximumAttempts: 1 },
        summary: clip(summary),
      }),
    );
  } catch (error) {
    if (!isTimeout(error) && !isServedElsewhere(error)) throw error;
    return readingStep(summary, run);
  }
}

/** Reading more objects than this outlasts a brief step on a busy machine, and would then be done twice. */
const briefObjects = 400;

/** A step that only reads, whose time grows with the number of objects. */
export function sizedStep<T>(
  summary: string,
  objects: number,
  run: (activities: Activities) => Promise<T>,
): Promise<T> {
  return objects > briefObjects ? readingStep(summary, run) : briefStep(summary, run);
}

/** A step that only reads, and may keep a worker's thread busy: an activity from the start. */
export function readingStep<T>(summary: string, run: (activities: Activities) => Promise<T>): Promise<T> {
  return run(longStep(summary, { heartbeatTimeout: readingHeartbeatTimeout }));
}

/** Temporal allows 400 bytes and advises 200; ours is cut by characters, with room for multi-byte ones. */
export function clip(summary: string): string {
  return summary.length <= 120 ? summary : `${summary.slice(0, 119)}…`;
}
