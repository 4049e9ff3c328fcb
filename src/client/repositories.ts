/**
 * Registered repositories: each is a `repository/<id>` workflow, and its memo says where it lies.
 */
import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import type { RegisterInput } from '../activities/register-repository.js';
import { FreshFlight } from '../adapters/repository/fresh-flight.js';
import type { CredentialsReference } from '../domain/application.js';
import { GitOpsError, hasCode } from '../domain/errors.js';
import type { RepositoryConfig } from '../schema/repository-config.js';
import type { ApplicationMemo } from '../workflows/application-memo.js';
import {
  describeRepositoryUpdate,
  lookSignal,
  removeRepositoryUpdate,
  taskQueues,
  workflowIds,
  workflowTaskTimeout,
  type Looker,
  type RepositoryMemo,
} from '../workflows/messages.js';
import { translating, type Subject } from './failure.js';
import { KnownPlaces, neverAborted } from './known-places.js';
import { running } from './listing.js';
import { refuseLiterals } from './literal-secrets.js';

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

/** Temporal takes an empty list out of a memo. */
function wholeMemo(memo: Record<string, unknown>): RepositoryMemo {
  return { branches: [], heads: {}, intervalMs: 0, ...memo } as unknown as RepositoryMemo;
}

export class Repositories {
  private readonly known: KnownPlaces;
  private readonly hints = new FreshFlight<boolean>();

  constructor(private readonly temporal: Client) {
    this.known = new KnownPlaces(() => this.list());
  }

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

  /**
   * Registers a repository once a worker has found that it answers and has the branch; nothing is stored otherwise.
   * @param directory where a relative path starts
   * @returns its id
   * @throws LiteralSecret, RepositoryUnreachable, RepositoryNotFound, RepositoryAuthentication, RevisionNotFound,
   * NotAllowed
   */
  async add(config: RepositoryConfig, directory?: string): Promise<string> {
    refuseLiterals(config);
    return translating(subject(config.url ?? config.repo ?? ''), () =>
      this.temporal.workflow.execute<(input: RegisterInput) => Promise<string>>('registerRepository', {
        workflowId: `register/${randomUUID()}`,
        taskQueue: taskQueues.engine,
        workflowTaskTimeout,
        args: [{ config, ...(directory === undefined ? {} : { directory }) }],
        staticSummary: `register ${config.id ?? config.url ?? ''}`,
      }),
    );
  }

  /** @throws UnknownRepository, HasDependents naming the applications that use it */
  async remove(id: string): Promise<void> {
    const users = await this.usersOf(id);
    if (users.length > 0)
      throw new GitOpsError('HasDependents', `${id} is used by ${users.slice(0, 10).join(', ')}`, {
        hint: 'delete these applications first, or declare them elsewhere',
      });
    await translating(subject(id), () =>
      this.temporal.workflow.getHandle(workflowIds.repository(id)).executeUpdate(removeRepositoryUpdate),
    );
    this.known.forget();
  }

  private async usersOf(id: string): Promise<string[]> {
    const url = (await this.find(id))?.url;
    const users: string[] = [];
    for await (const { memo } of this.temporal.workflow.list({ query: running('application') })) {
      const { name = '', repositories, repository } = (memo ?? {}) as Partial<ApplicationMemo>;
      if (repositories?.includes(id) ?? repository === url) users.push(name);
    }
    return users;
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
    return (await this.list()).filter((repository) => repository.intervalMs === intervalMs);
  }

  /** All that are registered or followed, as visibility knows them: the answer may be a second old. */
  async list(): Promise<RepositoryMemo[]> {
    const found: RepositoryMemo[] = [];
    await translating(subject('*'), async () => {
      for await (const { memo } of this.temporal.workflow.list({ query: running('repository') }))
        if (memo?.['url'] !== undefined) found.push(wholeMemo(memo));
    });
    return found;
  }

  /**
   * Asks the repositories that lie at these addresses to look where their branches stand. Never more than a hint: it
   * may come late, twice or in any order. When the promise resolves, Temporal has it; hints for one repository that
   * arrive together are one signal.
   * @param urls normalised (`normaliseRepositoryUrl`), several spellings of one repository if need be
   * @returns ids of the repositories that will look; none when nobody follows or has registered any of them
   */
  async lookNow(urls: readonly string[]): Promise<readonly string[]> {
    const ids = [...new Set((await Promise.all(urls.map((url) => this.known.at(url)))).flat())];
    const told = await Promise.all(ids.map((id) => this.hints.run(id, neverAborted(), () => this.look(id, 'webhook'))));
    return ids.filter((_id, i) => told[i]);
  }

  /** @returns false when it is gone */
  async look(id: string, by: Looker): Promise<boolean> {
    try {
      await translating(subject(id), () =>
        this.temporal.workflow.getHandle(workflowIds.repository(id)).signal(lookSignal, { by }),
      );
      return true;
    } catch (error) {
      if (!hasCode(error, 'UnknownRepository')) throw error;
      this.known.forget();
      return false;
    }
  }
}
