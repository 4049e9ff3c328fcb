/**
 * Whether the engine behind this client can work: Temporal answers, and workers poll its queues.
 */
import type { Client } from '@temporalio/client';
import { clusterQueue, taskQueues } from '../workflows/messages.js';
import { translating } from './failure.js';
import { running } from './listing.js';

export interface QueueState {
  /** `engine`, `lua`, `git` or `cluster-<name>` */
  readonly queue: string;
  readonly tasks: 'workflow' | 'activity';
  /** Workers that asked for work within the last minutes. */
  readonly workers: number;
  /** Tasks that nobody took yet, about. */
  readonly waiting: number;
}

type Place = readonly [queue: string, taskQueue: string, tasks: QueueState['tasks']];

/** What must be polled for anything to happen at all. */
const places: readonly Place[] = [
  ['engine', taskQueues.engine, 'workflow'],
  ['engine', taskQueues.engine, 'activity'],
  ['lua', taskQueues.lua, 'workflow'],
  ['lua', taskQueues.lua, 'activity'],
  ['git', taskQueues.git, 'activity'],
];

const subject = { code: 'UnknownWorkflow', name: 'task queue' } as const;
/** TASK_QUEUE_TYPE_WORKFLOW and TASK_QUEUE_TYPE_ACTIVITY of Temporal's API. */
const types = { workflow: 1, activity: 2 } as const;

export class Installation {
  constructor(private readonly temporal: Client) {}

  /** @param clusters whose queues are looked at as well @throws TemporalUnavailable */
  async queues(clusters: readonly string[] = []): Promise<QueueState[]> {
    const ofClusters = clusters.map((name): Place => [`cluster-${name}`, clusterQueue(name), 'activity']);
    return Promise.all([...places, ...ofClusters].map((place) => this.queue(place)));
  }

  /** How many workflows of a type run now. @throws TemporalUnavailable */
  async running(type: string): Promise<number> {
    return translating(subject, async () => (await this.temporal.workflow.count(running(type))).count);
  }

  private async queue([queue, name, tasks]: Place): Promise<QueueState> {
    const answer = await translating(subject, () =>
      this.temporal.workflowService.describeTaskQueue({
        namespace: this.temporal.options.namespace,
        taskQueue: { name },
        taskQueueType: types[tasks],
        reportStats: true,
      }),
    );
    const waiting = Number(answer.stats?.approximateBacklogCount ?? 0);
    return { queue, tasks, workers: answer.pollers?.length ?? 0, waiting };
  }
}
