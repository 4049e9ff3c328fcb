/**
 * The one place that starts, signals, updates and queries workflows. The command line, the library's users and the
 * activities behind a Lua script all come through here.
 *
 * Every method takes an application by its id (`workflow-123...`), by the name it was declared with, or by
 * `project/name`, and throws a GitOpsError: `UnknownApplication` when there is none, `TemporalUnavailable` when
 * Temporal does not answer, and the codes named at each method.
 */
import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import { getJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { ApplicationSpec } from '../domain/application.js';
import { GitOpsError, hasCode } from '../domain/errors.js';
import type { DiffReport } from '../domain/diff/report.js';
import type { LiveHealthReport } from '../domain/health/live.js';
import type { RollbackChoice } from '../domain/rollback-choice.js';
import type { SyncRecord } from '../domain/sync-record.js';
import type { DriftSweepResult } from '../workflows/drift-sweep.js';
import { memoOf } from '../workflows/application-memo.js';
import {
  autoSyncUpdate,
  configureUpdate,
  deleteUpdate,
  healthySetsQuery,
  historyQuery,
  progressQuery,
  resumeUpdate,
  rollbackUpdate,
  statusQuery,
  suspendUpdate,
  syncUpdate,
  taskQueues,
  workflowIds,
  workflowTaskTimeout,
  type ApplicationStatus,
  type HealthySet,
  type SyncRequest,
  type SyncTicket,
} from '../workflows/messages.js';
import type { WorkflowConfig } from '../schema/workflow-config.js';
import type { PreviewResult } from '../workflows/preview.js';
import { initialAttributes } from '../workflows/search-attributes.js';
import { applicationIdOf } from './application-id.js';
import { Approvals } from './approvals.js';
import { AutoSync } from './auto-sync.js';
import { specificationOf } from './declaration.js';
import { commentOn } from './diff-comments.js';
import { checkDependencies, findDependents } from './dependencies.js';
import { DriftWatch } from './drift-watch.js';
import { applicationSubject, notFound, translate, translating } from './failure.js';
import { Installation } from './installation.js';
import { listApplications, type ApplicationSummary } from './listing.js';
import { Looks, type PreviewOptions, type RenderedApplication } from './looks.js';
import { Previews } from './previews.js';
import { Promotions } from './promotions.js';
import { Repositories } from './repositories.js';
import { ScriptStates } from './script-states.js';
import { Scripts } from './scripts.js';
import { ResourceActions } from './resource-actions.js';
import { untilTakenNoteOf, waitForRecord, waitForStatus, type WaitGoal } from './waiting.js';
import { WorkflowRuns } from './workflow-runs.js';

export interface Declaration {
  readonly app: string;
  readonly created: boolean;
  /** What it depends on and nobody has declared yet: it waits for that. */
  readonly undeclared: readonly string[];
}

export interface DeleteOptions {
  /** Its objects too; default true. */
  readonly prune?: boolean;
  /** What depends on it too. */
  readonly cascade?: boolean;
  readonly who?: string;
  readonly notify?: string;
}

export class GitOpsClient {
  readonly repositories: Repositories;
  readonly scripts: Scripts;
  readonly states: ScriptStates;
  readonly promotions: Promotions;
  readonly previews: Previews;
  readonly workflows: WorkflowRuns;
  readonly autoSync: AutoSync;
  readonly drift: DriftWatch;
  readonly actions: ResourceActions;
  readonly approvals: Approvals;
  readonly installation: Installation;
  private readonly looks: Looks;

  /**
   * @param temporal a connected Temporal client
   * @param artifacts where reports and diffs lie; the same store the workers use
   * @param options how often a cluster is looked at for drift, null for never
   */
  constructor(
    readonly temporal: Client,
    readonly artifacts: ArtifactStore,
    options: { readonly driftIntervalMs?: number | null } = {},
  ) {
    this.repositories = new Repositories(temporal);
    this.scripts = new Scripts(temporal);
    this.states = new ScriptStates(temporal);
    this.promotions = new Promotions(temporal);
    this.previews = new Previews(temporal);
    this.workflows = new WorkflowRuns(temporal);
    this.autoSync = new AutoSync(temporal);
    this.drift = new DriftWatch(temporal, options.driftIntervalMs);
    this.installation = new Installation(temporal);
    this.actions = new ResourceActions(temporal, artifacts, (app) => this.status(app));
    this.approvals = new Approvals(temporal, this);
    this.looks = new Looks(temporal, artifacts);
  }

  /**
   * Creates the application or updates its declaration; the same declaration twice changes nothing.
   * @param adopt let a declaration that points elsewhere move the application
   * @throws IdentityConflict when it points elsewhere and `adopt` was not said, InvalidConfig when its dependencies go
   * in a circle
   */
  async declare(spec: ApplicationSpec, { adopt = false }: { adopt?: boolean } = {}): Promise<Declaration> {
    const undeclared = await checkDependencies(spec, (id) => this.find(id));
    const hold = spec.autoSync && (await this.autoSync.isStopped());
    const start = new WithStartWorkflowOperation('application', {
      workflowId: workflowIds.application(spec.id),
      taskQueue: taskQueues.engine,
      workflowTaskTimeout,
      args: [{ spec, ...(await this.numberAfterDeletion(spec)) }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      memo: memoOf(spec),
      typedSearchAttributes: initialAttributes(spec),
      staticSummary: `${spec.name}: ${spec.source.url} ${spec.source.path} -> ${spec.destination.cluster}`,
    });
    const args: [{ spec: ApplicationSpec; adopt: boolean; hold: boolean }] = [{ spec, adopt, hold }];
    const { created } = await translating(applicationSubject(spec.name), () =>
      this.temporal.workflow.executeUpdateWithStart(configureUpdate, { startWorkflowOperation: start, args }),
    );
    await this.autoSync.follow(spec, { created: created && !hold });
    await this.drift.follow(spec);
    return { app: spec.id, created, undeclared };
  }

  /**
   * Declares from the fields that `gitops.workflow` takes in a script. The repository is looked at by the first sync or
   * preview, not here.
   * @throws InvalidConfig, LiteralSecret, IdentityConflict
   */
  async declareFrom(config: WorkflowConfig): Promise<Declaration> {
    const spec = await specificationOf(config, this.repositories);
    return this.declare(spec, { adopt: config.adopt === true });
  }

  /**
   * Asks for a sync and answers at once with its number.
   * @param once a name for this request: said twice under one name, it is carried out once
   * @throws ApplicationSuspended
   */
  sync(app: string, request: SyncRequest = {}, once?: string): Promise<SyncTicket> {
    return this.call(app, (handle) => handle.executeUpdate(syncUpdate, { args: [request], ...named(once) }));
  }

  /** Asks for a return to an earlier healthy set, by default the last one of another revision. */
  rollback(
    app: string,
    reason: string,
    target: RollbackChoice = { to: 'previous' },
    by: SyncRequest = {},
    once?: string,
  ): Promise<SyncTicket> {
    const args: [SyncRequest] = [{ ...by, why: reason, target }];
    return this.call(app, (handle) => handle.executeUpdate(rollbackUpdate, { args, ...named(once) }));
  }

  /**
   * Waits until a sync has ended and its application has taken note of it, so that what is asked next builds on it.
   * @param timeoutMs gives up waiting (the sync goes on) with Timeout; none by default
   */
  async wait(ticket: SyncTicket, timeoutMs?: number): Promise<SyncRecord> {
    const record = await waitForRecord(this.temporal, ticket, (app) => this.history(app), timeoutMs);
    await untilTakenNoteOf(ticket, () => this.call(ticket.app, (handle) => handle.query(statusQuery)));
    return record;
  }

  /** How far a sync has come: its record so far. @throws UnknownSync while it has not started */
  progress({ sync, workflowId }: SyncTicket): Promise<SyncRecord> {
    const handle = this.temporal.workflow.getHandle(workflowId);
    return translating({ code: 'UnknownSync', name: sync }, () => handle.query(progressQuery));
  }

  /** Waits until the application has the wanted status and health. @throws Timeout */
  waitFor(app: string, goal: WaitGoal, signal?: AbortSignal): Promise<ApplicationStatus> {
    return waitForStatus(() => this.status(app), goal, signal);
  }

  /** The declaration; undefined when there is none. */
  private async find(app: string): Promise<ApplicationSpec | undefined> {
    try {
      return (await this.status(app)).spec;
    } catch (error) {
      if (hasCode(error, 'UnknownApplication')) return undefined;
      throw error;
    }
  }

  async status(app: string): Promise<ApplicationStatus> {
    const status = await this.call(app, (handle) => handle.query(statusQuery));
    if (status.deleted) throw notFound(applicationSubject(app));
    return status;
  }

  /** Finished syncs, oldest first; also those of an application that was deleted. */
  history(app: string, limit?: number): Promise<readonly SyncRecord[]> {
    return this.call(app, (handle) => handle.query(historyQuery, limit));
  }

  /** Sets that were live and healthy, newest last: what a rollback returns to, and a promotion promotes. */
  healthySets(app: string): Promise<readonly HealthySet[]> {
    return this.call(app, (handle) => handle.query(healthySetsQuery));
  }

  list(): Promise<ApplicationSummary[]> {
    return translating(applicationSubject('list'), () => listApplications(this.temporal));
  }

  /**
   * What a sync would change now. The texts lie in the artifact `report`: `readReport` reads them.
   * @param options `folder`: one of this machine, in the place of the application's path in its repository
   */
  async preview(app: string, options: PreviewOptions = {}): Promise<PreviewResult> {
    const { spec } = await this.status(app);
    return this.looks.preview(spec, options);
  }

  /** The set that a sync would apply now, with the namespaces its objects will have; nothing of it is masked. */
  async render(app: string, options: { revision?: string } = {}): Promise<RenderedApplication> {
    const { spec } = await this.status(app);
    return this.looks.render(spec, options);
  }

  /** The health of every object the application owns, as it is now. @throws ArtifactMissing as `readReport` */
  async health(app: string): Promise<LiveHealthReport> {
    const { spec } = await this.status(app);
    return this.looks.health(spec);
  }

  /** Each change in words and as a diff. @throws ArtifactMissing when the workers use another store */
  readReport({ report }: Pick<PreviewResult, 'report'>): Promise<DiffReport> {
    return getJson(this.artifacts, report);
  }

  /**
   * Writes the diff of a preview into a pull request, in the place of the one before.
   * @throws InvalidConfig when the application does not say where its pull requests are
   */
  async commentOn(
    app: string,
    pullRequest: number,
    preview: Pick<PreviewResult, 'report' | 'revision'>,
  ): Promise<void> {
    const { spec } = await this.status(app);
    await commentOn(this.temporal, spec, pullRequest, preview);
  }

  /** Looks now whether the live objects are what the last sync left; the application hears of it. */
  async lookForDrift(app: string): Promise<DriftSweepResult> {
    const { spec } = await this.status(app);
    return this.drift.look(spec);
  }

  async suspend(app: string, who: string, why = ''): Promise<void> {
    await this.call(app, (handle) => handle.executeUpdate(suspendUpdate, { args: [{ who, why }] }));
  }

  async resume(app: string, who: string): Promise<void> {
    await this.call(app, (handle) => handle.executeUpdate(resumeUpdate, { args: [{ who }] }));
  }

  /**
   * Deletes the application; with `prune` (the default) its objects too, as a last sync. With `cascade` those that
   * depend on it are deleted first, each when what depends on it has gone.
   * @returns the ticket of that sync, null when the objects are kept
   * @throws HasDependents without `cascade`; SyncFailed when one of them could not be deleted
   */
  async delete(
    app: string,
    { cascade = false, ...options }: DeleteOptions = {},
    once?: string,
  ): Promise<SyncTicket | null> {
    const { spec } = await this.status(app);
    const dependents = await findDependents(this.temporal, spec.id, (id) => this.find(id));
    if (dependents.length > 0 && !cascade) throw hasDependents(spec, dependents);
    for (const { id, name } of dependents) await this.deleteWhole(id, name, options);
    await this.autoSync.unfollow(spec);
    return this.call(app, (handle) => handle.executeUpdate(deleteUpdate, { args: [options], ...named(once) }));
  }

  private async deleteWhole(id: string, name: string, options: DeleteOptions): Promise<void> {
    const ticket = await this.delete(id, options);
    const record = ticket && (await this.wait(ticket));
    if (record === null || record.status === 'succeeded') return;
    throw new GitOpsError('SyncFailed', `${name} was not deleted, so nothing it depends on was: ${record.message}`, {
      hint: `sloth-runner app get ${name}`,
    });
  }

  /** Turns auto-sync of one application on or off. */
  async setAutoSync(app: string, enabled: boolean): Promise<void> {
    await this.call(app, (handle) => handle.executeUpdate(autoSyncUpdate, { args: [{ enabled }] }));
    const { spec } = await this.status(app);
    await this.autoSync.follow(spec);
    await this.drift.follow(spec);
  }

  /** @throws UnknownSync */
  async findSync(app: string, sync: string): Promise<SyncRecord> {
    const id = sync.startsWith('sync-') ? sync : `sync-${sync}`;
    const record = (await this.history(app)).find((r) => r.id === id);
    if (record !== undefined) return record;
    throw notFound({ code: 'UnknownSync', name: id, hint: `sloth-runner app history ${app} lists the syncs` });
  }

  /** A finished sync, or one that runs as far as it has come. @throws UnknownSync, UnknownApplication */
  async showSync(app: string, sync: string): Promise<SyncRecord> {
    try {
      return await this.findSync(app, sync);
    } catch (error) {
      if (!hasCode(error, 'UnknownSync')) throw error;
      return this.progress(ticketFor(app, sync));
    }
  }

  /** The ticket of a sync that was asked for, also one that still waits. @throws UnknownSync, UnknownApplication */
  async ticketOf(app: string, sync: string): Promise<SyncTicket> {
    const ticket = ticketFor(app, sync);
    const { nextSync } = await this.call(app, (handle) => handle.query(statusQuery));
    if (Number(ticket.sync.slice('sync-'.length)) < nextSync) return ticket;
    throw notFound({ code: 'UnknownSync', name: ticket.sync, hint: `sloth-runner app history ${app} lists the syncs` });
  }

  /** Calls of the client that start in `call` give up after so long. @throws TemporalUnavailable */
  within<T>(ms: number, call: () => Promise<T>): Promise<T> {
    return this.temporal.withDeadline(Date.now() + ms, call);
  }

  /** Closes the connection to Temporal. What was asked for goes on. */
  async close(): Promise<void> {
    await this.temporal.connection.close();
  }

  /** One that was deleted under this id has used its first numbers up: they name its syncs. */
  private async numberAfterDeletion({ id }: ApplicationSpec): Promise<{ firstSync?: number }> {
    const handle = this.temporal.workflow.getHandle(workflowIds.application(id));
    try {
      if ((await handle.describe()).status.name === 'RUNNING') return {};
      return { firstSync: (await handle.query(statusQuery)).nextSync };
    } catch (error) {
      const failure = translate(applicationSubject(id), error);
      if (failure.code === 'UnknownApplication') return {};
      throw failure;
    }
  }

  private call<T>(app: string, run: (handle: ReturnType<Client['workflow']['getHandle']>) => Promise<T>): Promise<T> {
    const handle = this.temporal.workflow.getHandle(workflowIds.application(applicationIdOf(app)));
    return translating(applicationSubject(app), () => run(handle));
  }
}

function ticketFor(text: string, sync: string): SyncTicket {
  const [app, number] = [applicationIdOf(text), sync.replace(/^sync-/, '')];
  return { app, sync: `sync-${number}`, workflowId: `${workflowIds.application(app)}/sync-${number}`, queued: false };
}

function hasDependents({ name }: ApplicationSpec, dependents: readonly ApplicationSpec[]): GitOpsError {
  const names = dependents.map((one) => one.name).join(', ');
  return new GitOpsError('HasDependents', `${name} is needed by ${names}`, {
    hint: `delete them first, or all of them in that order: sloth-runner app delete ${name} --cascade`,
  });
}

/** Temporal answers an update whose id it knows with what the first one got. */
function named(updateId: string | undefined): { updateId?: string } {
  return updateId === undefined ? {} : { updateId };
}
