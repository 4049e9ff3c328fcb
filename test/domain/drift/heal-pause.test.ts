import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { corrected, foughtOver, healPauseMs, inARow, remainingPauseMs } from '../../../src/domain/drift/heal-pause.js';

const now = Date.parse('2026-01-01T12:00:00Z');
const minutes = 60_000;
const after = (count: number, agoMs = 0, objects: string[] = ['ConfigMap shop/web']) => ({
  count,
  at: new Date(now - agoMs).toISOString(),
  objects,
});

describe('the pause before drift is corrected', () => {
  it.each([
    [0, 0],
    [1, 2000],
    [2, 6000],
    [3, 18_000],
    [4, 54_000],
    [5, 162_000],
    [6, 300_000],
    [20, 300_000],
  ])('after %i corrections in a row is %i ms', (count, ms) => expect(healPauseMs(count)).toBe(ms));

  it.each<[title: string, corrections: Parameters<typeof remainingPauseMs>[0], ms: number]>([
    ['none before the first', undefined, 0],
    ['whole right after a correction', after(2), 6000],
    ['what is left of it', after(2, 5000), 1000],
    ['none once it has passed', after(2, 7000), 0],
    ['none after ten quiet minutes, whatever came before', after(9, 10 * minutes + 1), 0],
  ])('is %s', (_title, corrections, ms) => expect(remainingPauseMs(corrections, now)).toBe(ms));

  it('never shrinks while the fight goes on', () => {
    fc.assert(fc.property(fc.nat(200), (n) => expect(healPauseMs(n + 1)).toBeGreaterThanOrEqual(healPauseMs(n))));
  });
});

describe('corrections in a row', () => {
  it('are counted, and start anew after ten quiet minutes', () => {
    expect(corrected(undefined, now, ['a'])).toEqual({ count: 1, at: '2026-01-01T12:00:00.000Z', objects: ['a'] });
    expect(corrected(after(3, 9 * minutes), now, ['a']).count).toBe(4);
    expect(corrected(after(3, 11 * minutes), now, ['a']).count).toBe(1);
  });

  it('outlast the longest pause and the sweep that follows it', () => {
    expect(inARow(after(9, 5 * minutes + 3 * minutes), now)).toBe(9);
  });

  it.each<[title: string, corrections: Parameters<typeof foughtOver>[0], fought: string[]]>([
    ['are no fight after five', after(5), []],
    ['are a fight after six', after(6), ['ConfigMap shop/web']],
    ['are no fight over another object', after(6, 0, ['ConfigMap shop/other']), []],
    ['are forgotten after ten quiet minutes', after(6, 11 * minutes), []],
  ])('%s', (_title, corrections, fought) =>
    expect(foughtOver(corrections, now, ['ConfigMap shop/web'])).toEqual(fought),
  );
});
