import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldersBeside, inRepository, isWithin, outermost, renderTypeOf } from '../../src/domain/render-options.js';

describe('what a path is', () => {
  it.each([
    [['kustomization.yaml', 'a.yaml'], 'kustomize'],
    [['kustomization.yml'], 'kustomize'],
    [['Kustomization'], 'kustomize'],
    [['Chart.yaml', 'values.yaml'], 'helm'],
    [['a.yaml'], 'plain'],
    [[], 'plain'],
  ])('%j is %s', (names, type) => expect(renderTypeOf(names, undefined, 'app')).toBe(type));

  it('is what the declaration says', () =>
    expect(renderTypeOf(['Chart.yaml', 'kustomization.yaml'], 'plain', 'app')).toBe('plain'));
});

describe('a path inside a repository', () => {
  it.each([
    ['app', '../base', 'base'],
    ['overlays/prod', '../../base/', 'base'],
    ['.', 'base', 'base'],
    ['.', '.', '.'],
    ['app', '..', '.'],
    ['app', './a//b', 'app/a/b'],
    ['app', '../..', undefined],
    ['.', '..', undefined],
    ['app', '/etc', undefined],
    ['app', '../app/../..', undefined],
  ])('%s and %s are %s', (path, relative, expected) => expect(inRepository(path, relative)).toBe(expected));

  const part = fc.constantFrom('a', 'b', '..', '.', '');
  it('never leads out', () =>
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (path, relative) => {
        const start = path.filter((p) => p !== '..' && p !== '.' && p !== '').join('/') || '.';
        const found = inRepository(start, relative.filter((p, i) => i > 0 || p !== '').join('/'));
        expect(found ?? '.').not.toMatch(/(^|\/)\.\.(\/|$)|^\//);
      }),
    ));
});

describe('folders', () => {
  it('of values files outside the path are needed, too', () =>
    expect(
      foldersBeside('charts/web', { helm: { valuesFiles: ['values.yaml', '../../env/prod.yaml', '../x.yaml'] } }),
    ).toEqual(['charts', 'env']));

  it('that others hold are left out, and all are still held', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom('.', 'a', 'a/b', 'a/b/c', 'ab', 'b', 'b/a'), { minLength: 1 }), (all) => {
        const kept = outermost(all);
        for (const folder of all) expect(kept.filter((other) => isWithin(folder, other))).toHaveLength(1);
      }),
    ));
});
