/**
 * Registered repositories: each is a `repository/<id>` workflow, and its memo says where it lies.
 */
import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import type { CredentialsReference } from '../domain/application.js';
import { formatDuration } from '../domain/duration.js';
import { placeOf } from '../domain/repository-url.js';
import {
  describeRepositoryUpdate,
  taskQueues,
  workflowIds,
  workflowTaskTimeout,
  type RepositoryMemo,
} from '../workflows/messages.js';
import { translating, type Subject } from './failure.js';
import { running } from './listing.js';

export interface RegisteredRepository {
  readonly id: string;
  readonly url: string;
  readonly branch?: string;
  readonly credentials?: CredentialsReference;
}

const subject = (name: string): Subject => ({
  code: 'UnknownRepository',
  name,
  hint: 'register it with gitops.register_repository{ id = ..., url = ... }, or give its URL',
});

export class Repositories {
  constructor(private readonly temporal: Client) {}

  /** Creates the repository or changes its address; whoever calls has checked that it answers. */
  async register(repository: RegisteredRepository): Promise<void> {
    const { id, url, branch, credentials } = repository;
    const change = {
      url,
      ...(branch === undefined ? {} : { branch }),
      ...(credentials === undefined ? {} : { credentials }),
    };
    const start = new WithStartWorkflowOperation('repository', {
      workflowId: workflowIds.repository(id),
      taskQueue: taskQueues.engine,
      workflowTaskTimeout,
      args: [{ id, url, ...(credentials === undefined ? {} : { credentials }) }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `repository ${url}`,
    });
    await translating(subject(id), () =>
      this.temporal.workflow.executeUpdateWithStart(describeRepositoryUpdate, {
        startWorkflowOperation: start,
        args: [change],
      }),
    );
  }

  /** @returns undefined when no such repository is registered */
  async find(id: string): Promise<RegisteredRepository | undefined> {
    try {
      const { memo, status } = await this.temporal.workflow.getHandle(workflowIds.repository(id)).describe();
      return status.name === 'RUNNING' && memo !== undefined ? (memo as unknown as RepositoryMemo) : undefined;
    } catch (error) {
      if ((error as Error).name === 'WorkflowNotFoundError') return undefined;
      throw error;
    }
  }

  /** Repositories somebody follows at this interval, read from visibility. */
  async followedEvery(intervalMs: number): Promise<RepositoryMemo[]> {
    const query = 'WorkflowType = "repository" AND ExecutionStatus = "Running"';
    const found: RepositoryMemo[] = [];
    for await (const { memo } of this.temporal.workflow.list({ query })) {
      const repository = memo as unknown as RepositoryMemo | undefined;
      if (repository?.intervalMs === intervalMs) found.push(repository);
    }
    return found;
  }

  /** Those that are registered or followed, read from visibility. */
  async list(): Promise<RepositoryMemo[]> {
    const found: RepositoryMemo[] = [];
    await translating(subject('list'), async () => {
      for await (const { memo } of this.temporal.workflow.list({ query: running('repository') }))
        if (memo !== undefined) found.push(memo as unknown as RepositoryMemo);
    });
    return found;
  }

  /** Triggers the sweeps of the repositories at these addresses. @returns the ids of these repositories */
  async lookNow(urls: readonly string[]): Promise<readonly string[]> {
    const places = new Set(urls.map(placeOf));
    const meant = (await this.list()).filter(({ url, intervalMs }) => places.has(placeOf(url)) && intervalMs > 0);
    for (const intervalMs of new Set(meant.map((one) => one.intervalMs)))
      await translating(subject('sweep'), () =>
        this.temporal.schedule.getHandle(`gitops-sweep-${formatDuration(intervalMs)}`).trigger(),
      );
    return meant.map(({ id }) => id);
  }

  async headsObserved(id: string, heads: Readonly<Record<string, string>>): Promise<void> {
    await this.temporal.workflow.getHandle(workflowIds.repository(id)).signal('headsObserved', heads);
  }
}
