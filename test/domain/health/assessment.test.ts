import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HealthStatus } from '../../../src/domain/application.js';
import { assess, DegradedClock, type Assessment } from '../../../src/domain/health/assessment.js';
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
