/**
 * Whether the engine behind this client can work: Temporal answers, and workers poll its queues.
 */
import type { Client } from '@temporalio/client';
import { taskQueues } from '../workflows/messages.js';
import { translating } from './failure.js';
import { running } from './listing.js';

export interface QueueState {
  readonly queue: keyof typeof taskQueues;
  /** What the tasks are for. */
  readonly tasks: 'workflow' | 'activity';
  /** Workers that asked for work within the last minutes. */
  readonly workers: number;
  /** Tasks that nobody took yet, about. */
  readonly waiting: number;
}

const subject = { code: 'UnknownWorkflow', name: 'task queue' } as const;
/** TASK_QUEUE_TYPE_WORKFLOW and TASK_QUEUE_TYPE_ACTIVITY of Temporal's API. */
const types = { workflow: 1, activity: 2 } as const;

export class Installation {
  constructor(private readonly temporal: Client) {}

  /** @throws TemporalUnavailable */
  async queues(): Promise<QueueState[]> {
    const wanted = Object.keys(taskQueues) as QueueState['queue'][];
    const kinds = Object.keys(types) as QueueState['tasks'][];
    return Promise.all(wanted.flatMap((queue) => kinds.map((tasks) => this.queue(queue, tasks))));
  }

  /** How many workflows of a type run now. @throws TemporalUnavailable */
  async running(type: string): Promise<number> {
    return translating(subject, async () => (await this.temporal.workflow.count(running(type))).count);
  }

  private async queue(queue: QueueState['queue'], tasks: QueueState['tasks']): Promise<QueueState> {
    const answer = await translating(subject, () =>
      this.temporal.workflowService.describeTaskQueue({
        namespace: this.temporal.options.namespace,
        taskQueue: { name: taskQueues[queue] },
        taskQueueType: types[tasks],
        reportStats: true,
      }),
    );
    const waiting = Number(answer.stats?.approximateBacklogCount ?? 0);
    return { queue, tasks, workers: answer.pollers?.length ?? 0, waiting };
  }
}
