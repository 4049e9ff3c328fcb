/**
 * What an application remembers, and how a finished sync changes it. Plain functions of plain data: the workflow
 * around them only waits and starts children.
 */
import type { ApplicationSpec, Destination, HealthStatus } from '../domain/application.js';
import { withoutMiddleTries } from '../domain/auto-retry.js';
import { mayHaveWritten } from '../domain/drift/accepted-set.js';
import { warned, type SyncRecord, type SyncStatus } from '../domain/sync-record.js';
import { isOfCommit } from '../domain/urgency.js';
import { afterRun, shownDrift } from './application-drift.js';
import type {
  AnnouncementFailed,
  ApplicationPhase,
  ApplicationState,
  ApplicationStatus,
  HealthySet,
  NumberedRequest,
  Rejection,
} from './messages.js';

const healthySetLimit = 20;

/**
 * Records kept in the workflow, by kind; those of older runs stay in the artifact store and in Temporal's own histories.
 * Neither a fight over drift nor a crowd of requests that replace each other or come outside of a window may push out
 * what was done, which says what stands and whether a failed rollback froze it.
 */
const recordLimits: readonly (readonly [kind: (record: SyncRecord) => boolean, limit: number])[] = [
  [isHeal, 10],
  [isSuperseded, 50],
  [isRefusedByWindow, 50],
  [hasRun, 50],
];

/** @param firstSync one that was deleted and declared again goes on counting: a number names one sync for ever */
export function initialState(firstSync = 1): ApplicationState {
  return { version: 1, nextSync: firstSync, firstSync, history: [], healthySets: [] };
}

/** The state after a sync ended. A dry run changes nothing. */
export function afterSync(
  state: ApplicationState,
  request: NumberedRequest,
  record: SyncRecord,
  destination: Destination,
): ApplicationState {
  if (request.dryRun) return state;
  if (record.status === 'superseded') return withRecord(state, record);
  const healthy = healthySetOf(request, record);
  return {
    ...withRecord(state, record),
    ...afterRun(state, request, record, destination),
    rejected: rejectionAfter(state, request, record),
    health: record.health ?? state.health,
    healthySets: healthy === undefined ? state.healthySets : [...state.healthySets, healthy].slice(-healthySetLimit),
  };
}

export function withRecord(state: ApplicationState, record: SyncRecord): ApplicationState {
  const history = withoutMiddleTries([...state.history, record]);
  return { ...state, history: recordLimits.reduce((kept, [kind, limit]) => newest(kept, kind, limit), history) };
}

function newest(
  records: readonly SyncRecord[],
  kind: (record: SyncRecord) => boolean,
  limit: number,
): readonly SyncRecord[] {
  const forgotten = new Set(records.filter(kind).slice(0, -limit));
  return records.filter((record) => !forgotten.has(record));
}

/** A record learns afterwards who could not be told of it. */
export function withWarnings(state: ApplicationState, { sync, warnings }: AnnouncementFailed): ApplicationState {
  return { ...state, history: state.history.map((one) => (one.number === sync ? warned(one, warnings) : one)) };
}

/** A correction of drift: it puts back what was accepted, and decides nothing about revisions. */
function isHeal({ trigger }: SyncRecord): boolean {
  return trigger === 'drift';
}

/** Another request took its place before it wrote. */
export function isSuperseded({ status }: SyncRecord): boolean {
  return status === 'superseded';
}

function hasRun(record: SyncRecord): boolean {
  return !isSuperseded(record) && !isRefusedByWindow(record);
}

/** The last run that somebody, or a commit, asked for. */
export function lastAsked({ history }: Pick<ApplicationState, 'history'>): SyncRecord | undefined {
  return history.findLast((record) => !isHeal(record) && !isRefusedByWindow(record));
}

/** It came too early, which says nothing of the commit, nor of the application. */
export function isRefusedByWindow({ errorCode }: SyncRecord): boolean {
  return errorCode === 'SyncWindowClosed';
}

