/**
 * The data that flows through one sync, from one phase to the next. Histories carry these records: names, digests
 * and counts, never manifests, diffs or secrets (those lie in the artifact store under their digest).
 */
import type {
  ApplicationSpec,
  ConflictResolution,
  Destination,
  GitSource,
  HealthStatus,
  OwnPolicies,
} from './application.js';
import type { ObjectReference } from './object.js';

/** sha256 of an artifact's bytes, lower-case hex. */
export type Digest = string;

export type SyncTrigger = 'manual' | 'script' | 'auto' | 'created' | 'rollback';

export type SyncStatus =
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'rolled_back'
  | 'rollback_failed'
  | 'superseded'
  | 'interrupted'
  | 'prune_waiting';

/** What the cluster-side steps must know of an application. */
export interface Target {
  readonly app: string;
  readonly appName: string;
  readonly destination: Destination;
  readonly conflictResolution: ConflictResolution;
  /** Absent in the first histories: `default`. */
  readonly project?: string;
}

export function targetOf(spec: ApplicationSpec): Target {
  const { id, name, destination, conflictResolution, project } = spec;
  return { app: id, appName: name, destination, conflictResolution, project };
}

/** Which write is speaking; ordered by (sync, wave, attempt). Later beats earlier, see the fence in `inventory.ts`. */
export interface FenceToken {
  readonly sync: number;
  readonly wave: number;
  readonly attempt: number;
}

// clone

export interface CloneInput {
  readonly source: GitSource;
  /** Branch, tag or commit; the source's branch when absent. */
  readonly revision?: string;
}

export interface CloneResult {
  /** Full commit hash. */
  readonly revision: string;
  /** Git tree hash of the path: equal trees render equal sets. */
  readonly tree: string;
  /** Artifact: tar of the path's tree. */
  readonly archive: Digest;
  /** First line of the commit message, at most 100 characters. */
  readonly subject: string;
  readonly author: string;
}

// render

export interface RenderInput {
  readonly target: Target;
  readonly source: Pick<GitSource, 'url' | 'path'>;
  readonly revision: string;
  readonly archive: Digest;
  readonly createNamespace: boolean;
  /** The application's own, in addition to the operator's. */
  readonly policies?: OwnPolicies;
}

export interface RenderResult {
  /** Artifact: JSON array of the objects, tracked (label, annotation) and with their namespace filled in, in apply order. */
  readonly manifests: Digest;
  readonly objects: number;
  readonly warnings: readonly string[];
  /** Artifact: the application's own policies as they were written (`StoredPolicies`); absent when it has none. */
  readonly policies?: Digest;
}

// diff

export interface DiffInput {
  readonly target: Target;
  readonly manifests: Digest;
  /** Commit the set was rendered from; shown in the report. */
  readonly revision?: string;
  /** Whether objects of the inventory that the set no longer holds are planned for deletion. */
  readonly prune: boolean;
  /** Only these objects, when given: `group:Kind:name` or `group:Kind:namespace/name`. */
  readonly resources?: readonly string[];
  readonly policies?: Digest;
  /** Where the set comes from, for the application's project. */
  readonly repository?: string;
}

export interface ChangeCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly conflicts: number;
}

export interface DiffResult {
  /** Artifact: the Plan (see plan.ts). */
  readonly plan: Digest;
  /** Digest over what would change (object keys, change types, desired state): equal plans have equal digests. */
  readonly planDigest: Digest;
  /** Artifact: the DiffReport (lua-api 2.3), Secret values masked. */
  readonly report: Digest;
  readonly counts: ChangeCounts;
  /** Objects to write, by wave; `wave` is the index apply takes. */
  readonly waves: readonly WaveSummary[];
  readonly warnings: readonly string[];
  /** At most 20, one line each; the rest is in the report. */
  readonly conflicts: readonly string[];
  /** What enforced policies and the project do not allow, at most 20 lines; absent when there is nothing. */
  readonly violations?: readonly string[];
  /** Present when pruning would take away so much of the application that somebody should look first. */
  readonly shrink?: Shrink;
}

export interface Shrink {
  readonly deleted: number;
  /** Objects the application has now. */
  readonly of: number;
}

export interface WaveSummary {
  readonly wave: number;
  readonly objects: number;
}

// backup

export interface BackupInput {
  readonly target: Target;
  readonly plan: Digest;
}

export interface BackupResult {
  /** Artifact: JSON array of the live objects the plan will update or delete, as read. */
  readonly backup: Digest;
  readonly objects: number;
}

// apply

