/**
 * How a promotion stands, and in the end how it went: its query and its result.
 */
import type { SyncRecord } from '../sync-record.js';

export type PromotionStatus =
  'waiting' | 'running' | 'succeeded' | 'failed' | 'rejected' | 'cancelled' | 'rolled_back' | 'rollback_failed';

export type StageStatus =
  | 'pending'
  | 'awaiting approval'
  | 'syncing'
  | 'holding'
  | 'checking'
  | 'passed'
  | 'failed'
  | 'rejected'
  | 'rolled back'
  | 'rollback failed';

export interface StageRecord {
  /** As the promotion was asked; the application's name once it is known. */
  readonly app: string;
  readonly environment?: string;
  readonly status: StageStatus;
  readonly message: string;
  /** The sync that brought the commit: `sync-4`. */
  readonly sync?: string;
  /** What was live and healthy before; absent when nothing was. */
  readonly before?: { readonly sync: string; readonly revision: string };
  readonly approval?: Decision;
  /** The promotion changed it, and what it changed is there now. */
  readonly changed?: true;
}

export interface Decision {
  readonly approved: boolean;
  readonly by: string;
  readonly reason?: string;
  /** RFC 3339 */
  readonly at: string;
}

export interface PromotionRecord {
  /** `promotion/<name>/<number>` */
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly status: PromotionStatus;
  readonly message: string;
  /** Code of the failure, when there was one. */
  readonly errorCode?: string;
  /** Full commit hash once it is chosen. */
  readonly revision?: string;
  readonly who: string;
  readonly why?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** In their order, the source first. */
  readonly stages: readonly StageRecord[];
}

const open: ReadonlySet<PromotionStatus> = new Set(['waiting', 'running']);

export function isOver({ status }: Pick<PromotionRecord, 'status'>): boolean {
  return !open.has(status);
}

/** A sync that wrote, and whose own rollback did not take that back. One that was ended from outside may have written. */
export function changed({ status, metrics }: SyncRecord): boolean {
  if (status === 'rolled_back' || status === 'superseded') return false;
  if (status === 'succeeded' || status === 'interrupted') return true;
  return metrics.applied + metrics.deleted > 0;
}

/** Indexes of the stages to bring back, the last one changed first. */
export function toUndo(stages: readonly StageRecord[]): number[] {
  return stages.flatMap((stage, index) => (stage.changed ? [index] : [])).reverse();
}

/** How the promotion ended, from how its stages did. */
export function statusAfterUndo(stages: readonly StageRecord[], undone: readonly number[]): PromotionStatus {
  if (undone.length === 0) return 'failed';
  return undone.every((index) => stages[index]?.status === 'rolled back') ? 'rolled_back' : 'rollback_failed';
}
