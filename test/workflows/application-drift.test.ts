import { describe, expect, it } from '@jest/globals';
import type { ApplicationSpec } from '../../src/domain/application.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { healPause, healRequest, withDrift, withoutDrift } from '../../src/workflows/application-drift.js';
import { afterSync, initialState, lastAsked, statusOf, unrunRecord } from '../../src/workflows/application-state.js';
import type { ApplicationState, DriftObserved, NumberedRequest } from '../../src/workflows/messages.js';

const destination = { cluster: 'default', namespace: 'shop' };
const spec = { id: 'workflow-1', name: 'shop', selfHeal: true, destination } as unknown as ApplicationSpec;
const at = '2026-01-01T12:00:00.000Z';
const now = Date.parse(at);

const request = (number: number, more: Partial<NumberedRequest> = {}): NumberedRequest => ({
  number,
  requestedAt: at,
  ...more,
});

function record(number: number, status: SyncRecord['status'], more: Partial<SyncRecord> = {}): SyncRecord {
  const base = unrunRecord('workflow-1', request(number), status, 'message', at);
  const metrics = { ...base.metrics, applied: 1 };
  return { ...base, metrics, revision: `r${number}`, manifests: `m${number}`, health: 'Healthy', ...more };
}

const synced = afterSync(initialState(), request(1), record(1, 'succeeded'), destination);
const line = 'ConfigMap shop/web: .data.greeting (kubectl-edit)';
const drift: DriftObserved = { confirmed: 1, at, count: 1, objects: ['ConfigMap shop/web'], fields: [line] };
const drifted = withDrift(synced, drift);

function healed(state: ApplicationState, status: SyncRecord['status'], more: Partial<SyncRecord> = {}) {
  const number = state.history.length + 1;
  const heal = { trigger: 'drift', revision: 'r1', manifests: 'm1', ...more } as const;
  return afterSync(state, request(number, { operation: 'heal' }), record(number, status, heal), destination);
}

describe('news of drift', () => {
  it('is in the status, which stays synced', () => {
    expect(statusOf(spec, drifted, undefined)).toMatchObject({
      status: 'synced',
      drift: { since: at, seen: at, count: 1, fields: [line] },
    });
  });

  it('is no news a second time', () => expect(withDrift(drifted, { ...drift, at: 'later' })).toBe(drifted));

  it('keeps the time since when things drift', () => {
    const worse = withDrift(drifted, { ...drift, count: 2, at: '2026-01-01T13:00:00.000Z' });
    expect(worse.drift).toMatchObject({ since: at, seen: '2026-01-01T13:00:00.000Z', count: 2 });
  });

  it('of a set that is no longer the accepted one is not heard', () => {
    const next = afterSync(drifted, request(2), record(2, 'succeeded'), destination);
    expect(next.drift).toBeUndefined();
    expect(withDrift(next, drift)).toBe(next);
    expect(withoutDrift(drifted, { confirmed: 9 })).toBe(drifted);
  });

  it('is over when a sweep says so', () => expect(withoutDrift(drifted, drift).drift).toBeUndefined());
});

describe('drift is corrected', () => {
  it.each<[title: string, spec: ApplicationSpec, state: ApplicationState, pause: number | undefined]>([
    ['at once when self_heal is on', spec, drifted, 0],
    ['never when it is off', { ...spec, selfHeal: false }, drifted, undefined],
    ['not when there is none', spec, synced, undefined],
    ['not while suspended', spec, { ...drifted, suspended: { who: 'ana', why: '', at } }, undefined],
    ['not while something else waits', spec, { ...drifted, waiting: request(2) }, undefined],
    ['not while auto-sync of all is stopped', spec, withDrift(synced, { ...drift, stoppedForAll: true }), undefined],
    ['not once its auto-sync was turned off', spec, { ...drifted, correctionsOff: true }, undefined],
    ['after a pause the second time', spec, withDrift(healed(drifted, 'succeeded'), { ...drift, confirmed: 2 }), 2000],
    ['after a pause when the first time failed', spec, healed(drifted, 'failed', { metrics: unwritten() }), 2000],
  ])('%s', (_title, s, state, pause) => expect(healPause(s, state, now)).toBe(pause));

  it('by a request that says what and why', () => {
    expect(healRequest(drifted.drift ?? { ...drift, since: at, seen: at })).toEqual({
      operation: 'heal',
      trigger: 'drift',
      who: 'self-heal',
      why: line,
    });
  });
});

function unwritten(): SyncRecord['metrics'] {
  return { ...record(1, 'failed').metrics, applied: 0 };
}

describe('a correction', () => {
  const rolledBack = afterSync(synced, request(2), record(2, 'rolled_back', { restored: 'sync-1' }), destination);

  it('is no set to return to, lifts no rejection and decides no status', () => {
    const state = healed(withDrift(rolledBack, { ...drift, confirmed: 2 }), 'succeeded');
    expect(state.healthySets.map((s) => s.sync)).toEqual([1]);
    expect(state.rejected).toMatchObject({ revision: 'r2' });
    expect(statusOf(spec, state, undefined)).toMatchObject({ status: 'failed', revision: 'r1' });
    expect(lastAsked(state)?.number).toBe(2);
    expect(state.drift).toBeUndefined();
  });

  it('that failed is told, until one succeeds', () => {
    const failed = healed(drifted, 'failed');
    expect(statusOf(spec, failed, undefined).status).toBe('failed');
    expect(statusOf(spec, healed(failed, 'succeeded'), undefined).status).toBe('synced');
  });

  it('does not push out of the history what people did, however often it happens', () => {
    let state = drifted;
    for (let i = 0; i < 80; i++) state = healed(state, 'succeeded');
    expect(state.history.map((r) => r.number)[0]).toBe(1);
    expect(state.history).toHaveLength(11);
  });

  it('that is undone six times names the field and who sets it', () => {
    let state = drifted;
    for (let i = 0; i < 6; i++) {
      expect(statusOf(spec, state, undefined).drift?.fight).toBeUndefined();
      const after = healed(state, 'succeeded');
      state = withDrift(after, { ...drift, confirmed: after.accepted?.confirmed ?? 0 });
    }
    expect(statusOf(spec, state, undefined)).toMatchObject({
      drift: { fight: line, next: '2026-01-01T12:05:00.000Z' },
      corrections: { count: 6 },
    });
    const next = afterSync(state, request(99), record(99, 'succeeded'), destination);
    expect([next.drift, next.corrections]).toEqual([undefined, undefined]);
  });
});
