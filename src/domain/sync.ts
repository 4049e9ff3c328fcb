/**
 * What each step of a sync takes and gives. Histories carry these records: names, digests
 * and counts, never manifests, diffs or secrets (those lie in the artifact store under their digest).
 */
import type { GitSource, HealthStatus, OwnPolicies } from './application.js';
import type { Digest } from './digest.js';
import type { AcceptedSet } from './drift/accepted-set.js';
import type { HookMoment } from './object-options.js';
import type { ExternalCheck } from './health/external-checks.js';
import type { ObjectReference } from './object.js';
import type { RenderOptions } from './render-options.js';
import type { ChangeCounts, SyncRecord } from './sync-record.js';
import type { Closed, SyncWindow } from './sync-window.js';
import type { Target } from './target.js';

/** How many objects or lines of a kind a history carries at most; all of them are in the artifact beside it. */
export const mostListed = 20;

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
  /** Of the source, when the declaration has any. */
  readonly render?: RenderOptions;
  /** The commit that is live, where the branch should go on from it. */
  readonly follows?: string;
}

export interface CloneResult {
  /** Full commit hash. */
  readonly revision: string;
  /** Git tree hash of the path, or a hash over those of all folders it needs: equal trees render equal sets. */
  readonly tree: string;
  /** Artifact: tar of the path's tree. */
  readonly archive: Digest;
  /** Present when the archive holds folders besides the path's, each below its path in the repository. */
  readonly folders?: readonly string[];
  /** Present when a program renders it. */
  readonly renderer?: 'kustomize' | 'helm';
  /** First line of the commit message, at most 100 characters. */
  readonly subject: string;
  readonly author: string;
  /** The commit that it should go on from is not in its history. */
  readonly noFastForward?: true;
}

// render

export interface RenderInput {
  readonly target: Target;
  readonly source: Pick<GitSource, 'url' | 'path'>;
  readonly revision: string;
  readonly archive: Digest;
  readonly createNamespace: boolean;
  /** As clone said. */
  readonly folders?: readonly string[];
  readonly render?: RenderOptions;
  readonly environment?: string;
  /** Sources of `repos`, in order: the later wins. */
  readonly further?: readonly ClonedSource[];
  /** Fill in namespaces as the cluster will: for those who look at the set without a plan. */
  readonly scoped?: true;
  /** The application's own, in addition to the operator's. */
  readonly policies?: OwnPolicies;
}

/** One more source, as clone left it. */
export interface ClonedSource extends Pick<CloneResult, 'revision' | 'archive' | 'folders' | 'renderer'> {
  readonly source: Pick<GitSource, 'url' | 'path'>;
  readonly render?: RenderOptions;
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
  /** Of rendering; they become part of the report. */
  readonly warnings?: readonly string[];
  /** Whether objects of the inventory that the set no longer holds are planned for deletion. */
  readonly prune: boolean;
  /** The engine remembers no sync of it: what its inventory has and the set lacks is kept, with a note. */
  readonly firstSync?: true;
  /** For a deletion: the set whose hooks run around it. */
  readonly hooksOf?: Digest;
  /** Number of the sync; hooks that have a prefix of a name only are named after it. */
  readonly sync?: number;
  /** Only these objects, when given: `group:Kind:name` or `group:Kind:namespace/name`. */
  readonly resources?: readonly string[];
  /** Objects the server refuses become conflicts of the report instead of an error. */
  readonly reportRefused?: true;
  /** As render said. */
  readonly policies?: Digest;
  /** Where the set comes from, for the application's project. */
  readonly repositories?: readonly string[];
  /** Policies and project are not asked: of a set that a person returns to, whose remarks come with the rollback. */
  readonly ungoverned?: true;
  /** Of the application: windows of its own, and what those of the operator are matched with. */
  readonly windows?: OwnWindows;
}

export interface OwnWindows {
  readonly environment?: string;
  readonly own?: readonly SyncWindow[];
}

export interface DiffResult {
  /** Artifact: the Plan (see plan.ts). */
  readonly plan: Digest;
  /** Digest over what would change (object keys, change types, desired state): equal plans have equal digests. */
  readonly planDigest: Digest;
  /** Artifact: the DiffReport (lua-api 2.3), Secret values masked. */
  readonly report: Digest;
  readonly counts: ChangeCounts;
  /** Stages with something to do, in order; `wave` is the index apply takes. */
  readonly waves: readonly WaveSummary[];
  readonly warnings: readonly string[];
  /** At most 20, one line each; the rest is in the report. */
  readonly conflicts: readonly string[];
  /** What enforced policies and the project do not allow, at most 20 lines; absent when there is nothing. */
  readonly violations?: readonly string[];
  /** Present when pruning would take away so much of the application that somebody should look first. */
  readonly shrink?: Shrink;
  /** The inventory lists what is gone by itself, and nothing else is to be done: a prune strikes it out. */
  readonly onlyForgets?: true;
  /** Windows are closed for the application now. */
  readonly closed?: Closed;
}

