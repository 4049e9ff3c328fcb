import { describe, expect, it } from '@jest/globals';
import { chooseSet, isThere, refuseTarget } from '../../../src/domain/promotion/choice.js';
import type { Carry, StageFacts } from '../../../src/domain/promotion/promotion.js';

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
const set = (sync: number, revision: string) => ({ sync, revision, manifests: `sha256:${sync}` }) as never;

function facts(change: Partial<StageFacts> = {}): StageFacts {
  const target = { app: 'workflow-1', appName: 'dev', destination: { cluster: 'default', namespace: 'dev' } };
  return {
    id: 'workflow-1',
    name: 'dev',
    repository: 'https://git.example/shop',
    autoSync: false,
    status: 'synced',
    revision: b,
    healthy: [set(1, a), set(2, b)],
    target: { ...target, conflictResolution: 'fail' },
    retry: { limit: 0, strategy: 'fixed', initialMs: 1, factor: 1, maximumMs: 1 },
    ...change,
  };
}

describe('what is promoted', () => {
  it('is the set the source runs', () => expect(chooseSet(facts())).toMatchObject({ sync: 2, revision: b }));

  it('is the newest healthy set of a commit that was asked for', () =>
    expect(chooseSet(facts({ healthy: [set(1, a), set(2, b), set(3, a)] }), 'AAAAAAAA')).toMatchObject({ sync: 3 }));

  it.each([
    [
      'a source whose last sync failed',
      facts({ status: 'failed', message: 'sync-3 failed: no image' }),
      undefined,
      /dev is failed.*no image/,
    ],
    ['a source that is syncing', facts({ status: 'syncing' }), undefined, /dev is syncing/],
    ['a degraded source', facts({ status: 'degraded' }), undefined, /dev is degraded/],
    ['a source that never synced', facts({ status: 'active', healthy: [] }), undefined, /dev is active/],
    ['a source whose live set was never healthy', facts({ healthy: [set(1, a)] }), undefined, /nothing to promote/],
    ['a commit the source never had', facts(), 'cccccccc', /never been healthy with cccccccc/],
  ])('is nothing of %s', (_title, source, revision, message) =>
    expect(() => chooseSet(source, revision)).toThrow(message),
  );
});

describe('a target', () => {
  const target = (change: Partial<StageFacts> = {}) => facts({ id: 'workflow-2', name: 'production', ...change });
  const refusal = (to: StageFacts, carry: Carry) => () => refuseTarget(facts(), to, carry);
  const other = 'https://git.example/k8s-prod';

  it.each<[title: string, to: StageFacts, carry: Carry]>([
    ['of the same repository', target(), 'commit'],
    ['of another repository, for the set', target({ repository: other }), 'set'],
    ['of several sources, for the set', target({ further: true }), 'set'],
  ])('%s is fine', (_title, to, carry) => expect(refusal(to, carry)).not.toThrow());

  it.each<[title: string, to: StageFacts, carry: Carry, message: RegExp]>([
    ['the source itself', facts(), 'commit', /cannot be promoted to itself/],
    ['one that syncs by itself', target({ autoSync: true }), 'commit', /next push would move it/],
    ['one that syncs by itself, for the set', target({ autoSync: true }), 'set', /next push would move it/],
    ['one of another repository', target({ repository: other }), 'commit', /does not hold the commits/],
    ['one of several sources', target({ further: true }), 'commit', /several sources/],
  ])('%s is refused', (_title, to, carry, message) => expect(refusal(to, carry)).toThrow(message));

  it.each([
    ['synced to the commit', { status: 'synced', revision: b }, true],
    ['failed on the commit', { status: 'failed', revision: b }, false],
    ['synced to another commit', { status: 'synced', revision: a }, false],
  ])('that is %s: there is nothing to do is %s', (_title, change, there) =>
    expect(isThere(target(change), set(2, b))).toBe(there),
  );
});
