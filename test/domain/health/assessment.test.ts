import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HealthStatus } from '../../../src/domain/application.js';
import { assess, DegradedClock, StableWindow, type Assessment } from '../../../src/domain/health/assessment.js';
import { compareHealth, worstOf } from '../../../src/domain/health/status.js';

const reference = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'n', name });
const set = (statuses: Record<string, HealthStatus>): Assessment =>
  assess(Object.entries(statuses).map(([name, status]) => [reference(name), { status, message: '' }] as const));

const statuses: HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];

describe('the health of a set', () => {
  it('counts the healthy and lists the others, worst first', () => {
    const { status, healthy, total, unhealthy } = set({ a: 'Healthy', b: 'Progressing', c: 'Degraded', d: 'Missing' });
    expect({ status, healthy, total, names: unhealthy.map((o) => o.object.name) }).toEqual({
      status: 'Degraded',
      healthy: 1,
      total: 4,
      names: ['c', 'd', 'b'],
    });
  });
  it('of nothing is Healthy', () => expect(set({})).toMatchObject({ status: 'Healthy', total: 0 }));
  it('is the worst of its parts', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...statuses), { minLength: 1 }), (parts) => {
        const worst = worstOf(parts);
        expect(parts).toContain(worst);
        expect(parts.every((part) => compareHealth(part, worst) <= 0)).toBe(true);
      }),
    );
  });
});

describe('a verdict that has to hold', () => {
  it('settles when all are healthy or suspended', () => {
    const clock = new DegradedClock(5000);
    expect(clock.judge(set({ a: 'Healthy', b: 'Suspended' }), 0)).toBe('settled');
    expect(clock.nextDeadline()).toBeUndefined();
  });

  it.each<HealthStatus>(['Progressing', 'Missing', 'Unknown'])('waits for what is %s, for ever', (status) => {
    const clock = new DegradedClock(5000);
    expect(clock.judge(set({ a: status }), 0)).toBe('waiting');
    expect(clock.judge(set({ a: status }), 1e9)).toBe('waiting');
  });

  it('fails once an object was degraded for the grace period', () => {
    const clock = new DegradedClock(5000);
    expect(clock.judge(set({ a: 'Degraded' }), 100)).toBe('waiting');
    expect(clock.nextDeadline()).toBe(5100);
    expect(clock.judge(set({ a: 'Degraded' }), 5099)).toBe('waiting');
    expect(clock.judge(set({ a: 'Degraded' }), 5100)).toBe('failed');
  });

  it('does not forget a degraded object that restarts in between', () => {
    const clock = new DegradedClock(5000);
    clock.judge(set({ a: 'Degraded' }), 0);
    expect(clock.judge(set({ a: 'Progressing' }), 3000)).toBe('waiting');
    expect(clock.judge(set({ a: 'Degraded' }), 6000)).toBe('failed');
  });

  it('forgets it once it was healthy', () => {
    const clock = new DegradedClock(5000);
    clock.judge(set({ a: 'Degraded' }), 0);
    clock.judge(set({ a: 'Healthy' }), 3000);
    expect(clock.judge(set({ a: 'Degraded' }), 6000)).toBe('waiting');
  });

  it('does not add up the troubles of two objects', () => {
    const clock = new DegradedClock(5000);
    clock.judge(set({ a: 'Degraded', b: 'Healthy' }), 0);
    expect(clock.judge(set({ a: 'Healthy', b: 'Degraded' }), 5000)).toBe('waiting');
  });

  it('names no deadline while nothing is degraded: nobody shall wake up for it', () => {
    const clock = new DegradedClock(5000);
    clock.judge(set({ a: 'Degraded' }), 0);
    clock.judge(set({ a: 'Progressing' }), 6000);
    expect(clock.nextDeadline()).toBeUndefined();
  });
});

describe('a stable window', () => {
  const healthy = set({ a: 'Healthy' });
  const broken = set({ a: 'Degraded', b: 'Healthy' });

  it('of nothing holds at once', () => expect(new StableWindow(0).holds('settled', healthy, 5)).toBe(true));

  it('holds once all was settled for that long', () => {
    const window = new StableWindow(1000);
    expect(window.holds('waiting', broken, 0)).toBe(false);
    expect(window.nextDeadline()).toBeUndefined();
    expect(window.holds('settled', healthy, 100)).toBe(false);
    expect(window.nextDeadline()).toBe(1100);
    expect(window.holds('settled', healthy, 1099)).toBe(false);
    expect(window.holds('settled', healthy, 1100)).toBe(true);
  });

  it('begins anew after a break, however short', () => {
    const window = new StableWindow(1000);
    window.holds('settled', healthy, 0);
    window.holds('waiting', broken, 999);
    expect(window.holds('settled', healthy, 1000)).toBe(false);
    expect(window.holds('settled', healthy, 1999)).toBe(false);
    expect(window.holds('settled', healthy, 2000)).toBe(true);
  });

  it('that was cut short is no health, and names what broke it', () => {
    const window = new StableWindow(10_000);
    window.holds('waiting', broken, 0);
    window.holds('settled', healthy, 1);
    expect(window.cutShort(healthy)).toMatchObject({
      status: 'Progressing',
      unhealthy: [
        { object: { name: 'a' }, status: 'Progressing', message: expect.stringMatching(/^it was not healthy for 10/) },
      ],
    });
  });

  it('holds if and only if there was no break within it', () => {
    const seen = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 50 }), good: fc.boolean() }), { minLength: 1 });
    fc.assert(
      fc.property(seen, fc.integer({ min: 1, max: 100 }), (steps, length) => {
        const window = new StableWindow(length);
        let [now, since] = [0, -1];
        for (const { ms, good } of steps) {
          now += ms;
          since = good ? (since < 0 ? now : since) : -1;
          const held = window.holds(good ? 'settled' : 'waiting', good ? healthy : broken, now);
          expect(held).toBe(since >= 0 && now - since >= length);
        }
      }),
    );
  });
});
