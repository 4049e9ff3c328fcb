import { describe, expect, it } from '@jest/globals';
import { describeShrink, shrinkOf } from '../../src/domain/shrink.js';

describe('a prune is held', () => {
  it.each([
    [2, 2, false],
    [3, 3, true],
    [3, 9, true],
    [3, 10, false],
    [4, 10, true],
    [30, 100, false],
    [31, 100, true],
    [0, 0, false],
  ])('of %i among %i objects: %s', (deleted, of, held) => {
    const counts = { created: 5, updated: 0, deleted, unchanged: of - deleted, conflicts: 0 };
    expect(shrinkOf(counts)).toEqual(held ? { deleted, of } : undefined);
  });

  it('with both numbers', () =>
    expect(describeShrink({ deleted: 4, of: 10 })).toMatch(/^4 of 10 objects are no longer in the repository/));
});
