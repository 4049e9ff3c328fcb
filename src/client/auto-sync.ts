/**
 * Auto-sync seen from outside: which repositories are watched for whom, and the Temporal Schedules that look.
 *
 * One Schedule an interval (`gitops-sweep-5m0s`), however many repositories share it. They are ordinary Schedules:
 * pausing them all is what "stop auto-sync" means, also when it is done with Temporal's own CLI.
 */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { ApplicationSpec, FurtherSource } from '../domain/application.js';
import { formatDuration } from '../domain/duration.js';
import { foldersBeside } from '../domain/render-options.js';
import {
  subscribeSignal,
  taskQueues,
  unsubscribeSignal,
  workflowIds,
  workflowTaskTimeout,
  type Subscriber,
} from '../workflows/messages.js';
import { translating } from './failure.js';

const prefix = 'gitops-sweep-';
const subject = { code: 'UnknownWorkflow', name: 'auto-sync schedule' } as const;

export class AutoSync {
  constructor(private readonly temporal: Client) {}

  /**
   * Makes the watching fit the specification: subscribed while auto-sync is on. Without an interval only hints, such as
   * webhooks, make its repositories look.
   * @param created its first sync is on the way: it need not hear where the branches stand
   */
  async follow(spec: ApplicationSpec, { created = false } = {}): Promise<void> {
    const { autoSync, syncIntervalMs, previews } = spec;
    if (autoSync) await this.subscribeAll(spec, created ? {} : { news: true });
    else await this.unfollow(spec);
    if (syncIntervalMs !== null && (autoSync || previews !== undefined)) await this.ensureSchedule(syncIntervalMs);
  }

  private async subscribeAll(spec: ApplicationSpec, news: Pick<Subscriber, 'news'>): Promise<void> {
    await this.subscribe(spec, spec, news);
    for (const [i, one] of (spec.further ?? []).entries()) await this.subscribe(spec, one, { source: i + 1, ...news });
  }

  async unfollow({ id, source, further = [] }: ApplicationSpec): Promise<void> {
    const repositories = new Set([source, ...further.map((one) => one.source)].map((one) => one.repositoryId));
    for (const repository of repositories) {
      const handle = this.temporal.workflow.getHandle(workflowIds.repository(repository));
      await handle.signal(unsubscribeSignal, { app: id }).catch(() => undefined);
    }
  }

  /** Every Schedule paused (or none there yet but one paused): new applications do not sync by themselves either. */
  async isStopped(): Promise<boolean> {
    const schedules = await this.schedules();
    return schedules.length > 0 && schedules.every((schedule) => schedule.paused);
  }

  async stopAll(who: string): Promise<void> {
    const schedules = await this.schedules();
    if (schedules.length === 0) await this.ensureSchedule(300_000);
    for (const { id } of await this.known(schedules))
      await this.temporal.schedule.getHandle(id).pause(`stopped by ${who}`);
  }

  async startAll(who: string): Promise<void> {
    for (const { id } of await this.schedules())
      await this.temporal.schedule.getHandle(id).unpause(`started by ${who}`);
  }

  private async known(schedules: readonly SweepSchedule[]): Promise<readonly SweepSchedule[]> {
    return schedules.length > 0 ? schedules : [{ id: scheduleId(300_000), paused: false }];
  }

  private async schedules(): Promise<SweepSchedule[]> {
    const found: SweepSchedule[] = [];
    await translating(subject, async () => {
      for await (const { scheduleId: id, state } of this.temporal.schedule.list()) {
        if (id.startsWith(prefix)) found.push({ id, paused: state.paused });
      }
    });
    return found;
  }

  private subscribe(
    { id, name, syncIntervalMs, dependsOn = [] }: ApplicationSpec,
    { source, render }: FurtherSource,
    more: Pick<Subscriber, 'source' | 'news'>,
  ): Promise<unknown> {
    const { repositoryId, url, credentials, branch, path } = source;
    const also = foldersBeside(path, render);
    const place = { branch, path, ...(also.length === 0 ? {} : { also }) };
    const after = dependsOn.length === 0 ? {} : { after: dependsOn.map(({ app }) => app) };
    const subscriber: Subscriber = { app: id, intervalMs: syncIntervalMs ?? 0, ...place, ...after, ...more };
    return translating({ code: 'UnknownRepository', name }, () =>
      this.temporal.workflow.signalWithStart('repository', {
        workflowId: workflowIds.repository(repositoryId),
        taskQueue: taskQueues.engine,
        workflowTaskTimeout,
        args: [{ id: repositoryId, url, ...(credentials === undefined ? {} : { credentials }) }],
        signal: subscribeSignal,
        signalArgs: [subscriber],
        staticSummary: `repository ${url}`,
      }),
    );
  }

  private async ensureSchedule(intervalMs: number): Promise<void> {
    const id = scheduleId(intervalMs);
    const paused = await this.isStopped();
    try {
      await this.temporal.schedule.create({
        scheduleId: id,
        spec: { intervals: [{ every: intervalMs }], jitter: Math.min(intervalMs / 10, 30_000) },
        action: {
          type: 'startWorkflow',
          workflowType: 'sweep',
          workflowId: `sweep/${formatDuration(intervalMs)}`,
          taskQueue: taskQueues.engine,
          workflowTaskTimeout,
          args: [{ intervalMs }],
        },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '5m' },
        state: { paused, note: `auto-sync every ${formatDuration(intervalMs)}` },
      });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }
}

interface SweepSchedule {
  readonly id: string;
  readonly paused: boolean;
}

function scheduleId(intervalMs: number): string {
  return `${prefix}${formatDuration(intervalMs)}`;
}
