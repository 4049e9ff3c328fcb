import { describe, expect, it } from '@jest/globals';
import { isWorthAnotherTry, retryPauseMs, withoutMiddleTries } from '../../src/domain/auto-retry.js';
import type { SyncRecord, SyncStatus, SyncTrigger } from '../../src/domain/sync-record.js';

const record = (number: number, status: SyncStatus, trigger: SyncTrigger, revision = 'r1'): SyncRecord =>
  ({ number, status, trigger, revision }) as unknown as SyncRecord;

describe('the pause before another try', () => {
  it('grows to half an hour', () => {
    expect([1, 2, 3, 4, 5, 50].map(retryPauseMs)).toEqual([30_000, 90_000, 270_000, 810_000, 1_800_000, 1_800_000]);
  });
});

describe('another try', () => {
  const cases: [title: string, record: Partial<SyncRecord>, worth: boolean][] = [
    ['follows a commit that failed', { trigger: 'auto', status: 'failed' }, true],
    ['follows a first sync that failed', { trigger: 'created', status: 'failed' }, true],
    ['follows a webhook’s sync that was ended from outside', { trigger: 'webhook', status: 'interrupted' }, true],
    ['does not follow what a person asked for', { trigger: 'manual', status: 'failed' }, false],
    ['does not follow what was rolled back', { trigger: 'auto', status: 'rolled_back' }, false],
    ['does not follow what somebody cancelled', { trigger: 'auto', status: 'cancelled' }, false],
    ['does not follow a no', { trigger: 'auto', status: 'failed', errorCode: 'ApprovalRejected' }, false],
    ['does not follow success', { trigger: 'auto', status: 'succeeded' }, false],
  ];
  it.each(cases)('%s', (_title, one, worth) => expect(isWorthAnotherTry(one as SyncRecord)).toBe(worth));
});

describe('a history of many tries', () => {
  const tries = Array.from({ length: 30 }, (_, i) => record(i + 2, 'failed', 'auto'));

  it('keeps the first and the last five of one commit, and everything else', () => {
    const history = [record(1, 'succeeded', 'manual', 'r0'), ...tries];
    expect(withoutMiddleTries(history).map((r) => r.number)).toEqual([1, 2, 27, 28, 29, 30, 31]);
  });

  it('counts the tries of another commit for themselves', () => {
    const history = [...tries.slice(0, 6), record(40, 'failed', 'auto', 'r2')];
    expect(withoutMiddleTries(history)).toEqual(history);
  });

  it('is left alone by what a person did', () => {
    const history = [...tries, record(40, 'failed', 'manual')];
    expect(withoutMiddleTries(history)).toEqual(history);
  });
});
