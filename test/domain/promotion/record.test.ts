import { describe, expect, it } from '@jest/globals';
import { checkAnswer, type OpenApproval } from '../../../src/domain/promotion/approval.js';
import {
  changed,
  statusAfterUndo,
  toUndo,
  type StageRecord,
  type StageStatus,
} from '../../../src/domain/promotion/record.js';
import type { SyncRecord, SyncStatus } from '../../../src/domain/sync-record.js';

const ended = (status: SyncStatus, applied: number) => ({ status, metrics: { applied, deleted: 0 } }) as SyncRecord;
const stage = (status: StageStatus, moved = false): StageRecord => ({
  app: 'a',
  status,
  message: '',
  ...(moved ? { changed: true } : {}),
});

describe('a sync has changed its environment', () => {
  it.each<[SyncStatus, number, boolean]>([
    ['succeeded', 4, true],
    ['succeeded', 0, true], // it stands on another commit now
    ['failed', 0, false],
    ['failed', 2, true],
    ['cancelled', 0, false],
    ['cancelled', 1, true],
    ['interrupted', 0, true], // nobody knows
    ['rolled_back', 4, false],
    ['rollback_failed', 4, true],
    ['superseded', 0, false],
    ['prune_waiting', 1, true],
  ])('%s after %d writes: %s', (status, applied, is) => expect(changed(ended(status, applied))).toBe(is));
});

describe('what is brought back', () => {
  it('is what the promotion changed, the last one first', () =>
    expect(toUndo([stage('passed'), stage('passed', true), stage('passed'), stage('failed', true)])).toEqual([3, 1]));

  it.each<[title: string, stages: StageRecord[], undone: number[], status: string]>([
    ['nothing was to be brought back', [stage('passed'), stage('failed')], [], 'failed'],
    ['all of it is back', [stage('passed'), stage('rolled back'), stage('rolled back')], [2, 1], 'rolled_back'],
    [
      'one could not be brought back',
      [stage('passed'), stage('rolled back'), stage('rollback failed')],
      [2, 1],
      'rollback_failed',
    ],
  ])('%s', (_title, stages, undone, status) => expect(statusAfterUndo(stages, undone)).toBe(status));
});

describe('an answer', () => {
  const open: OpenApproval = {
    app: 'production',
    revision: 'abcdef0123',
    requestedBy: 'ana',
    rule: { twoPerson: true },
  };

  it.each([
    ['another person approves', { approve: true, by: 'ben' }],
    ['another person approves this commit', { approve: true, by: 'ben', revision: 'ABCDEF' }],
    ['the one who asked takes it back', { approve: false, by: 'ana' }],
  ])('%s', (_title, answer) => expect(() => checkAnswer(open, answer)).not.toThrow());

  it.each([
    ['nobody asked', undefined, { approve: true, by: 'ben' }, /no environment of this promotion waits/],
    ['the one who asked approves', open, { approve: true, by: 'ana' }, /somebody else has to approve/],
    [
      'another commit is approved',
      open,
      { approve: true, by: 'ben', revision: '999999' },
      /waits for abcdef01, not for 999999/,
    ],
  ])('is refused when %s', (_title, asked, answer, message) =>
    expect(() => checkAnswer(asked, answer)).toThrow(message),
  );
});
