/**
 * The sync's side of its announcement: started when there is something to say, and never waited for beyond its start.
 */
import { CancellationScope, getExternalWorkflowHandle, ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { ApplicationSpec } from '../domain/application.js';
import type { SyncRecord } from '../domain/sync-record.js';
import { announcement } from './announcement.js';
import {
  approvalNeededSignal,
  syncFinishedSignal,
  workflowIds,
  workflowTaskTimeout,
  type AnnouncedApplication,
  type AnnouncementInput,
  type NumberedRequest,
  type SyncInput,
} from './messages.js';

export class Announcer {
  private readonly app: AnnouncedApplication | undefined;
  private starting: Promise<unknown> | undefined;

  constructor(
    private readonly input: SyncInput,
    private readonly startedAt: string,
  ) {
    this.app = isAnnounced(input.spec, input.request) ? announced(input.spec) : undefined;
  }

  /** The first time counts. */
  begin(revision?: string): void {
    if (this.app !== undefined) this.starting ??= this.start(this.app, revision);
  }

  approvalNeeded(message: string): void {
    if (this.starting === undefined) return;
    const id = this.workflowId;
    void this.starting
      .then(() => getExternalWorkflowHandle(id).signal(approvalNeededSignal, { message }))
      .catch(() => undefined);
  }

  /** A child that is not started when its parent ends never is. */
  async ended(): Promise<void> {
    this.begin();
    await this.starting;
  }

  private get workflowId(): string {
    return workflowIds.announcement(this.input.spec.id, this.input.request.number);
  }

  private start(app: AnnouncedApplication, revision: string | undefined): Promise<unknown> {
    const { operation = 'sync', resources, number: sync } = this.input.request;
    const ofCommit = resources === undefined && (operation === 'sync' || operation === 'rollback');
    const asked: AnnouncementInput = {
      app,
      sync,
      startedAt: this.startedAt,
      ofCommit,
      ...(revision === undefined ? {} : { revision }),
    };
    const start = () =>
      startChild(announcement, {
        workflowId: this.workflowId,
        args: [asked],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        workflowTaskTimeout,
        staticSummary: `${app.name}: tell how sync-${sync} went`,
      });
    // Whoever cancels the sync does not mean what is told of it. It may run already: the sync was reset.
    return CancellationScope.nonCancellable(start).catch(() => undefined);
  }
}

/** Of what wrote nothing, and was not to, there is nothing to tell. */
function isAnnounced({ notifications }: ApplicationSpec, { dryRun }: NumberedRequest): boolean {
  return notifications !== undefined && dryRun !== true;
}

function announced({
  id,
  name,
  project,
  environment,
  destination,
  notifications = {},
}: ApplicationSpec): AnnouncedApplication {
  return { id, name, project, destination, notifications, ...(environment === undefined ? {} : { environment }) };
}

/** The application's side: how it ended is told once its history says so. */
export async function tellAnnouncement(
  spec: ApplicationSpec,
  request: NumberedRequest,
  record: SyncRecord,
): Promise<void> {
  if (!isAnnounced(spec, request)) return;
  await getExternalWorkflowHandle(workflowIds.announcement(spec.id, request.number))
    .signal(syncFinishedSignal, { app: spec.id, record })
    .catch(() => undefined); // it never began
}
