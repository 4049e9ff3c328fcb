import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ApplicationSpec } from '../../src/domain/application.js';
import { checkIdentity } from '../../src/domain/identity-check.js';
import { isPicked, resourceFilter, resourcePick, resourceText } from '../../src/domain/resource-selection.js';
import { isNewer } from '../../src/domain/resource-version.js';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };

describe('objects picked by hand', () => {
  it.each([
    [undefined, web, true],
    [[], web, false],
    [['apps:Deployment:web'], web, true],
    [['apps:Deployment:shop/web'], web, true],
    [['apps:Deployment:other/web'], web, false],
    [['apps:Deployment:we'], web, false],
    [[':Deployment:web'], web, false],
    [[':Service:web', 'apps:Deployment:web'], web, true],
    [[':Service:web'], { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' }, true],
    [
      ['rbac.authorization.k8s.io:ClusterRole:system:node'],
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'system:node' },
      true,
    ],
  ])('%j of %j: %s', (resources, reference, picked) => expect(resourceFilter(resources)(reference)).toBe(picked));

  it.each(['web', 'Deployment:web', 'apps:Deployment:', 'apps::web', 'apps:Deployment:a/b/c', ''])(
    '%j names none, and the message says how to write it',
    (text) =>
      expect(() => resourceFilter([text])).toThrow(
        expect.objectContaining({ code: 'InvalidInput', hint: expect.stringContaining('apps:Deployment:web') }),
      ),
  );
});

describe('one object named by hand', () => {
  it.each([
    ['Deployment:web', true],
    ['Deployment:shop/web', true],
    ['apps:Deployment:shop/web', true],
    [':Deployment:web', false],
    ['batch:Deployment:web', false],
    ['Deployment:other/web', false],
    ['StatefulSet:web', false],
  ])('%s: %s', (text, picked) => expect(isPicked(resourcePick(text), web)).toBe(picked));

  it.each(['web', 'Deployment:', 'a/b', ''])('%j names none', (text) =>
    expect(() => resourcePick(text)).toThrow(expect.objectContaining({ code: 'InvalidInput' })),
  );

  it.each([web, { apiVersion: 'v1', kind: 'Namespace', name: 'shop' }])('is named as it is printed: %j', (reference) =>
    expect(isPicked(resourcePick(resourceText(reference)), reference)).toBe(true),
  );
});

describe('resource versions', () => {
  it('are compared as the large numbers they are', () => {
    const version = fc.bigInt({ min: 1n, max: 2n ** 80n });
    fc.assert(fc.property(version, version, (a, b) => expect(isNewer(String(a), String(b))).toBe(a > b)));
  });
  it.each([
    [undefined, undefined, false],
    [undefined, '5', false],
    ['5', undefined, true],
    ['10', '9', true],
    ['9', '9', false],
  ])('%p is newer than %p: %s', (version, than, newer) => expect(isNewer(version, than)).toBe(newer));
});

describe('a name that is declared again', () => {
  const spec = (url: string, more: { path?: string; namespace?: string; branch?: string } = {}): ApplicationSpec =>
    ({
      id: 'workflow-1',
      name: 'shop',
      project: 'default',
      source: { repositoryId: 'r', url, branch: more.branch ?? 'main', path: more.path ?? '.' },
      destination: { cluster: 'default', ...(more.namespace === undefined ? {} : { namespace: more.namespace }) },
    }) as ApplicationSpec;

  it('may change its branch', () =>
    expect(checkIdentity(spec('https://h/a'), spec('https://h/a', { branch: 'v2' }))).toBeUndefined());
  it.each([
    [spec('https://h/b'), 'repository is https://h/a, now https://h/b'],
    [spec('https://h/a', { path: 'apps' }), 'path is ., now apps'],
    [spec('https://h/a', { namespace: 'shop' }), 'namespace is (none), now shop'],
    [spec('https://h/b', { path: 'apps' }), 'repository is https://h/a, now https://h/b; path is ., now apps'],
  ])('but not where it points: %#', (again, shown) =>
    expect(checkIdentity(spec('https://h/a'), again)).toBe(
      `shop (workflow-1) is already declared and points elsewhere: ${shown}`,
    ),
  );
});
