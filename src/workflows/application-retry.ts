/**
 * When an application tries again what came by itself and failed. Plain functions of plain data.
 */
import type { ApplicationSpec } from '../domain/application.js';
import { isWorthAnotherTry, retryPauseMs } from '../domain/auto-retry.js';
import type { SyncRecord } from '../domain/sync-record.js';
import type { ApplicationState, NumberedRequest, PlannedRetry, SyncRequest } from './messages.js';
import { seenBy } from './observed-revision.js';

/** A failure plans another try; whatever else was carried out leaves none. */
export function retryAfter(
  before: PlannedRetry | undefined,
  request: NumberedRequest,
  record: SyncRecord,
): PlannedRetry | undefined {
  if (request.dryRun || record.status === 'superseded') return before;
  if (!isWorthAnotherTry(record)) return undefined;
  const again = before !== undefined && commitOf(before.request) === commitOf(request);
  const failures = again ? before.failures + 1 : 1;
  return postponed({ failures, request: asked(request), next: '' }, Date.parse(record.finishedAt ?? record.startedAt));
}

export function postponed({ failures, request }: PlannedRetry, from: number): PlannedRetry {
  return { failures, request, next: new Date(from + retryPauseMs(failures)).toISOString() };
}

function commitOf(request: SyncRequest): string {
  const { revision, repository } = seenBy(request) ?? {};
  return JSON.stringify([revision, repository]);
}

function asked({ revision, trigger, who, seen }: NumberedRequest): SyncRequest {
  return {
    ...(revision === undefined ? {} : { revision }),
    ...(trigger === undefined ? {} : { trigger }),
    ...(who === undefined ? {} : { who }),
    ...(seen === undefined ? {} : { seen }),
  };
}

export function retryRequest({ failures, request }: PlannedRetry): SyncRequest {
  return { ...request, why: `try ${failures + 1} after ${failures === 1 ? 'a failure' : `${failures} failures`}` };
}

/** How long from `now` on until the next try; undefined when there is to be none. */
export function retryPause({ autoSync }: ApplicationSpec, state: ApplicationState, now: number): number | undefined {
  const { retry, suspended, waiting } = state;
  if (retry === undefined || !autoSync || suspended !== undefined || waiting !== undefined) return undefined;
  return Math.max(0, Date.parse(retry.next) - now);
}
