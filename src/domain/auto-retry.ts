/**
 * A sync that came by itself and failed is tried again by itself, each time after a longer pause: 30 s, 1.5 min,
 * 4.5 min ... 30 min. What a person decided, or a rollback undid, is not.
 */
import type { SyncRecord } from './sync-record.js';
import { isOfCommit } from './urgency.js';

const firstMs = 30_000;
const factor = 3;
const longestMs = 1_800_000;

/** The pause after that many failures in a row, in ms. */
export function retryPauseMs(failures: number): number {
  return Math.min(longestMs, firstMs * factor ** (failures - 1));
}

/** Whether somebody has seen what it would have done and said no. */
const decided: ReadonlySet<string> = new Set(['ApprovalRejected', 'ApprovalExpired']);

export function isWorthAnotherTry({ trigger, status, errorCode }: SyncRecord): boolean {
  if (!isOfCommit(trigger) && trigger !== 'created') return false;
  return (status === 'failed' || status === 'interrupted') && !decided.has(errorCode ?? '');
}

/** Tries of one commit that a history keeps: the first, and so many of the newest. */
const triesKept = 5;

/** What failed again and again must not push out what people did. */
export function withoutMiddleTries(history: readonly SyncRecord[]): readonly SyncRecord[] {
  const last = history.at(-1);
  if (last === undefined || !isWorthAnotherTry(last)) return history;
  const isTry = (r: SyncRecord): boolean => isWorthAnotherTry(r) && r.revision === last.revision;
  const since = history.findLastIndex((r) => !isTry(r)) + 1;
  if (history.length - since <= triesKept + 1) return history;
  return [...history.slice(0, since + 1), ...history.slice(-triesKept)];
}
