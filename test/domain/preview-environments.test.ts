import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ApplicationSpec } from '../../src/domain/application.js';
import { planPreviews, previewSpec } from '../../src/domain/preview-environments.js';

const rule = { branches: 'feature/*', namespace: 'shop-{branch}', limit: 2 };
const template = {
  id: 'workflow-1',
  name: 'shop',
  project: 'default',
  source: { url: 'https://git.example/shop', repositoryId: 'r', branch: 'main', path: '.' },
  destination: { cluster: 'eu', namespace: 'shop' },
  autoSync: false,
  prune: false,
  previews: rule,
} as unknown as ApplicationSpec;
const refs = (...names: string[]) => Object.fromEntries(names.map((name) => [`refs/heads/${name}`, name]));
const known = (...branches: string[]) => branches.map((branch) => ({ id: `id of ${branch}`, branch }));
const plan = (names: string[], there: string[]) => {
  const { create, remove, left } = planPreviews(rule, template, refs(...names), known(...there));
  return { create, remove: remove.map(({ branch }) => branch), left };
};

describe('which previews come and go', () => {
  it.each<[title: string, branches: string[], there: string[], plan: object]>([
    ['a branch appears', ['main', 'feature/a'], [], { create: ['feature/a'], remove: [], left: [] }],
    ['nothing changed', ['main', 'feature/a'], ['feature/a'], { create: [], remove: [], left: [] }],
    ['a branch is gone', ['main'], ['feature/a'], { create: [], remove: ['feature/a'], left: [] }],
    [
      'one goes, one comes',
      ['main', 'feature/b'],
      ['feature/a'],
      { create: ['feature/b'], remove: ['feature/a'], left: [] },
    ],
    [
      'there is no room for all',
      ['feature/a', 'feature/b', 'feature/c'],
      [],
      { create: ['feature/a', 'feature/b'], remove: [], left: ['feature/c'] },
    ],
    [
      'those that are there keep their place',
      ['feature/a', 'feature/y', 'feature/z'],
      ['feature/y', 'feature/z'],
      { create: [], remove: [], left: ['feature/a'] },
    ],
    [
      'the limit was lowered',
      ['feature/a', 'feature/b', 'feature/c'],
      ['feature/a', 'feature/b', 'feature/c'],
      { create: [], remove: ['feature/c'], left: ['feature/c'] },
    ],
    ['an empty answer is no answer', [], ['feature/a'], { create: [], remove: [], left: [] }],
  ])('%s', (_title, names, there, expected) => expect(plan(names, there)).toEqual(expected));

  it('the branch of the template is no preview', () =>
    expect(planPreviews({ ...rule, branches: '*' }, template, refs('main', 'x'), []).create).toEqual(['x']));
});

describe('the application of a branch', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const of = (branch: string) => previewSpec(template, rule, branch, sha256, '2026-01-31T12:00:00Z');

  it('is its template on the branch, in a namespace of its own, and cleans up after itself', () =>
    expect(of('feature/cart')).toMatchObject({
      id: expect.stringMatching(/^workflow-\d{15}$/),
      name: 'shop-cart',
      environment: 'preview',
      previewOf: 'workflow-1',
      source: { branch: 'feature/cart', url: template.source.url },
      destination: { cluster: 'eu', namespace: 'shop-cart' },
      autoSync: true,
      prune: true,
      createNamespace: true,
    }));

  it('is no template itself', () => expect(of('feature/cart')).not.toHaveProperty('previews'));

  it.each(['feature/Cart', 'feature/a/b', 'feature/ü', `feature/${'x'.repeat(200)}`, 'feature/-'])(
    '%s gets a namespace that Kubernetes accepts, and that no other branch has',
    (branch) => {
      const { namespace = '' } = of(branch).destination;
      expect(namespace).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      expect(namespace).not.toBe(of(`${branch}2`).destination.namespace);
    },
  );
});
