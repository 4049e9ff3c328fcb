import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, nearest } from '../../src/domain/nearest.js';

describe('the nearest word for a typo', () => {
  it.each([
    ['auto_snyc', 'auto_sync'],
    ['branhc', 'branch'],
    ['Repo', 'repo'],
    ['rollback_on_failur', 'rollback_on_failure'],
  ])('%p is meant to be %p', (typo, word) =>
    expect(nearest(typo, ['repo', 'branch', 'auto_sync', 'rollback_on_failure'])).toBe(word),
  );

  it('suggests nothing for a word that is like none', () =>
    expect(nearest('kubernetes', ['repo', 'branch'])).toBeUndefined());

  it('distance is symmetric and zero only for equal words', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
