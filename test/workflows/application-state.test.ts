import { describe, expect, it } from '@jest/globals';
import type { ApplicationSpec } from '../../src/domain/application.js';
import type { SyncRecord, SyncStatus } from '../../src/domain/sync-record.js';
import {
  afterSync,
  initialState,
  mayStart,
  standsOn,
  statusOf,
  unrunRecord,
} from '../../src/workflows/application-state.js';
import type { ApplicationState, NumberedRequest } from '../../src/workflows/messages.js';

const spec = { id: 'workflow-1', name: 'shop' } as unknown as ApplicationSpec;
const destination = { cluster: 'default', namespace: 'shop' };
const request = (number: number, more: Partial<NumberedRequest> = {}): NumberedRequest => ({
  number,
  requestedAt: '2026-01-01T00:00:00Z',
  ...more,
});

function record(number: number, status: SyncStatus, more: Partial<SyncRecord> = {}): SyncRecord {
  const base = unrunRecord('workflow-1', request(number), status, 'message', '2026-01-01T00:01:00Z');
  return { ...base, revision: `r${number}`, manifests: `m${number}`, health: 'Healthy', ...more };
}

/** One sync after the other: [record, request fields]. */
function after(...syncs: [SyncRecord, Partial<NumberedRequest>?][]): ApplicationState {
  return syncs.reduce((state, [r, more]) => afterSync(state, request(r.number, more), r, destination), initialState());
}

const phase = (state: ApplicationState): string => statusOf(spec, state, undefined).status;

describe('what an application is after a sync', () => {
  const cases: [title: string, state: ApplicationState, status: string][] = [
    ['active before the first', initialState(), 'active'],
    ['synced after a healthy one', after([record(1, 'succeeded')]), 'synced'],
    [
      'degraded when health failed but was to be ignored',
      after([record(1, 'succeeded', { health: 'Degraded' })]),
      'degraded',
    ],
    ['failed after a failure', after([record(1, 'succeeded')], [record(2, 'failed')]), 'failed'],
    ['failed after an automatic rollback', after([record(1, 'succeeded')], [record(2, 'rolled_back')]), 'failed'],
    ['degraded while finalizers hold what was pruned', after([record(1, 'prune_waiting')]), 'degraded'],
    ['synced although a request was superseded', after([record(1, 'succeeded')], [record(2, 'superseded')]), 'synced'],
    ['unchanged by a dry run', after([record(1, 'succeeded')], [record(2, 'failed'), { dryRun: true }]), 'synced'],
    ['suspended', { ...after([record(1, 'succeeded')]), suspended: { who: 'ana', why: '', at: '' } }, 'suspended'],
  ];
  it.each(cases)('%s', (_title, state, status) => expect(phase(state)).toBe(status));

  it('syncing while a sync runs', () => {
    expect(statusOf(spec, after([record(1, 'succeeded')]), record(2, 'running')).status).toBe('syncing');
  });
});

describe('where the cluster stands', () => {
  const first = record(1, 'succeeded');
  const written = (number: number, status: SyncStatus): SyncRecord => {
    const { metrics, ...rest } = record(number, status);
    return { ...rest, metrics: { ...metrics, applied: 1 } };
  };
  const restored = { restored: 'sync-1' };
  const cases: [title: string, state: ApplicationState, revision: string][] = [
    ['on the applied revision', after([first]), 'r1'],
    ['on the restored one after a rollback', after([first], [record(2, 'rolled_back', restored)]), 'r1'],
    [
      'on the restored one, not the newest healthy one',
      after([first], [record(2, 'succeeded')], [record(3, 'rolled_back', restored)]),
      'r1',
    ],
    ['where it stood when a sync failed before its first write', after([first], [record(2, 'failed')]), 'r1'],
    ['where it stood when a sync was cancelled before its first write', after([first], [record(2, 'cancelled')]), 'r1'],
    ['on the revision that was written in part', after([first], [written(2, 'failed')]), 'r2'],
    ['perhaps on the revision of a run that was ended from outside', after([first], [record(2, 'interrupted')]), 'r2'],
  ];
  it.each(cases)('%s', (_title, state, revision) => expect(standsOn(state)).toEqual({ revision }));
});

describe('a commit that was rolled back', () => {
  const rolledBack = after([record(1, 'succeeded')], [record(2, 'rolled_back')]);
  it('stays rejected', () => expect(rolledBack.rejected).toMatchObject({ revision: 'r2', sync: 2 }));
  it('stays rejected when a later sync fails', () =>
    expect(afterSync(rolledBack, request(3), record(3, 'failed'), destination).rejected).toMatchObject({
      revision: 'r2',
    }));
  it('is forgiven once a sync succeeds', () =>
    expect(afterSync(rolledBack, request(3), record(3, 'succeeded'), destination).rejected).toBeUndefined());
  it('is also the one a manual rollback left', () => {
    const state = after(
      [record(1, 'succeeded')],
      [record(2, 'succeeded')],
      [record(3, 'succeeded', { revision: 'r1', why: 'slow' }), { operation: 'rollback' }],
    );
    expect(state.rejected).toEqual({ revision: 'r2', sync: 3, reason: 'slow' });
    expect(state.healthySets.map((s) => s.revision)).toEqual(['r1', 'r2', 'r1']);
  });
});

