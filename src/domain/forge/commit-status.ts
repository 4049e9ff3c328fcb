/**
 * The status of a commit as forges show it: what a sync says, and whether it is still to be said.
 *
 * A status is posted by upsert: whoever posts looks first at what stands there, so that a worker that died between
 * posting and saying so leaves one status and not two, and a late worker takes nothing back.
 */
import type { SyncRecord, SyncStatus } from '../sync-record.js';

export type CommitState = 'pending' | 'success' | 'failure';

export interface CommitStatus {
  readonly state: CommitState;
  /** Begins with the id of the sync. */
  readonly description: string;
  readonly targetUrl?: string;
}

export interface PostedStatus {
  readonly state: string;
  readonly description: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

const success: ReadonlySet<SyncStatus> = new Set(['succeeded', 'prune_waiting']);

/** GitHub takes the least of all forges: 140 characters. */
const descriptionLimit = 140;

export function pendingStatus(sync: string, message: string): CommitStatus {
  return { state: 'pending', description: described(sync, message) };
}

export function finalStatus(record: SyncRecord): CommitStatus {
  return { state: success.has(record.status) ? 'success' : 'failure', description: described(record.id, said(record)) };
}

function said({ status, message, changes, health }: SyncRecord): string {
  if (!success.has(status)) return message;
  const { created, updated, deleted } = changes;
  const degraded = health === undefined || health === 'Healthy' ? '' : `, health is ${health}`;
  return `synced: ${created} created, ${updated} updated, ${deleted} deleted${degraded}`;
}

function described(sync: string, message: string): string {
  const text = `${sync}: ${message.replace(/\s+/g, ' ')}`;
  return text.length <= descriptionLimit ? text : `${text.slice(0, descriptionLimit - 1)}…`;
}

/**
 * @param newest what stands there under the same context
 * @param startedAt of the sync that wants to say something
 */
export function stillToSay(newest: PostedStatus | undefined, wanted: CommitStatus, startedAt: string): boolean {
  if (newest === undefined || Date.parse(newest.createdAt) < wholeSecond(startedAt)) return true; // of an earlier one
  const [theirs, ours] = [numberIn(newest.description), numberIn(wanted.description)];
  if (theirs !== ours) return theirs < ours;
  if (newest.state !== 'pending') return false;
  return wanted.state !== 'pending' || newest.description !== wanted.description;
}

/** Forges keep no fractions of a second, some of them. */
function wholeSecond(time: string): number {
  return Math.floor(Date.parse(time) / 1000) * 1000;
}

function numberIn(description: string): number {
  return Number(/^sync-(\d+):/.exec(description)?.[1] ?? 0);
}
