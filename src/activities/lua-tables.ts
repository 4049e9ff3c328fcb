/**
 * The return tables of the `gitops` module (lua-api.md 2.2 and 2.3), field names as scripts know them.
 */
import { formatDuration } from '../domain/duration.js';
import type { SyncRecord } from '../domain/sync-record.js';
import type { ApplicationStatus, KnownDrift } from '../workflows/messages.js';

export function statusTable(status: ApplicationStatus): Record<string, unknown> {
  const { spec, lastSync, revision, drift } = status;
  return {
    id: spec.id,
    name: spec.name,
    status: status.status,
    health: status.health,
    auto_sync: spec.autoSync,
    repository: spec.source.url,
    ...(revision === undefined ? {} : { revision }),
    ...(drift === undefined ? {} : { drift: driftTable(drift) }),
    ...(lastSync === undefined ? {} : { last_sync_result: syncResultTable(lastSync) }),
  };
}

function driftTable({ since, count, objects, fields }: KnownDrift): Record<string, unknown> {
  return { since, count, objects: [...objects], fields: [...fields] };
}

function syncResultTable(record: SyncRecord): Record<string, unknown> {
  const { metrics, changes, healthChecks } = record;
  return {
    id: record.id,
    status: record.status,
    start_time: record.startedAt,
    ...(record.finishedAt === undefined ? {} : { end_time: record.finishedAt }),
    ...(record.revision === undefined ? {} : { commit_hash: record.revision }),
    message: record.message,
    changes_applied: changes.created + changes.updated + changes.deleted,
    health_checks: { healthy: healthChecks.healthy, total: healthChecks.total },
    metrics: {
      duration: formatDuration(metrics.durationMs),
      resources_processed: metrics.processed,
      resources_applied: metrics.applied,
      resources_skipped: metrics.skipped,
      resources_failed: metrics.failed,
      conflicts_resolved: metrics.conflictsResolved,
    },
  };
}

/** One entry of `gitops.history`. */
export function historyEntry(record: SyncRecord): Record<string, unknown> {
  return {
    id: record.id,
    ...(record.revision === undefined ? {} : { revision: record.revision }),
    status: record.status,
    who: record.who,
    why: record.why ?? record.trigger,
    started: record.startedAt,
    ...(record.finishedAt === undefined ? {} : { finished: record.finishedAt }),
    message: record.message,
    counts: { ...record.changes },
    ...(record.planDigest === undefined ? {} : { plan_digest: record.planDigest }),
  };
}

/** Texts that a script reads rarely and that may be long: each becomes a handle, fetched when first read. */
const lazyFields = ['diff', 'current_state', 'desired_state'] as const;

/**
 * A diff report with its long texts replaced by handles into the artifact it came from.
 * @param report the DiffReport as stored
 */
export function diffTable<R extends { changes: readonly object[]; conflicts: readonly object[] }>(
  report: R,
  digest: string,
  about: Record<string, unknown>,
): Record<string, unknown> {
  const handles = (list: 'changes' | 'conflicts') =>
    report[list].map((entry, i) => withHandles(entry, digest, `${list}.${i}`));
  return { ...report, ...about, changes: handles('changes'), conflicts: handles('conflicts') };
}

function withHandles(entry: object, digest: string, path: string): object {
  const lazy = lazyFields
    .filter((field) => (entry as Record<string, unknown>)[field] !== undefined)
    .map((field) => [field, { $artifact: digest, path: `${path}.${field}` }]);
  return { ...entry, ...Object.fromEntries(lazy) };
}
