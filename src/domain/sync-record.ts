/**
 * The record of a sync: the unit of history, status and audit. Names, digests and counts alone.
 */
import type { HealthStatus } from './application.js';
import type { RecordedDecision } from './approval.js';
import type { Digest } from './digest.js';
import type { Gate } from './gate.js';

export type SyncTrigger = 'manual' | 'script' | 'auto' | 'webhook' | 'created' | 'rollback' | 'drift' | 'promotion';

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

export interface ChangeCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly conflicts: number;
  /** Of the updated ones: deleted and created anew. Absent when there are none. */
  readonly recreated?: number;
}

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

export interface SourceRevision {
  readonly repository: string;
  readonly path: string;
  readonly revision: string;
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
  /** Full commit hash once known; of the first source, when there are several. */
  readonly revision?: string;
  /** What the sources of `repos` stood at; absent when there are none. */
  readonly revisions?: readonly SourceRevision[];
  /** Of the branch, of rendering, of who could not be told; at most 20, absent when there were none. */
  readonly warnings?: readonly string[];
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly message: string;
  /** Code of the failure, when there was one. */
  readonly errorCode?: string;
  readonly health?: HealthStatus;
  readonly changes: ChangeCounts;
  readonly metrics: SyncMetrics;
  readonly healthChecks: { readonly healthy: number; readonly total: number };
  /** How many hooks the plan holds; absent without. */
  readonly hooks?: number;
  readonly planDigest?: Digest;
  readonly manifests?: Digest;
  readonly tree?: string;
  readonly diffReport?: Digest;
  readonly backup?: Digest;
  readonly reports: readonly Digest[];
  /** For a rollback: id of the sync whose set was restored. */
  readonly restored?: string;
  /** Auto-sync stands still after this one: a rollback failed, and no run since has written. Nobody knows what is where. */
  readonly freezes?: true;
  readonly steps: readonly SyncStep[];
  /** What it waits for before its first write. */
  readonly gate?: Gate;
  /** What people said of its plans, oldest first; absent when nobody was asked. */
  readonly decisions?: readonly RecordedDecision[];
}

const mostWarnings = 20;

/** Each is said once, the first ones when there are too many. */
export function warned<R extends Pick<SyncRecord, 'warnings'>>(record: R, more: readonly string[]): R {
  if (more.length === 0) return record;
  return { ...record, warnings: [...new Set([...(record.warnings ?? []), ...more])].slice(0, mostWarnings) };
}
