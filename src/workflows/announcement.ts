/**
 * What is said of one sync, to whom its application tells it: the status of the commit while it runs, then how it ended.
 * `gitops/<id>/sync-<n>/announcement`, a run of its own, so that a forge or a channel that does not answer neither fails
 * nor delays the sync; who could not be told becomes a warning of the sync's record.
 */
import { condition, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import { fill, messageFields, recordEvent, triggersOf, type Event, type Trigger } from '../domain/announcements.js';
import { parseDuration } from '../domain/duration.js';
import { finalStatus, pendingStatus, type CommitStatus } from '../domain/forge/commit-status.js';
import type { SyncRecord } from '../domain/sync-record.js';
import {
  announcementFailedSignal,
  approvalNeededSignal,
  syncFinishedSignal,
  workflowIds,
  type AnnouncementInput,
} from './messages.js';
import { persistently } from './persistently.js';
import { isTimeout, quickStep } from './steps.js';

export async function announcement(input: AnnouncementInput): Promise<void> {
  const { app, sync } = input;
  const said = new Announcement(input);
  setHandler(syncFinishedSignal, ({ record }) => void (said.record = record));
  setHandler(approvalNeededSignal, ({ message }) => void said.questions.push(message));
  await said.untilOver();
  if (said.warnings.length === 0) return;
  await getExternalWorkflowHandle(workflowIds.application(app.id))
    .signal(announcementFailedSignal, { sync, warnings: said.warnings })
    .catch(() => undefined); // the application is gone
}

const messageTimeoutMs = 30_000;

class Announcement {
  record: SyncRecord | undefined;
  readonly questions: string[] = [];
  readonly warnings: string[] = [];

  constructor(private readonly input: AnnouncementInput) {}

  async untilOver(): Promise<void> {
    await this.pending('the sync is running');
    for (;;) {
      await condition(() => this.record !== undefined || this.questions.length > 0);
      if (this.record !== undefined) return this.ended(this.record);
      await this.asks(this.questions.shift() ?? '');
    }
  }

  private async pending(message: string): Promise<void> {
    const { revision, sync } = this.input;
    const over = () => this.record !== undefined;
    if (revision !== undefined && !over()) await this.status(revision, pendingStatus(`sync-${sync}`, message), over);
  }

  private async asks(message: string): Promise<void> {
    const { sync, revision } = this.input;
    const event = { sync: `sync-${sync}`, status: 'awaiting_approval', revision, message };
    await Promise.all([this.pending(message), this.tell(['on-approval-needed'], event)]);
  }

  private async ended(record: SyncRecord): Promise<void> {
    const { revision } = record;
    const status = revision === undefined ? undefined : this.status(revision, finalStatus(record));
    await Promise.all([status, this.tell(triggersOf(record), recordEvent(record), record)]);
  }

  /** @param over nobody needs to hear of it any more */
  private async status(commit: string, status: CommitStatus, over?: () => boolean): Promise<void> {
    const { app, startedAt, ofCommit, sync } = this.input;
    const { commitStatus: target } = app.notifications;
    if (target === undefined || !ofCommit) return;
    const event = { sync: `sync-${sync}`, status: status.state, revision: commit, message: status.description };
    const link = target.targetUrl && fill(target.targetUrl, app, event, encodeURIComponent);
    const wanted = { ...status, ...(link === undefined ? {} : { targetUrl: link }) };
    const summary = `status of ${commit.slice(0, 8)}: ${status.state}`;
    const post = () => quickStep(summary, once).postCommitStatus({ target, commit, status: wanted, startedAt });
    this.warn(
      `the status of ${commit.slice(0, 8)} could not be set to ${status.state}`,
      await persistently(post, { over }),
    );
  }

  private async tell(triggers: readonly Trigger[], event: Event, record?: SyncRecord): Promise<void> {
    const { app } = this.input;
    const { messages = [] } = app.notifications;
    const wanted = messages.filter(({ on }) => on.some((trigger) => triggers.includes(trigger)));
    await Promise.all(
      wanted.map(async (target) => {
        const { timeout = messageTimeoutMs / 1000, ...fields } = messageFields(target, app, event, record);
        const failure = await this.send(target.service, fields, parseDuration(timeout as string | number));
        this.warn(`${target.service} could not be told`, failure);
      }),
    );
  }

  /** What may have arrived is not sent again. */
  private send(service: string, fields: Record<string, unknown>, timeoutMs: number): Promise<string | undefined> {
    const options = { ...once, startToCloseTimeout: timeoutMs + 10_000 };
    const send = () => quickStep(`notify ${service}`, options).sendNotification({ service, fields, timeoutMs });
    return persistently(send, { again: (error) => !isTimeout(error) });
  }

  private warn(what: string, why: string | undefined): void {
    if (why !== undefined) this.warnings.push(`${what}: ${why}`);
  }
}

/** Attempts are counted here, where there are pauses between them. */
const once = { retry: { maximumAttempts: 1 } };
