/**
 * Drift seen from outside: the Temporal Schedules that look for it, one a cluster (`gitops-drift-<cluster>`), the
 * applications they look at, and what these are told.
 */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { ApplicationSpec } from '../domain/application.js';
import { formatDuration } from '../domain/duration.js';
import { targetOf, type Target } from '../domain/target.js';
import type { ApplicationMemo } from '../workflows/application-memo.js';
import type { DriftSweepResult } from '../workflows/drift-sweep.js';
import {
  driftObservedSignal,
  driftOverSignal,
  statusQuery,
  taskQueues,
  workflowIds,
  workflowTaskTimeout,
  type DriftObserved,
  type DriftOver,
} from '../workflows/messages.js';
import { applicationSubject, translating } from './failure.js';
import { running, syncingApplications } from './listing.js';

const prefix = 'gitops-drift-';

/** `drift_interval` where nobody set it. */
export const usualDriftIntervalMs = 180_000;

export interface WatchedApplication {
  readonly id: string;
  readonly target: Target;
}

export class DriftWatch {
  /** Clusters whose Schedule was seen to. */
  private readonly seen = new Set<string>();

  /** @param intervalMs null: no Schedules are made */
  constructor(
    private readonly temporal: Client,
    private readonly intervalMs: number | null = usualDriftIntervalMs,
  ) {}

  /** An application that acts by itself wants its cluster watched. */
  async follow({ autoSync, selfHeal, destination: { cluster } }: ApplicationSpec): Promise<void> {
    if (this.intervalMs === null || !(autoSync || selfHeal) || this.seen.has(cluster)) return;
    await this.create(cluster, this.intervalMs);
    this.seen.add(cluster);
  }

  /** Makes the Schedules there are fit the configuration of this server. */
  async settle(): Promise<void> {
    for await (const { scheduleId } of this.temporal.schedule.list()) {
      if (!scheduleId.startsWith(prefix)) continue;
      const handle = this.temporal.schedule.getHandle(scheduleId);
      const { intervalMs } = this;
      if (intervalMs === null) await handle.delete();
      else await handle.update((schedule) => ({ ...schedule, spec: specOf(intervalMs) }));
    }
  }

  /** Looks now. @throws GitOpsError UnknownApplication */
  async look({ id, name, destination: { cluster } }: ApplicationSpec): Promise<DriftSweepResult> {
    return translating(applicationSubject(name), () =>
      this.temporal.workflow.execute<(input: unknown) => Promise<DriftSweepResult>>('driftSweep', {
        workflowId: `gitops/${id}/drift-${Date.now()}-${process.pid}`,
        taskQueue: taskQueues.engine,
        workflowTaskTimeout,
        args: [{ cluster, app: id }],
        staticSummary: `${name}: look for drift`,
      }),
    );
  }

  /**
   * Applications of a cluster as visibility knows them, but for those that are just being synced: nobody can say what
   * they should be. No workflow is woken, unless it is too old to have told where it points.
   */
  async applications(cluster: string, app?: string): Promise<WatchedApplication[]> {
    if (app !== undefined) return this.one(app);
    const syncing = await syncingApplications(this.temporal);
    const found: WatchedApplication[] = [];
    for await (const info of this.temporal.workflow.list({ query: running('application') })) {
      const { id, target } = (info.memo ?? {}) as Partial<ApplicationMemo>;
      if (id === undefined || syncing.has(id)) continue;
      const known = target ?? (await this.ask(id));
      if (known?.destination.cluster === cluster) found.push({ id, target: known });
    }
    return found;
  }

  async observed(app: string, drift: DriftObserved): Promise<void> {
    await this.tell(app, (handle) => handle.signal(driftObservedSignal, drift));
  }

  async over(app: string, over: DriftOver): Promise<void> {
    await this.tell(app, (handle) => handle.signal(driftOverSignal, over));
  }

  private tell(app: string, say: (handle: Handle) => Promise<void>): Promise<void> {
    return translating(applicationSubject(app), () => say(this.handle(app)));
  }

  private async one(id: string): Promise<WatchedApplication[]> {
    const target = await this.ask(id);
    return target === undefined ? [] : [{ id, target }];
  }

  private async ask(app: string): Promise<Target | undefined> {
    const status = await this.handle(app)
      .query(statusQuery)
      .catch(() => undefined);
    return status === undefined || status.status === 'syncing' ? undefined : targetOf(status.spec);
  }

  private handle(app: string): Handle {
    return this.temporal.workflow.getHandle(workflowIds.application(app));
  }

  private async create(cluster: string, intervalMs: number): Promise<void> {
    try {
      await this.temporal.schedule.create({
        scheduleId: `${prefix}${cluster}`,
        spec: specOf(intervalMs),
        action: {
          type: 'startWorkflow',
          workflowType: 'driftSweep',
          workflowId: `drift/${cluster}`,
          taskQueue: taskQueues.engine,
          workflowTaskTimeout,
          args: [{ cluster }],
        },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
        state: { note: `drift in ${cluster}, every ${formatDuration(intervalMs)}` },
      });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }
}

type Handle = ReturnType<Client['workflow']['getHandle']>;

function specOf(intervalMs: number) {
  return { intervals: [{ every: intervalMs }], jitter: Math.min(intervalMs / 10, 30_000) };
}