describe('sets a rollback can return to', () => {
  it('are the healthy whole ones', () => {
    const state = after(
      [record(1, 'succeeded')],
      [record(2, 'failed')],
      [record(3, 'succeeded', { health: 'Degraded' })],
      [record(4, 'succeeded'), { resources: [':ConfigMap:one'] }],
      [record(5, 'succeeded'), { dryRun: true }],
      [record(6, 'succeeded')],
    );
    expect(state.healthySets.map((s) => s.sync)).toEqual([1, 6]);
  });

  it('keep the newest fifty records and twenty sets', () => {
    const state = after(...Array.from({ length: 60 }, (_, i): [SyncRecord] => [record(i + 1, 'succeeded')]));
    expect([state.history.length, state.healthySets.length]).toEqual([50, 20]);
    expect(state.history.at(-1)?.number).toBe(60);
  });

  it.each<[string, SyncStatus, Partial<SyncRecord>, number]>([
    ['requests that were superseded', 'superseded', {}, 50],
    ['syncs that came outside of a window', 'failed', { errorCode: 'SyncWindowClosed' }, 50],
    ['corrections of drift', 'succeeded', { trigger: 'drift' }, 10],
  ])('are not pushed out by %s, however many', (_title, status, more, kept) => {
    const ran = Array.from({ length: 50 }, (_, i): [SyncRecord] => [record(i + 1, 'succeeded')]);
    const crowd = Array.from({ length: 120 }, (_, i): [SyncRecord] => [record(i + 51, status, more)]);
    const { history } = after(...ran, ...crowd);
    const isOfCrowd = ({ number }: SyncRecord): boolean => number > 50;
    expect(history.filter(isOfCrowd).map(({ number }) => number)).toEqual(
      Array.from({ length: kept }, (_, i) => 171 - kept + i),
    );
    expect(history.filter((r) => !isOfCrowd(r)).at(-1)?.number).toBe(50);
  });
});

describe('auto-sync that a failed rollback froze', () => {
  const failed = record(2, 'rollback_failed', { freezes: true, message: 'two of three' });
  const frozen = (...syncs: [SyncRecord, Partial<NumberedRequest>?][]): unknown =>
    statusOf(spec, after([record(1, 'succeeded')], [failed], ...syncs), undefined).frozen;
  const why = { sync: 2, reason: 'two of three' };
  it.each<[string, unknown, unknown]>([
    [
      'stays so, with its reason, after a run that wrote nothing',
      frozen([record(3, 'failed', { freezes: true })]),
      why,
    ],
    ['stays so after a dry run', frozen([record(3, 'succeeded'), { dryRun: true }]), why],
    ['stays so when a request was superseded', frozen([record(3, 'superseded')]), why],
    ['goes on after a sync', frozen([record(3, 'succeeded')]), undefined],
    ['goes on after a sync that wrote and failed', frozen([record(3, 'failed')]), undefined],
  ])('%s', (_title, seen, wanted) => expect(seen).toEqual(wanted));
});

describe('whether a request that waits may start', () => {
  const frozen = after([record(1, 'succeeded')], [record(2, 'rollback_failed', { freezes: true })]);
  const suspended = { ...initialState(), suspended: { who: 'ana', why: '', at: '' } };
  const auto = { trigger: 'auto' } as const;
  it.each<[string, ApplicationState, Partial<NumberedRequest> | undefined, boolean]>([
    ['nothing waits', initialState(), undefined, false],
    ['a sync', initialState(), {}, true],
    ['a commit', initialState(), auto, true],
    ['a sync while suspended', suspended, {}, false],
    ['a rollback while suspended', suspended, { operation: 'rollback' }, true],
    ['a deletion while suspended', suspended, { operation: 'delete' }, true],
    ['a commit after a rollback that failed', frozen, { ...auto, revision: 'r3' }, false],
    ['a commit of a further source after a rollback that failed', frozen, { ...auto, seen: { revision: 'f' } }, false],
    ['whatever the branches hold after a rollback that failed', frozen, auto, false],
    ["a person's sync after a rollback that failed", frozen, {}, true],
  ])('%s', (_title, state, waiting, may) =>
    expect(mayStart(waiting === undefined ? state : { ...state, waiting: request(3, waiting) })).toBe(may),
  );
});
