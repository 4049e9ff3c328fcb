import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  finalStatus,
  pendingStatus,
  stillToSay,
  type CommitStatus,
  type PostedStatus,
} from '../../../src/domain/forge/commit-status.js';
import type { SyncRecord } from '../../../src/domain/sync-record.js';

const startedAt = '2026-01-01T10:00:00.500Z';
const later = '2026-01-01T10:00:30Z';
const running = pendingStatus('sync-7', 'the sync is running');
const synced: CommitStatus = { state: 'success', description: 'sync-7: synced' };
const posted = (state: string, description: string, createdAt = later): PostedStatus => ({
  state,
  description,
  createdAt,
});

describe('a status is still to be said', () => {
  it.each<[string, PostedStatus | undefined, CommitStatus, boolean]>([
    ['when the commit has none', undefined, running, true],
    ['once: a worker that died after it said so', posted('pending', running.description), running, false],
    ['once, by the end', posted('success', 'sync-7: synced'), synced, false],
    ['when the sync has ended since', posted('pending', running.description), synced, true],
    [
      'when the sync waits for something else',
      posted('pending', running.description),
      pendingStatus('sync-7', 'waits for an approval'),
      true,
    ],
    ['never after its own end', posted('success', 'sync-7: synced'), running, false],
    ['over that of an older sync', posted('failure', 'sync-6: broken'), running, true],
    ['never over that of a newer sync', posted('pending', 'sync-8: the sync is running'), synced, false],
    [
      'over one from before it began, whatever its number: that was another installation',
      posted('success', 'sync-90: synced', '2025-12-01T00:00:00Z'),
      running,
      true,
    ],
    ['over what somebody else wrote under its name', posted('success', 'all is well'), synced, true],
    [
      'in the second it began, as forges that keep no fractions have it',
      posted('pending', running.description, '2026-01-01T10:00:00Z'),
      running,
      false,
    ],
  ])('%s', (_title, newest, wanted, expected) => expect(stillToSay(newest, wanted, startedAt)).toBe(expected));

  it('whatever order late workers come in, the newest sync has the last word', () => {
    const says = [6, 7, 8].flatMap((n): CommitStatus[] => [
      pendingStatus(`sync-${n}`, 'the sync is running'),
      { state: n === 7 ? 'failure' : 'success', description: `sync-${n}: over` },
    ]);
    fc.assert(
      fc.property(fc.shuffledSubarray([...says, ...says], { minLength: 1 }), (order) => {
        let newest: PostedStatus | undefined;
        for (const wanted of order) if (stillToSay(newest, wanted, startedAt)) newest = { ...wanted, createdAt: later };
        const rank = ({ description, state }: PostedStatus | CommitStatus): number =>
          Number(/\d+/.exec(description)) * 2 + (state === 'pending' ? 0 : 1);
        expect(newest && rank(newest)).toBe(Math.max(...order.map(rank)));
      }),
    );
  });
});

describe('how a sync ended, as a status', () => {
  const changes = { created: 3, updated: 1, deleted: 0, unchanged: 4, conflicts: 0 };
  const record = (fields: Partial<SyncRecord>): SyncRecord =>
    ({ id: 'sync-7', status: 'succeeded', message: 'Sync completed successfully', changes, ...fields }) as SyncRecord;

  it.each<[string, Partial<SyncRecord>, CommitStatus]>([
    [
      'well',
      { health: 'Healthy' },
      { state: 'success', description: 'sync-7: synced: 3 created, 1 updated, 0 deleted' },
    ],
    [
      'degraded, which was put up with',
      { health: 'Degraded' },
      { state: 'success', description: 'sync-7: synced: 3 created, 1 updated, 0 deleted, health is Degraded' },
    ],
    [
      'failed',
      { status: 'failed', message: 'Deployment/web\n is Degraded' },
      { state: 'failure', description: 'sync-7: Deployment/web is Degraded' },
    ],
    [
      'rolled back',
      { status: 'rolled_back', message: 'Rolled back to sync-6' },
      { state: 'failure', description: 'sync-7: Rolled back to sync-6' },
    ],
    [
      'cancelled',
      { status: 'cancelled', message: 'Cancelled' },
      { state: 'failure', description: 'sync-7: Cancelled' },
    ],
  ])('%s', (_title, fields, status) => expect(finalStatus(record(fields))).toEqual(status));

  it('is no longer than GitHub takes', () =>
    expect(finalStatus(record({ status: 'failed', message: 'x'.repeat(500) })).description).toHaveLength(140));
});
