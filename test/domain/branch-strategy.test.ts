import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { branchesLike, chooseRef, feedOf, isFeed, type BranchStrategy } from '../../src/domain/branch-strategy.js';

/** `main`, `tag:v1`: each stands on a commit of its own name. */
const refs = (...names: string[]) =>
  Object.fromEntries(
    names.map((name) => [
      name.startsWith('tag:') ? `refs/tags/${name.slice(4)}` : `refs/heads/${name}`,
      `commit of ${name}`,
    ]),
  );
const chosen = (feed: string, names: string[]) => chooseRef(feed, refs(...names))?.commit.replace('commit of ', '');

describe('what feeds an environment', () => {
  const table = { production: 'tag:v*', staging: ['release/*', 'main'], qa: 'develop' } as const;

  it.each<[BranchStrategy, environment: string | undefined, trunk: string, feed: string]>([
    ['github-flow', 'production', 'main', 'main'],
    ['github-flow', undefined, 'trunk', 'trunk'],
    ['gitflow', 'development', 'main', 'develop'],
    ['gitflow', 'Dev', 'main', 'develop'],
    ['gitflow', 'staging', 'main', 'hotfix/* release/* main'],
    ['gitflow', 'production', 'main', 'tag:v* main'],
    ['gitflow', 'prod', 'master', 'tag:v* master'],
    [table, 'production', 'main', 'tag:v*'],
    [table, 'staging', 'main', 'release/* main'],
    [table, 'qa', 'main', 'develop'],
  ])('%j, %s, trunk %s: %s', (strategy, environment, trunk, feed) =>
    expect(feedOf(strategy, environment, trunk)).toBe(feed),
  );

  it.each<[title: string, BranchStrategy, environment: string | undefined, message: RegExp]>([
    ['gitflow without an environment', 'gitflow', undefined, /needs to know the environment/],
    ['gitflow of an environment it does not know', 'gitflow', 'moon', /gitflow does not say what feeds.*moon/],
    ['gitflow of a name every object has', 'gitflow', 'constructor', /does not say/],
    ['a table without the environment', table, 'moon', /does not say what feeds.*moon/],
    ['a table with an empty list', { dev: [] }, 'dev', /is no branch or tag pattern/],
    ['two stars', { dev: 'a/*/b*' }, 'dev', /'a\/\*\/b\*' is no branch/],
    ['an option', { dev: '--upload-pack=x' }, 'dev', /is no branch/],
    ['a space', { dev: 'a b' }, 'dev', /is no branch/],
    ['a way out', { dev: 'a..b' }, 'dev', /is no branch/],
  ])('%s is refused', (_title, strategy, environment, message) =>
    expect(() => feedOf(strategy, environment, 'main')).toThrow(message),
  );
});

describe('which ref a feed chooses', () => {
  it.each<[feed: string, names: string[], ref: string | undefined]>([
    ['main', ['main', 'develop'], 'main'],
    ['main', ['develop'], undefined],
    ['release/*', ['main', 'release/1.9', 'release/1.10'], 'release/1.10'],
    ['release/*', ['release/1.9', 'release/1.9.1'], 'release/1.9.1'],
    ['release/*', ['release/summer', 'release/1.0'], 'release/1.0'],
    ['release/*', ['release/autumn', 'release/summer'], 'release/summer'],
    ['release/*', ['release/', 'main'], undefined],
    ['hotfix/* release/* main', ['main', 'release/2.0', 'hotfix/1.9.1'], 'hotfix/1.9.1'],
    ['hotfix/* release/* main', ['main', 'release/2.0'], 'release/2.0'],
    ['hotfix/* release/* main', ['main'], 'main'],
    ['tag:v* main', ['main', 'tag:v1.2.0', 'tag:v1.10.0'], 'tag:v1.10.0'],
    ['tag:v* main', ['main', 'tag:v1.2.0', 'tag:v1.3.0-rc.1'], 'tag:v1.2.0'],
    ['tag:v* main', ['main', 'tag:vendor', 'tag:v1.3.0-rc.1'], 'main'],
    ['tag:v* main', ['main', 'v9'], 'main'],
    ['tag:v2.0.0-*', ['tag:v2.0.0-1', 'tag:v2.0.0'], 'tag:v2.0.0-1'],
    ['tag:shop-v*', ['tag:shop-v1.0.0', 'tag:shop-v1.0.1', 'tag:cart-v9.0.0'], 'tag:shop-v1.0.1'],
    ['tag:v1.0.0', ['tag:v1.0.0', 'tag:v2.0.0'], 'tag:v1.0.0'],
    ['team/*/live', ['team/a/live', 'team/b/live', 'team/b'], 'team/b/live'],
  ])('%s of %j: %s', (feed, names, ref) => expect(chosen(feed, names)).toBe(ref));

  it('follows the order of semver.org', () => {
    const order = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ];
    for (let i = 1; i < order.length; i++)
      expect(chosen('release/*', [`release/${order[i - 1]}`, `release/${order[i]}`])).toBe(`release/${order[i]}`);
  });

  it('does not depend on the order in which the remote lists them', () => {
    const names = ['main', 'release/1.2', 'release/1.10', 'hotfix/1.1.1', 'tag:v1.0.0', 'tag:v1.1.0', 'release/odd'];
    const feeds = ['hotfix/* release/* main', 'tag:v* main', 'release/*'];
    fc.assert(
      fc.property(fc.shuffledSubarray(names), fc.constantFrom(...feeds), (some, feed) => {
        expect(chosen(feed, some)).toBe(chosen(feed, [...some].sort()));
      }),
    );
  });

  it('lists the branches of a pattern, and no tags', () =>
    expect(branchesLike('feature/*', refs('main', 'feature/b', 'feature/a', 'tag:feature/c'))).toEqual([
      'feature/a',
      'feature/b',
    ]));

  it.each([
    ['main', false],
    ['feature/a-b.c', false],
    ['release/*', true],
    ['tag:v1', true],
    ['a b', true],
  ])('%s is a feed: %s', (branch, feed) => expect(isFeed(branch)).toBe(feed));
});
