import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ObjectReference } from '../../../src/domain/object.js';
import { allowedBy, globMatches } from '../../../src/domain/policy/glob.js';
import {
  defaultProject,
  projectOf,
  projectViolations,
  requirePlace,
  type Project,
} from '../../../src/domain/policy/project.js';

const open: Project = { name: 'shop', clusterKinds: {}, namespaceKinds: {}, policies: [] };
const role: ObjectReference = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  namespace: 'shop',
  name: 'r',
};
const clusterRole: ObjectReference = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'r' };
const secret: ObjectReference = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 's' };

function rules(project: Project, reference: ObjectReference): string[] {
  return projectViolations(project, { reference, cluster: 'prod', source: 'a.yaml:1' }).map(({ rule }) => rule);
}

describe('the default project', () => {
  it.each([
    ['development', clusterRole, []],
    ['development', role, []],
    ['production', clusterRole, ['cluster_kinds']],
    ['production', role, ['namespace_kinds']],
    ['production', secret, []],
  ] as const)('in %s says of %j: %j', (mode, reference, found) =>
    expect(rules(defaultProject(mode), reference)).toEqual(found),
  );
});

describe('a project', () => {
  it.each([
    ['lets pass what it does not speak of', {}, secret, []],
    ['denies kinds', { namespaceKinds: { deny: ['core/Secret'] } }, secret, ['namespace_kinds']],
    ['allows nothing but the kinds it names', { namespaceKinds: { allow: ['apps/*'] } }, secret, ['namespace_kinds']],
    ['denies before it allows', { namespaceKinds: { allow: ['*/*'], deny: ['Secret'] } }, secret, ['namespace_kinds']],
    ['allows namespaces', { destinations: [{ cluster: 'prod', namespace: 'shop' }] }, secret, []],
    ['denies other namespaces', { destinations: [{ cluster: '*', namespace: 'web-*' }] }, secret, ['destinations']],
    ['denies other clusters', { destinations: [{ cluster: 'test', namespace: '*' }] }, secret, ['destinations']],
    ['speaks of cluster-scoped kinds apart', { clusterKinds: { allow: [] } }, clusterRole, ['cluster_kinds']],
  ] as const)('%s', (_title, change, reference, found) =>
    expect(rules({ ...open, ...change }, reference)).toEqual(found),
  );

  it('that is not there is named with its nearest', () =>
    expect(() => projectOf({ policies: [], projects: new Map([['shop', open]]) }, 'shpo')).toThrow(
      expect.objectContaining({ code: 'UnknownProject', hint: "did you mean 'shop'?" }),
    ));

  it.each([
    ['a source it does not name', { sources: ['https://github.com/acme/*'] }, /does not allow the repository/],
    ['a source it takes away', { sources: ['**', '!https://git.example/**'] }, /does not allow the repository/],
    [
      'a destination it does not name',
      { destinations: [{ cluster: '*', namespace: 'web' }] },
      /does not allow namespace shop/,
    ],
  ])('refuses %s', (_title, change, message) =>
    expect(() =>
      requirePlace(
        { ...open, ...change },
        { repositories: ['https://git.example/a/b'], cluster: 'prod', namespace: 'shop' },
      ),
    ).toThrow(expect.objectContaining({ code: 'ProjectDenied', message: expect.stringMatching(message) })),
  );

  it('asks about every repository of an application', () =>
    expect(() =>
      requirePlace(
        { ...open, sources: ['https://git.example/**'] },
        { repositories: ['https://git.example/a/b', 'https://elsewhere.example/c'], cluster: 'prod' },
      ),
    ).toThrow(expect.objectContaining({ message: expect.stringContaining('https://elsewhere.example/c') })));

  it('takes sources with and without .git', () =>
    expect(() =>
      requirePlace(
        { ...open, sources: ['https://git.example/a/b.git'] },
        { repositories: ['https://git.example/a/b'], cluster: 'prod' },
      ),
    ).not.toThrow());
});

describe('patterns', () => {
  it.each([
    ['shop-*', 'shop-a', true],
    ['shop-*', 'shop', false],
    ['https://github.com/acme/*', 'https://github.com/acme/web', true],
    ['https://github.com/acme/*', 'https://github.com/acme/web/sub', false],
    ['https://github.com/**', 'https://github.com/acme/web', true],
    ['a?c', 'abc', true],
    ['', '', true],
    ['a.c', 'abc', false],
  ])('%s and %s: %s', (pattern, text, matches) => expect(globMatches(pattern, text)).toBe(matches));

  it('match as the regular expression that says the same', () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', '/', '*', '**', '?'), { maxLength: 8 }),
        fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 }),
        (pattern, letters) => {
          const steps = pattern.join('').match(/\*\*|[^]/g) ?? [];
          const parts = steps.map((p) => ({ '**': '[^]*', '*': '[^/]*', '?': '[^/]' })[p] ?? p);
          const text = letters.join('');
          return globMatches(pattern.join(''), text) === new RegExp(`^${parts.join('')}$`).test(text);
        },
      ),
      { numRuns: 1000 },
    ));

  it('are quick whatever they are', () => {
    const started = performance.now();
    expect(globMatches('*a'.repeat(60) + 'b', 'a'.repeat(250))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('with ! alone allow all the others', () => {
    expect(allowedBy(['!b'], 'a')).toBe(true);
    expect(allowedBy(['!b'], 'b')).toBe(false);
    expect(allowedBy([], 'a')).toBe(false);
  });
});
