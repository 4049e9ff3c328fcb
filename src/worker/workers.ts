/**
 * Builds and runs the workers of one process: one for the engine's queue, one for Lua scripts on a queue and a
 * workflow thread of its own, so that a busy script delays no sync (design.md section 3, rule 10); one for git, and one
 * a cluster, so that neither waits for the other.
 */
import type { NativeConnection } from '@temporalio/worker';
import { Worker, type WorkerInterceptors, type WorkerOptions } from '@temporalio/worker';
import { createActivities, createFolderActivities, type Dependencies } from '../activities/index.js';
import { clusterQueue, taskQueues } from '../workflows/messages.js';
import { briefStepsOf, type Served } from './brief-steps.js';
import { failureMapping } from './interceptors.js';
import type { Role } from './roles.js';
import { bundlePath } from './workflow-bundle.js';

export interface WorkerSettings {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly roles: readonly Role[];
  readonly dependencies: Dependencies;
  /** Which steps this process takes; its `clusters` are those of the role `cluster`. */
  readonly served: Served;
  /** Task queues whose exec, fs and git steps this process takes (`delegate_to`). */
  readonly queues?: readonly string[];
  /** Put inside ours: they see activities as they run, before failures are mapped. For tests. */
  readonly interceptors?: WorkerInterceptors;
}

/** How long another worker waits before it takes over the workflow tasks of one that died. */
const stickyQueueScheduleToStartTimeout = '2s';

/**
 * Temporal's SDK cuts off a workflow's code after 5 s of the wall clock, which a busy or paused machine takes now and then;
 * where the code awaits, Node does not survive that ("async hook stack has become corrupted", sdk-typescript#939) and
 * takes all runs of the process with it. Scripts are bounded by their budget; this only ends a thread that is stuck. The
 * SDK reads the option and leaves it out of its types.
 */
const cutOff: Partial<WorkerOptions> & { isolateExecutionTimeout: string } = { isolateExecutionTimeout: '2m' };

/** Every beat is sent: of three seconds of silence that end an attempt (`steps.ts`), a busy process may miss two. */
const maxHeartbeatThrottleInterval = '1s';

export interface RunningWorkers {
  /** Resolves when all have stopped; rejects when one failed. */
  readonly done: Promise<void>;
  /** Stops taking work and lets running activities hand over. */
  shutdown(): void;
}

export async function runWorkers(settings: WorkerSettings): Promise<RunningWorkers> {
  const activities = createActivities(settings.dependencies);
  const workers = await Promise.all([
    ...workflowRoles(settings).map((role) => Worker.create(optionsOf(role, settings, activities))),
    ...stepQueues(settings).map((queue) => Worker.create(stepOptions(queue, settings, activities))),
    ...folderQueues(settings).map((queue) => Worker.create(folderOptions(queue, settings))),
  ]);
  const done = Promise.all(workers.map((worker) => worker.run())).then(() => undefined);
  return { done, shutdown: () => workers.forEach(stop) };
}

function stop(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}

type WorkflowRole = 'engine' | 'lua';

function workflowRoles({ roles }: WorkerSettings): WorkflowRole[] {
  return (['engine', 'lua'] as const).filter((role) => roles.includes(role));
}

/** Queues of steps alone, without workflows. */
function stepQueues({ served }: WorkerSettings): string[] {
  return [...(served.git ? [taskQueues.git] : []), ...[...served.clusters].map(clusterQueue)];
}

/** Steps under way at a time, of git or of one cluster; those of another have their own. */
const stepSlots = 48;

function stepOptions(taskQueue: string, settings: WorkerSettings, activities: object): WorkerOptions {
  return {
    ...common(settings),
    taskQueue,
    activities,
    maxConcurrentActivityTaskExecutions: stepSlots,
    maxConcurrentActivityTaskPolls: 4,
  };
}

const sizes: Record<WorkflowRole, Partial<WorkerOptions>> = {
  engine: { maxConcurrentActivityTaskExecutions: 48, maxConcurrentWorkflowTaskExecutions: 40, maxCachedWorkflows: 300 },
  // A task that was taken waits for the others, and must end within its 5 s however much their scripts compute.
  lua: { maxConcurrentActivityTaskExecutions: 24, maxConcurrentWorkflowTaskExecutions: 6, maxCachedWorkflows: 60 },
};

/** A worker that may open a folder serves a queue that nobody else serves, where the folder's steps are sent. */
function folderQueues({ roles, queues = [], dependencies }: WorkerSettings): string[] {
  return roles.includes('lua') || queues.length > 0 ? [dependencies.folders.queue, ...queues] : [];
}

/**
 * Room for more steps than there will ever be: a step that waits for its start tells a worker that is gone, so none
 * may wait for a place. What is dear (`execCommand`) takes turns by itself.
 */
const folderSlots = 1000;

function folderOptions(taskQueue: string, settings: WorkerSettings): WorkerOptions {
  return {
    ...common(settings),
    taskQueue,
    activities: createFolderActivities(settings.dependencies),
    maxConcurrentActivityTaskExecutions: folderSlots,
    maxConcurrentActivityTaskPolls: 2,
  };
}

function optionsOf(role: WorkflowRole, settings: WorkerSettings, activities: object): WorkerOptions {
  return {
    ...common(settings),
    taskQueue: taskQueues[role],
    workflowBundle: { codePath: bundlePath },
    activities,
    stickyQueueScheduleToStartTimeout,
    ...cutOff,
    ...sizes[role],
  };
}

function common({
  connection,
  namespace,
  served,
  interceptors = {},
}: WorkerSettings): Omit<WorkerOptions, 'taskQueue'> {
  return {
    connection,
    namespace,
    maxHeartbeatThrottleInterval,
    interceptors: {
      ...interceptors,
      activity: [failureMapping, briefStepsOf(served), ...(interceptors.activity ?? [])],
    },
    shutdownGraceTime: '2s',
    shutdownForceTime: '15s',
  };
}
