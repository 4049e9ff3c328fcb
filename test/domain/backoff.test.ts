import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BackoffStrategy, RetryPolicy } from '../../src/domain/application.js';
import { backoffMs } from '../../src/domain/backoff.js';

const strategies: BackoffStrategy[] = ['exponential', 'linear', 'fixed'];
const policy = (strategy: BackoffStrategy, more: Partial<RetryPolicy> = {}): RetryPolicy => ({
  limit: 3,
  strategy,
  initialMs: 10_000,
  factor: 2,
  maximumMs: 180_000,
  ...more,
});

describe('the pause before the next attempt', () => {
  it.each<[BackoffStrategy, number[]]>([
    ['exponential', [10, 20, 40, 80, 160, 180, 180]],
    ['linear', [10, 20, 30, 40, 50, 60, 70]],
    ['fixed', [10, 10, 10, 10, 10, 10, 10]],
  ])('%s: %j seconds', (strategy, seconds) =>
    expect(seconds.map((_, i) => backoffMs(policy(strategy), i + 1) / 1000)).toEqual(seconds),
  );

  it('never shrinks and never passes the maximum, even after a thousand attempts', () => {
    const any = fc.record({
      strategy: fc.constantFrom(...strategies),
      initialMs: fc.integer({ min: 1, max: 100_000 }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maximumMs: fc.integer({ min: 1, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 2000 }), ({ strategy, ...more }, attempt) => {
        const [now, next] = [attempt, attempt + 1].map((n) => backoffMs(policy(strategy, more), n)) as [number, number];
        expect(now).toBeLessThanOrEqual(next);
        expect(next).toBeLessThanOrEqual(more.maximumMs);
        expect(now).toBeGreaterThan(0);
      }),
    );
  });
});