/** What people did not let through is not asked about again by itself. */
const notApproved: ReadonlySet<string | undefined> = new Set(['ApprovalRejected', 'ApprovalExpired']);

/** Only a whole set that was applied and found healthy (or whose health nobody wanted checked) can be returned to. */
function healthySetOf(request: NumberedRequest, record: SyncRecord): HealthySet | undefined {
  const { status, health, revision, manifests, finishedAt, number } = record;
  if (status !== 'succeeded' || request.resources !== undefined || isHeal(record)) return undefined;
  if (isDegraded(health)) return undefined;
  if (revision === undefined || manifests === undefined || finishedAt === undefined) return undefined;
  return { sync: number, revision, manifests, finishedAt, ...(record.hooks === undefined ? {} : { hooks: true }) };
}

const rejecting: ReadonlySet<SyncStatus> = new Set(['rolled_back', 'rollback_failed']);

/**
 * A commit that was rolled back stays rejected for auto-sync until another commit, or a person, succeeds
 * (design.md section 3, rule 5). A manual rollback rejects the commit it moved away from.
 */
function rejectionAfter(state: ApplicationState, request: NumberedRequest, record: SyncRecord): Rejection | undefined {
  const succeeded = record.status === 'succeeded';
  if (isHeal(record)) return state.rejected;
  if (request.operation === 'rollback')
    return succeeded ? rejectionOf(standsOn(state).revision, record) : state.rejected;
  if (rejecting.has(record.status) || notApproved.has(record.errorCode)) return rejectionOf(record.revision, record);
  return succeeded && request.resources === undefined ? undefined : state.rejected;
}

function rejectionOf(revision: string | undefined, record: SyncRecord): Rejection | undefined {
  return revision === undefined ? undefined : { revision, sync: record.number, reason: record.why ?? record.message };
}

/** Revision the cluster holds as far as we know: the last one applied, or the one a rollback went back to. */
export function standsOn(state: ApplicationState): { revision?: string } {
  const last = state.history.findLast(mayHaveWritten);
  if (last === undefined) return {};
  const revision = last.status === 'rolled_back' ? revisionOf(state, last.restored) : last.revision;
  return revision === undefined ? {} : { revision };
}

/** What a person may ask of a suspended application: the ways out. */
const waysOut: ReadonlySet<NumberedRequest['operation']> = new Set(['rollback', 'delete']);

/** Whether the request that waits may start: nothing new while suspended, nothing by itself while a rollback has failed. */
export function mayStart(state: Pick<ApplicationState, 'waiting' | 'suspended' | 'history'>): boolean {
  const { waiting, suspended } = state;
  if (waiting === undefined) return false;
  if (suspended !== undefined) return waysOut.has(waiting.operation);
  return !isOfCommit(waiting.trigger) || frozenBy(state) === undefined;
}

/** A rollback failed: nothing happens by itself until a person's sync or rollback, one that wrote, has ended another way. */
export function frozenBy(state: Pick<ApplicationState, 'history'>): SyncRecord | undefined {
  const last = lastThatRan(state);
  return last?.freezes === true ? last : undefined;
}

function lastThatRan({ history }: Pick<ApplicationState, 'history'>): SyncRecord | undefined {
  return history.findLast(hasRun);
}

/** The run whose end says how the application stands: a correction that succeeded leaves that as it was. */
function deciding({ history }: ApplicationState): SyncRecord | undefined {
  const last = lastThatRan({ history });
  if (last === undefined || !isHeal(last) || last.status !== 'succeeded') return last;
  return lastThatRan({ history: history.filter((r) => !isHeal(r)) }) ?? last;
}

/** Why those that depend on the application should wait; undefined when it is synced and healthy on what it last saw. */
export function notReady(state: ApplicationState, running: NumberedRequest | undefined): string | undefined {
  if (running !== undefined) return `sync-${running.number} is running`;
  if (state.waiting !== undefined) return `sync-${state.waiting.number} waits`;
  if (state.observed !== undefined || state.observedElsewhere !== undefined)
    return 'it has not taken up a newer commit';
  const last = deciding(state);
  if (last === undefined) return 'it has not been synced';
  if (phaseOf[last.status] !== undefined) return `${last.id} ${last.status}: ${last.message}`.slice(0, 200);
  return isDegraded(state.health) ? `its health is ${state.health}` : undefined;
}

