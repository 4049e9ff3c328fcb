import { describe, expect, it } from '@jest/globals';
import { acceptedAfter, type AcceptedSet, type AskedFor } from '../../../src/domain/drift/accepted-set.js';
import type { SyncRecord } from '../../../src/domain/sync-record.js';
import { unrunRecord } from '../../../src/workflows/application-state.js';

const destination = { cluster: 'default', namespace: 'shop' };
const before: AcceptedSet = { sync: 1, confirmed: 1, revision: 'r1', manifests: 'm1', destination };
const second = { ...before, sync: 2, confirmed: 2, revision: 'r2', manifests: 'm2' };
const sets = [before, { ...before, sync: 0, revision: 'r0', manifests: 'm0' }];

function record(status: SyncRecord['status'], more: Partial<SyncRecord> = {}, applied = 1): SyncRecord {
  const base = unrunRecord('app', { number: 2, requestedAt: '' }, status, '', '');
  const metrics = { ...base.metrics, applied };
  return { ...base, metrics, revision: 'r2', manifests: 'm2', ...more };
}

const same = { revision: 'r1', manifests: 'm1' };

describe('what should be live after', () => {
  it.each<[title: string, asked: AskedFor, record: SyncRecord, after: AcceptedSet | undefined]>([
    ['a sync: its set', {}, record('succeeded'), second],
    ['a sync of the same set that wrote: that set, confirmed', {}, record('succeeded', same), { ...second, ...same }],
    ['a sync of the same set that wrote nothing: as before', {}, record('succeeded', same, 0), before],
    [
      'one that found drift gone: that set, confirmed',
      { drifted: true },
      record('succeeded', same, 0),
      { ...second, ...same },
    ],
    ['a sync that waits for finalizers: its set', {}, record('prune_waiting'), second],
    [
      'an automatic rollback: the restored set',
      {},
      record('rolled_back', { restored: 'sync-0' }),
      { ...before, sync: 0, confirmed: 2, revision: 'r0', manifests: 'm0' },
    ],
    ['a rollback by hand: its set', { operation: 'rollback' }, record('succeeded'), second],
    ['a failure after writes: nobody knows', {}, record('failed'), undefined],
    ['a failure before the first write: as before', {}, record('failed', {}, 0), before],
    ['a cancellation after writes: nobody knows', {}, record('cancelled'), undefined],
    ['a rollback that failed: nobody knows', {}, record('rollback_failed'), undefined],
    ['a run that was ended from outside: nobody knows', {}, record('interrupted', {}, 0), undefined],
    ['a dry run: as before', { dryRun: true }, record('succeeded', {}, 0), before],
    ['a sync of some objects of another set: nobody knows', { resources: [':a:b'] }, record('succeeded'), undefined],
    ['a sync of some objects of that set: as before', { resources: [':a:b'] }, record('succeeded', same), before],
    ['a deletion: nothing', { operation: 'delete' }, record('succeeded'), undefined],
    [
      'a correction of drift: that set, confirmed',
      { operation: 'heal' },
      record('succeeded', same),
      { ...before, confirmed: 2 },
    ],
    [
      'a correction that failed half-way: still that set',
      { operation: 'heal' },
      record('failed', same),
      { ...before, confirmed: 2 },
    ],
    ['a correction that was ended from outside', { operation: 'heal' }, record('interrupted', same), before],
  ])('%s', (_title, asked, ended, after) =>
    expect(acceptedAfter(before, asked, ended, sets, destination)).toEqual(after),
  );
});