export interface Shrink {
  readonly deleted: number;
  /** Objects the application has now. */
  readonly of: number;
}

/** One stage of the plan that has something to do. */
export interface WaveSummary {
  readonly wave: number;
  /** To write, hooks not counted. */
  readonly objects: number;
  /** Absent for `Sync`. */
  readonly phase?: HookMoment;
  /** The wave as the user numbers it; absent for 0. */
  readonly syncWave?: number;
  readonly hooks?: number;
  /** What follows waits until the objects are healthy and the hooks done. */
  readonly settles?: boolean;
  /** Some hooks want to be deleted, or let go, when they are done. */
  readonly cleanup?: boolean;
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
  /** How many plans of this sync this one replaces; absent for none. */
  readonly replans?: number;
  /** The plan this one replaces has run the hooks of the stage. */
  readonly hooksDone?: true;
}

/** Waves of a plan that replaced another come after all of that one's: the fence only goes forward. */
export function fenceWave(wave: number, replans = 0): number {
  return wave + replans * 10_000;
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
  /** Left out because somebody cancelled, at most 20. */
  readonly notWritten?: readonly ObjectReference[];
}

export interface WriteFailure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** What the plan was made against has changed meanwhile: another plan may succeed, this one cannot. */
  readonly replan?: true;
}

export interface ObjectOutcome {
  readonly object: ObjectReference;
  /** `deleting`: the server has taken the deletion, something holds the object still. */
  readonly outcome: 'created' | 'configured' | 'unchanged' | 'deleted' | 'deleting' | 'skipped' | 'failed';
  readonly message?: string;
  /** The server's answer to the write was already that of a healthy object: there is nothing to wait for. */
  readonly healthy?: true;
  /** Deleted and created anew, because a field that cannot be changed was. */
  readonly recreated?: true;
}

// health

export interface HealthCheckInput {
  readonly target: Target;
  readonly manifests: Digest;
  readonly timeoutMs: number;
  readonly degradedGraceMs: number;
  /** For how long all must be healthy without a break; absent for not at all, and in older histories. */
  readonly stableMs?: number;
  /** What is asked besides the objects; absent for nothing, and in older histories. */
  readonly checks?: readonly ExternalCheck[];
  readonly resources?: readonly string[];
  /** Reports of what was just applied: objects that were healthy then are not read again. */
  readonly applied?: readonly Digest[];
  /** Only the objects and hooks of one stage of the plan; `manifests` and `resources` are not looked at. */
  readonly stage?: { readonly plan: Digest; readonly wave: number; readonly hooksDone?: true };
}

export interface HealthCheckResult {
  readonly status: HealthStatus;
  readonly healthy: number;
  readonly total: number;
  /** True when the time ran out before a verdict; `status` then is what was seen last. */
  readonly timedOut: boolean;
  /** Nothing more is to come and nothing is wrong: all are healthy, or suspended. Absent in older histories. */
  readonly settled?: true;
  /** The objects that are not healthy, worst first, at most 20. */
  readonly unhealthy: readonly ObjectHealth[];
}

export interface ObjectHealth {
  readonly object: ObjectReference;
  readonly status: HealthStatus;
  readonly message: string;
  /** It is a hook that is not done. */
  readonly hook?: true;
}

// hooks

export interface FinishHooksInput {
  readonly target: Target;
  readonly sync: number;
  readonly wave: number;
  readonly plan: Digest;
  readonly replans?: number;
  /** Delete them whatever their policy says: the application goes. */
  readonly all?: true;
}

export interface FinishHooksResult {
  readonly deleted: number;
  readonly report: Digest;
  readonly failure?: WriteFailure;
}

// health now

export interface LiveHealthInput {
  readonly target: Target;
}

export interface LiveHealthResult {
  readonly status: HealthStatus;
  readonly healthy: number;
  readonly total: number;
  /** Artifact: the LiveHealthReport (see health/live.ts). */
  readonly report: Digest;
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
  /** The set is live but for drift; objects that belong to other applications by now are none. */
  readonly heal?: true;
}

export interface RollbackResult extends WriteCounts {
  /** What the plan came to; absent in the first histories. */
  readonly changes?: ChangeCounts;
  /** What policies have to say of a return that a person asked for; absent when nothing. */
  readonly warnings?: readonly string[];
  readonly deleted: number;
  /** A dry run of the target set against the cluster found nothing left to change. */
  readonly verified: boolean;
  /** By what the cluster still differs from the set, at most 20; absent in the first histories. */
  readonly notRestored?: readonly ObjectReference[];
  /** Why it was not finished. */
  readonly failure?: WriteFailure;
  /** Artifact: what was live before. */
  readonly backup: Digest;
  /** Artifact: JSON array of ObjectOutcome. */
  readonly report: Digest;
}

// record

export interface RecordInput {
  readonly record: SyncRecord;
  /** What should be live from now on, null when nobody can say; absent when that is as before. */
  readonly accepted?: AcceptedSet | null;
}
