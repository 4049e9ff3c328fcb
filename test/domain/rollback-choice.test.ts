import { describe, expect, it } from '@jest/globals';
import {
  choiceFrom,
  chooseRollback,
  type RollbackChoice,
  type RollbackTarget,
} from '../../src/domain/rollback-choice.js';

const set = (sync: number, revision: string, finishedAt: string) => ({
  sync,
  revision,
  manifests: `m${sync}`,
  finishedAt,
});

const sets = [
  set(1, 'aaaa1111', '2026-01-01T10:00:00.000Z'),
  set(2, 'bbbb2222', '2026-01-02T10:00:00.000Z'),
  set(4, 'cccc3333', '2026-01-03T10:00:00.000Z'),
  set(5, 'cccc3333', '2026-01-04T10:00:00.000Z'),
];

describe('which set a rollback returns to', () => {
  const cases: [title: string, choice: RollbackChoice, live: string | undefined, sync: number][] = [
    ['by default the last healthy one of another revision', { to: 'previous' }, 'cccc3333', 2],
    ['the last healthy one when the live revision never was', { to: 'previous' }, 'dddd4444', 5],
    ['the last healthy one when nothing is known of the live set', { to: 'previous' }, undefined, 5],
    ['a commit by its short hash, newest first', { to: 'commit', commit: 'CCCC' }, 'dddd4444', 5],
    ['the last one finished by a time', { to: 'timestamp', timestamp: '2026-01-03T12:00:00Z' }, 'dddd4444', 4],
    ['a sync by its id', { to: 'sync', sync: 'sync-1' }, 'dddd4444', 1],
    ['a sync by its number', { to: 'sync', sync: '4' }, 'dddd4444', 4],
  ];
  it.each(cases)('%s', (_title, choice, revision, sync) => {
    expect(chooseRollback(choice, sets, revision === undefined ? {} : { revision }).sync).toBe(sync);
  });

  const refusals: [RollbackChoice, RegExp][] = [
    [{ to: 'commit', commit: 'ffff' }, /of commit ffff exists/],
    [{ to: 'timestamp', timestamp: '2025-01-01T00:00:00Z' }, /finished at or before 2025/],
    [{ to: 'sync', sync: 'sync-3' }, /is called sync-3/],
  ];
  it.each(refusals)('refuses %j and lists the healthy ones', (choice, message) => {
    expect(() => chooseRollback(choice, sets, {})).toThrow(message);
    expect(() => chooseRollback(choice, [], {})).toThrow(
      expect.objectContaining({ code: 'NothingToRollBackTo', hint: expect.stringContaining('no healthy sync') }),
    );
  });
});

describe('the target of rollback_workflow', () => {
  const cases: [RollbackTarget, RollbackChoice][] = [
    [{}, { to: 'previous' }],
    [{ to: 'previous' }, { to: 'previous' }],
    [{ commit: 'aaaa' }, { to: 'commit', commit: 'aaaa' }],
    [
      { to: 'commit', commit: 'aaaa' },
      { to: 'commit', commit: 'aaaa' },
    ],
    [{ timestamp: '2026-01-01T00:00:00Z' }, { to: 'timestamp', timestamp: '2026-01-01T00:00:00Z' }],
    [
      { to: 'sync', sync_id: 'sync-3' },
      { to: 'sync', sync: 'sync-3' },
    ],
  ];
  it.each(cases)('%j', (target, choice) => expect(choiceFrom(target)).toEqual(choice));

  const refusals: [target: object, message: RegExp][] = [
    [{ to: 'commit' }, /target.to = "commit" comes without its value/],
    [{ to: 'sync', commit: 'aaaa' }, /target.to = "sync" comes without its value/],
    [{ comit: 'aaaa' }, /target.comit is unknown/],
  ];
  it.each(refusals)('never takes %j for "the previous one"', (target, message) => {
    expect(() => choiceFrom(target)).toThrow(message);
  });
});
