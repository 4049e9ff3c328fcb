import { describe, expect, it } from '@jest/globals';
import { formatDuration, parseDuration } from '../../src/domain/duration.js';

describe('durations', () => {
  it.each([
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5s', 1500],
    ['90', 90_000],
    [2, 2000],
    [0.5, 500],
  ])('reads %p as %p ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', 'soon', '5 m', '5x', '-1s', -3, NaN, '5m!'])('refuses %p', (text) =>
    expect(() => parseDuration(text)).toThrow(/is not a duration/),
  );

  it.each([
    [400, '0.4s'],
    [45_200, '45.2s'],
    [192_000, '3m12s'],
    [7_500_000, '2h5m'],
  ])('writes %p ms as %p', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
