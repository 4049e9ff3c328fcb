/**
 * Waiting from outside: for one sync to end, or for an application to reach a state. Nothing is held up on the
 * server by it; whoever waits may go away.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { setTimeout as pause } from 'node:timers/promises';
import { formatDuration } from '../domain/duration.js';
import { GitOpsError, hasCode, isErrorCode } from '../domain/errors.js';
import type { SyncRecord, SyncStatus } from '../domain/sync-record.js';
import type { ApplicationStatus, SyncTicket } from '../workflows/messages.js';
import { translating } from './failure.js';
import { outliving } from './outage.js';

const pollMs = 300;
const noteMs = 10_000;
const notePollMs = 20;

/**
 * @param history finished syncs of an application: a request that was superseded never becomes a run
 * @throws Timeout
 */
export async function waitForRecord(
  temporal: Client,
  ticket: SyncTicket,
  history: (app: string) => Promise<readonly SyncRecord[]>,
  timeoutMs?: number,
): Promise<SyncRecord> {
  const deadline = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
  const look = async (): Promise<SyncRecord | undefined> =>
    (await runOf(temporal, ticket, deadline)) ?? (await history(ticket.app)).find((r) => r.id === ticket.sync);
  for (;;) {
    const record = await outliving(look, deadline === undefined ? {} : { until: deadline });
    if (record !== undefined) return record;
    if (deadline !== undefined && Date.now() >= deadline) throw stillRunning(ticket, timeoutMs ?? 0);
    await pause(pollMs);
  }
}

/**
 * The run ends a moment before its application hears of it. One that never hears, or cannot be asked, is not waited for: how
 * the sync ended is known.
 */
export async function untilTakenNoteOf({ sync }: SyncTicket, read: () => Promise<ApplicationStatus>): Promise<void> {
  for (const until = Date.now() + noteMs; Date.now() < until; await pause(notePollMs)) {
    const lastSync = await outliving(read, { until }).then((status) => status.lastSync, ifUnavailable);
    if (lastSync?.id !== sync || lastSync.status !== 'running') return;
  }
}

function ifUnavailable(error: unknown): undefined {
  if (!hasCode(error, 'TemporalUnavailable')) throw error;
}

/** The run's own result; undefined while it has not started, or when it ended without one. */
async function runOf(
  temporal: Client,
  { workflowId, sync }: SyncTicket,
  deadline: number | undefined,
): Promise<SyncRecord | undefined> {
  const result = temporal.workflow.getHandle(workflowId).result() as Promise<SyncRecord>;
  try {
    return await translating({ code: 'UnknownSync', name: sync }, () => within(deadline, catchMissing(result)));
  } catch (error) {
    if (error instanceof GitOpsError && error.code !== 'TemporalUnavailable') return undefined;
    throw error;
  }
}

function catchMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  });
}

async function within<T>(deadline: number | undefined, promise: Promise<T>): Promise<T | undefined> {
  if (deadline === undefined) return promise;
  const timer = new AbortController();
  const late = pause(Math.max(0, deadline - Date.now()), undefined, { signal: timer.signal }).catch(() => undefined);
  return Promise.race([promise, late]).finally(() => timer.abort());
}

function stillRunning({ sync, workflowId }: SyncTicket, timeoutMs: number): GitOpsError {
  return new GitOpsError('Timeout', `${sync} has not ended after ${formatDuration(timeoutMs)}; it goes on`, {
    hint: `sloth-runner workflow show ${workflowId} --follow`,
  });
}

export interface WaitGoal {
  readonly status?: string;
  readonly health?: string;
  /** A commit that has to be live, or its beginning; a sync of it that failed ends the wait. */
  readonly revision?: string;
  readonly timeoutMs: number;
}

/** @throws Timeout, saying where the application stands; AbortError once the signal is given */
export async function waitForStatus(
  read: () => Promise<ApplicationStatus>,
  goal: WaitGoal,
  signal?: AbortSignal,
): Promise<ApplicationStatus> {
  const deadline = Date.now() + goal.timeoutMs;
  for (;;) {
    const status = await outliving(read, { until: deadline, signal });
    if (reached(status, goal)) return status;
    requireHope(status, goal);
    if (Date.now() >= deadline) throw notReached(status, goal);
    await pause(pollMs, undefined, signal === undefined ? {} : { signal });
  }
}

const underWay: ReadonlySet<string> = new Set(['syncing', 'awaiting_approval']);

function reached(status: ApplicationStatus, { status: wanted, health, revision = '' }: WaitGoal): boolean {
  const settled =
    wanted === undefined ? !underWay.has(status.status) && status.waiting === undefined : status.status === wanted;
  const isLive = (status.revision ?? '').startsWith(revision);
  return settled && isLive && (health === undefined || status.health === health);
}

const inVain: ReadonlySet<SyncStatus> = new Set([
  'failed',
  'cancelled',
  'rolled_back',
  'rollback_failed',
  'interrupted',
]);

/** @throws what the sync of the wanted commit ended with */
function requireHope({ spec, lastSync, waiting, rejected }: ApplicationStatus, { revision }: WaitGoal): void {
  if (revision === undefined || lastSync === undefined || waiting !== undefined) return;
  const { revision: tried, id, status, errorCode, message } = lastSync;
  const isRejected = rejected?.revision.startsWith(revision) === true && status !== 'running';
  const failed = tried?.startsWith(revision) === true && inVain.has(status);
  if (!failed && !isRejected) return;
  const code = failed && isErrorCode(errorCode) ? errorCode : 'SyncFailed';
  const why = failed ? `${id} ${status}: ${message}` : `rejected by sync-${rejected?.sync}: ${rejected?.reason}`;
  throw new GitOpsError(code, `${revision} is not live: ${why}`, { hint: `sloth-runner app history ${spec.name}` });
}

function notReached({ spec, status, health, revision }: ApplicationStatus, goal: WaitGoal): GitOpsError {
  const stands = goal.revision === undefined ? '' : ` at ${revision?.slice(0, 8) ?? 'no revision'}`;
  return new GitOpsError(
    'Timeout',
    `${spec.name} is ${status}, ${health}${stands} after ${formatDuration(goal.timeoutMs)}`,
    {
      hint: `sloth-runner app get ${spec.name}`,
    },
  );
}
