/**
 * The syncs of one application as its children, and who wants to hear how each ends.
 */
import {
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  patched,
} from '@temporalio/workflow';
import type { ApplicationSpec } from '../domain/application.js';
import { acceptedAfter } from '../domain/drift/accepted-set.js';
import type { SyncRecord } from '../domain/sync-record.js';
import { urgencyOf } from '../domain/urgency.js';
import { frozenBy, standsOn, unrunRecord } from './application-state.js';
import {
  syncFinishedSignal,
  workflowIds,
  workflowTaskTimeout,
  type ApplicationState,
  type NumberedRequest,
} from './messages.js';
import { syncAttributes } from './search-attributes.js';
import { storeRecord } from './store-record.js';
import { sync } from './sync.js';

/** Runs one sync to its end. @returns a record in any case */
export async function runSync(
  spec: ApplicationSpec,
  state: ApplicationState,
  request: NumberedRequest,
): Promise<SyncRecord> {
  const { notify: _told, ...asked } = request;
  const { healthySets, accepted } = state;
  const known = {
    healthySets,
    standsOn: standsOn(state),
    ...(accepted === undefined ? {} : { accepted }),
    ...(frozenBy(state) === undefined ? {} : { frozen: true as const }),
  };
  try {
    return await executeChild(sync, {
      workflowId: workflowIds.sync(spec.id, request.number),
      args: [{ spec, request: asked, ...known, rules: 4 }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      priority: { priorityKey: urgencyOf(request.trigger) },
      workflowTaskTimeout,
      staticSummary: `${spec.name}: ${request.operation ?? 'sync'} ${request.revision ?? spec.source.branch}`,
      typedSearchAttributes: syncAttributes(spec, request),
    });
  } catch (error) {
    return interrupted(spec, request, error);
  }
}

/** The child ended without a record: somebody terminated or reset it. What it wrote is found by the next sync's diff. */
export function interrupted({ id }: ApplicationSpec, request: NumberedRequest, error?: unknown): SyncRecord {
  const cancelled = isCancellation(error);
  const message = cancelled
    ? 'Cancelled before it started'
    : 'The run was ended from outside; the next sync plans from live state';
  return unrunRecord(id, request, cancelled ? 'cancelled' : 'interrupted', message, new Date().toISOString());
}

/**
 * A run that was ended from outside could neither store its record nor write down that nobody can say what should be live
 * since, which is what drift is measured against: its application does both.
 */
export async function keepInterrupted(
  { destination, retry }: ApplicationSpec,
  { accepted: before }: ApplicationState,
  request: NumberedRequest,
  record: SyncRecord,
): Promise<SyncRecord> {
  if (!patched('interrupted-records')) return record;
  const accepted = acceptedAfter(before, request, record, [], destination);
  return storeRecord(retry, { record, ...(accepted === before ? {} : { accepted: accepted ?? null }) });
}

/** Workflows to tell when a sync that others asked for as well has ended. */
export class Watchers {
  /** By sync number. */
  private readonly waiting = new Map<number, Set<string>>();

  add(number: number, workflowId: string | undefined): void {
    if (workflowId === undefined) return;
    const ids = this.waiting.get(number) ?? new Set();
    this.waiting.set(number, ids.add(workflowId));
  }

  /** Scripts that wait for this sync hear how it ended; one that is gone no longer cares. */
  async tell(record: SyncRecord): Promise<void> {
    const ids = this.waiting.get(record.number) ?? [];
    this.waiting.delete(record.number);
    for (const id of ids) {
      await getExternalWorkflowHandle(id)
        .signal(syncFinishedSignal, { app: record.app, record })
        .catch(() => undefined);
    }
  }
}