export interface ApplyInput {
  readonly target: Target;
  readonly sync: number;
  readonly wave: number;
  readonly plan: Digest;
}

export interface WriteCounts {
  readonly applied: number;
  readonly skipped: number;
  readonly failed: number;
  readonly conflictsResolved: number;
}

export interface ApplyResult extends WriteCounts {
  /** Artifact: JSON array of ObjectOutcome, one per object of the wave. */
  readonly report: Digest;
  /** Why the wave was not finished; what was written until then is in the report. */
  readonly failure?: WriteFailure;
}

export interface WriteFailure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export interface ObjectOutcome {
  readonly object: ObjectReference;
  readonly outcome: 'created' | 'configured' | 'unchanged' | 'deleted' | 'skipped' | 'failed';
  readonly message?: string;
  /** The server's answer to the write was already that of a healthy object: there is nothing to wait for. */
  readonly healthy?: true;
}

// health

export interface HealthCheckInput {
  readonly target: Target;
  readonly manifests: Digest;
  readonly timeoutMs: number;
  readonly degradedGraceMs: number;
  readonly resources?: readonly string[];
  /** Reports of what was just applied: objects that were healthy then are not read again. */
  readonly applied?: readonly Digest[];
}

export interface HealthCheckResult {
  readonly status: HealthStatus;
  readonly healthy: number;
  readonly total: number;
  /** True when the time ran out before a verdict; `status` then is what was seen last. */
  readonly timedOut: boolean;
  /** The objects that are not healthy, worst first, at most 20. */
  readonly unhealthy: readonly ObjectHealth[];
}

export interface ObjectHealth {
  readonly object: ObjectReference;
  readonly status: HealthStatus;
  readonly message: string;
}

// prune

export interface PruneInput {
  readonly target: Target;
  readonly sync: number;
  /** The wave number after the last applied one. */
  readonly wave: number;
  readonly plan: Digest;
  readonly timeoutMs: number;
}

export interface PruneResult {
  readonly deleted: number;
  /** Deleted but still there (a finalizer holds them); they stay in the inventory. At most 20. */
  readonly waiting: readonly ObjectReference[];
  readonly report: Digest;
  /** Why not all were deleted. */
  readonly failure?: WriteFailure;
}

// rollback

export interface RollbackInput {
  readonly target: Target;
  readonly sync: number;
  readonly wave: number;
  /** The stored set to return to. */
  readonly manifests: Digest;
  /** Plan of the sync that failed: what it created and the target set does not hold is deleted, whatever `prune` says. */
  readonly failedPlan?: Digest;
  /** For a manual rollback to an older set: delete what the inventory holds and the set does not. */
  readonly prune: boolean;
}

export interface RollbackResult extends WriteCounts {
  /** What the plan came to; absent in the first histories. */
  readonly changes?: ChangeCounts;
  /** What policies have to say of a return that a person asked for; absent when nothing. */
  readonly warnings?: readonly string[];
  readonly deleted: number;
  /** A dry run of the target set against the cluster found nothing left to change. */
  readonly verified: boolean;
  /** Artifact: what was live before. */
  readonly backup: Digest;
  /** Artifact: JSON array of ObjectOutcome. */
  readonly report: Digest;
}

// record

export interface SyncMetrics {
  readonly durationMs: number;
  readonly processed: number;
  readonly applied: number;
  readonly skipped: number;
  readonly failed: number;
  readonly conflictsResolved: number;
  readonly deleted: number;
}

export interface SyncStep {
  readonly phase: string;
  readonly summary: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** One finished (or running) sync: the unit of history, status and audit. */
export interface SyncRecord {
  /** `sync-<number>` */
  readonly id: string;
  readonly number: number;
  readonly app: string;
  readonly status: SyncStatus;
  readonly trigger: SyncTrigger;
  readonly who: string;
  readonly why?: string;
  /** Full commit hash once known. */
  readonly revision?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly message: string;
  /** Code of the failure, when there was one. */
  readonly errorCode?: string;
  readonly health?: HealthStatus;
  readonly changes: ChangeCounts;
  readonly metrics: SyncMetrics;
  readonly healthChecks: { readonly healthy: number; readonly total: number };
  readonly planDigest?: Digest;
  readonly manifests?: Digest;
  readonly tree?: string;
  readonly diffReport?: Digest;
  readonly backup?: Digest;
  readonly reports: readonly Digest[];
  /** For a rollback: id of the sync whose set was restored. */
  readonly restored?: string;
  readonly steps: readonly SyncStep[];
}
