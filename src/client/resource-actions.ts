/**
 * Resource actions: what may be done to the objects of an application, and doing it.
 */
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { getJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { ListActionsResult } from '../activities/list-actions.js';
import type { ActionRecord, ActionRequest, ListedAction } from '../domain/actions/record.js';
import { GitOpsError } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import { resourcePick } from '../domain/resource-selection.js';
import {
  taskQueues,
  workflowIds,
  workflowTaskTimeout,
  type ActionWorkflowInput,
  type ApplicationStatus,
  type ListActionsWorkflowInput,
} from '../workflows/messages.js';
import { syncAttributes } from '../workflows/search-attributes.js';
import { applicationSubject, translating } from './failure.js';

export interface ActionTicket {
  readonly app: string;
  readonly workflowId: string;
}

type StatusOf = (app: string) => Promise<ApplicationStatus>;

export class ResourceActions {
  constructor(
    private readonly temporal: Client,
    private readonly artifacts: ArtifactStore,
    private readonly statusOf: StatusOf,
  ) {}

  /**
   * @param resource one object, `[group:]Kind:[namespace/]name`; all of the application by default
   * @throws UnknownObject, InvalidInput
   */
  async list(app: string, resource?: string): Promise<ListedAction[]> {
    if (resource !== undefined) resourcePick(resource);
    const { spec } = await this.statusOf(app);
    const { report } = await translating(applicationSubject(app), () =>
      this.temporal.workflow.execute<(input: ListActionsWorkflowInput) => Promise<ListActionsResult>>('listActions', {
        workflowId: `${workflowIds.application(spec.id)}/actions-${randomUUID()}`,
        taskQueue: taskQueues.engine,
        workflowTaskTimeout,
        args: [{ spec, ...(resource === undefined ? {} : { resource }) }],
        staticSummary: `${spec.name}: actions of ${resource ?? 'its objects'}`,
      }),
    );
    return getJson(this.artifacts, report);
  }

  /**
   * Asks for an action and answers at once.
   * @throws InvalidInput; LiteralSecret for a parameter that looks like one, since histories keep it
   */
  async start(app: string, request: ActionRequest): Promise<ActionTicket> {
    resourcePick(request.resource);
    requireNoSecrets(request.params);
    const { spec } = await this.statusOf(app);
    const workflowId = `${workflowIds.application(spec.id)}/action-${randomUUID()}`;
    await translating(applicationSubject(app), () =>
      this.temporal.workflow.start<(input: ActionWorkflowInput) => Promise<ActionRecord>>('resourceAction', {
        workflowId,
        taskQueue: taskQueues.engine,
        workflowTaskTimeout,
        args: [{ spec, request }],
        staticSummary: `${spec.name}: ${request.action} ${request.resource}, by ${request.who}`,
        typedSearchAttributes: syncAttributes(spec, { trigger: 'manual' }),
      }),
    );
    return { app: spec.id, workflowId };
  }

  /** Waits for the record. @throws what stood in its way: UnknownObject, UnknownAction, ActionDisabled, ... */
  result({ app, workflowId }: ActionTicket): Promise<ActionRecord> {
    const handle = this.temporal.workflow.getHandle<() => Promise<ActionRecord>>(workflowId);
    return translating(applicationSubject(app), () => handle.result());
  }
}

function requireNoSecrets(params: ActionRequest['params']): void {
  for (const [name, value] of Object.entries(params)) {
    const said = `${name}=${value}`;
    if (redact(said) === said) continue;
    throw new GitOpsError('LiteralSecret', `the parameter ${name} looks like a secret, and histories keep parameters`, {
      hint: 'let the script name a Secret of the cluster instead',
    });
  }
}
