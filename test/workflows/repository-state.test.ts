import { describe, expect, it } from '@jest/globals';
import type { RepositoryState, Subscriber } from '../../src/workflows/messages.js';
import {
  afterFailedLook,
  afterLook,
  concernedBy,
  emptyRepository,
  followedBranches,
  mustBeToldNow,
  retryPauseMs,
  subscribed,
  unsubscribed,
} from '../../src/workflows/repository-state.js';

const follower = (app: string, path: string, more: Partial<Subscriber> = {}): Subscriber => ({
  app,
  branch: 'main',
  path,
  intervalMs: 1000,
  ...more,
});
const state = (...subscribers: Subscriber[]): RepositoryState => subscribers.reduce(subscribed, emptyRepository);
const seen = (trees: Record<string, string>, commit = 'c1') => ({ main: { commit, trees } });
const told = (known: RepositoryState, trees: Record<string, string>): string[] =>
  concernedBy(known, 'main', { commit: 'c2', trees }).map(({ app }) => app);

describe('who hears of a commit', () => {
  const known = afterLook(state(follower('web', 'web'), follower('api', 'api')), seen({ web: 'w1', api: 'a1' }));

  it('is who follows a path that changed', () => expect(told(known, { web: 'w1', api: 'a2' })).toEqual(['api']));
  it('is nobody when no path changed', () => expect(told(known, { web: 'w1', api: 'a1' })).toEqual([]));
  it('hears of a folder it builds on', () => {
    const more = afterLook(
      subscribed(known, follower('shop', 'shop', { also: ['base'] })),
      seen({ shop: 's1', base: 'b1' }),
    );
    expect(told(more, { web: 'w1', api: 'a1', shop: 's1', base: 'b2' })).toEqual(['shop']);
  });
  it('comes after what it depends on, whoever followed first', () => {
    const both = state(follower('web', 'web', { after: ['api'] }), follower('api', 'api'));
    expect(told(both, { web: 'w1', api: 'a1' })).toEqual(['api', 'web']);
  });
  it('is not who no longer follows', () => {
    expect(told(unsubscribed(known, 'api'), { web: 'w2', api: 'a2' })).toEqual(['web']);
  });
});

describe('a new follower', () => {
  const known = afterLook(state(follower('web', 'web')), seen({ web: 'w1' }));
  const cases: [title: string, subscriber: Subscriber, now: boolean][] = [
    ['of a branch that was seen is told at once', follower('api', 'api', { news: true }), true],
    ['whose first sync is on the way is not', follower('api', 'api'), false],
    [
      'of a branch nobody has seen hears with the next look',
      follower('api', 'api', { news: true, branch: 'next' }),
      false,
    ],
    ['that is none is not', follower('web', 'web', { news: true }), false],
    ['of another path of its own is', follower('web', 'elsewhere', { news: true }), true],
  ];
  it.each(cases)('%s', (_title, subscriber, now) => expect(mustBeToldNow(known, subscriber)).toBe(now));
});

describe('a look', () => {
  it('asks for every path of every branch once', () => {
    const known = afterLook(
      state(follower('a', 'x'), follower('b', 'x'), follower('c', 'y')),
      seen({ x: '1', y: '1' }),
    );
    expect(followedBranches(known)).toEqual({ main: { head: 'c1', paths: ['x', 'y'] } });
  });

  it('that failed is followed by another after a pause that grows', () => {
    const failed = (times: number): RepositoryState =>
      Array.from({ length: times }).reduce<RepositoryState>(
        (s) => afterFailedLook(s, 'webhook', 'down'),
        emptyRepository,
      );
    expect([0, 1, 2, 3, 9].map((times) => retryPauseMs(failed(times)))).toEqual([
      undefined,
      2000,
      6000,
      18_000,
      300_000,
    ]);
    expect(retryPauseMs(afterLook(failed(3), {}))).toBeUndefined();
  });
});