function revisionOf({ healthySets }: ApplicationState, sync: string | undefined): string | undefined {
  return healthySets.find((set) => `sync-${set.sync}` === sync)?.revision;
}

const phaseOf: Partial<Record<SyncStatus, ApplicationPhase>> = {
  failed: 'failed',
  cancelled: 'failed',
  rolled_back: 'failed',
  rollback_failed: 'failed',
  interrupted: 'failed',
  prune_waiting: 'degraded',
};

export function statusOf(
  spec: ApplicationSpec,
  state: ApplicationState,
  running: SyncRecord | undefined,
): ApplicationStatus {
  const last = lastThatRan(state);
  const shown = running ?? last;
  const { revision } = standsOn(state);
  const drift = shownDrift(spec, state);
  return {
    spec,
    status: phase(state, running, deciding(state)),
    health: state.health ?? 'Unknown',
    nextSync: state.nextSync,
    ...(revision === undefined ? {} : { revision }),
    ...(shown === undefined ? {} : { lastSync: shown }),
    ...(state.waiting === undefined ? {} : { waiting: `sync-${state.waiting.number}` }),
    ...(state.suspended === undefined ? {} : { suspended: state.suspended }),
    ...(state.rejected === undefined ? {} : { rejected: state.rejected }),
    ...frozenOf(state),
    ...(drift === undefined ? {} : { drift }),
    ...(state.corrections === undefined ? {} : { corrections: state.corrections }),
    ...retryOf(spec, state),
    ...(state.deleted === true ? { deleted: true } : {}),
  };
}

function frozenOf(state: ApplicationState): Pick<ApplicationStatus, 'frozen'> {
  if (frozenBy(state) === undefined) return {};
  const record = state.history.findLast((r) => r.status === 'rollback_failed');
  return record === undefined ? {} : { frozen: { sync: record.number, reason: record.message } };
}

function retryOf({ autoSync }: ApplicationSpec, { retry }: ApplicationState): Pick<ApplicationStatus, 'retry'> {
  return retry === undefined || !autoSync ? {} : { retry: { failures: retry.failures, next: retry.next } };
}

function phase(
  state: ApplicationState,
  running: SyncRecord | undefined,
  last: SyncRecord | undefined,
): ApplicationPhase {
  if (running?.gate?.waitsFor === 'approval') return 'awaiting_approval';
  if (running !== undefined) return 'syncing';
  if (state.suspended !== undefined) return 'suspended';
  if (last === undefined) return 'active';
  return phaseOf[last.status] ?? (isDegraded(state.health) ? 'degraded' : 'synced');
}

function isDegraded(health: HealthStatus | undefined): boolean {
  return health !== undefined && health !== 'Healthy' && health !== 'Suspended';
}

/** A record for a request that never became a run of its own. */
export function unrunRecord(
  app: string,
  request: NumberedRequest,
  status: SyncStatus,
  message: string,
  at: string,
): SyncRecord {
  return {
    id: `sync-${request.number}`,
    number: request.number,
    app,
    status,
    trigger: request.trigger ?? 'manual',
    who: request.who ?? 'unknown',
    ...(request.why === undefined ? {} : { why: request.why }),
    ...(request.revision === undefined ? {} : { revision: request.revision }),
    startedAt: request.requestedAt,
    finishedAt: at,
    message,
    changes: { created: 0, updated: 0, deleted: 0, unchanged: 0, conflicts: 0 },
    metrics: { durationMs: 0, processed: 0, applied: 0, skipped: 0, failed: 0, conflictsResolved: 0, deleted: 0 },
    healthChecks: { healthy: 0, total: 0 },
    reports: [],
    steps: [],
  };
}
