import { describe, expect, it } from '@jest/globals';
import { healthPolicy } from '../../src/client/health-policy.js';

type Config = Parameters<typeof healthPolicy>[0];
type Check = NonNullable<Config['checks']>[number];

const check = (one: Check) => healthPolicy({ checks: [one] }).checks?.[0];
const url = 'https://shop.example/health';

describe('a health policy', () => {
  it('is on, for five minutes, and asks nothing but the objects', () =>
    expect(healthPolicy({})).toEqual({ enabled: true, timeoutMs: 300_000, degradedGraceMs: 5000 }));
  it('takes a stable window', () => expect(healthPolicy({ stable_for: '10s' })).toMatchObject({ stableMs: 10_000 }));
  it('knows no window of nothing', () => expect(healthPolicy({ stable_for: 0 })).not.toHaveProperty('stableMs'));
  it('refuses a window that is as long as the timeout', () =>
    expect(() => healthPolicy({ timeout: '10s', stable_for: '10s' })).toThrow(/stable_for 10s leaves no time/));
});

describe('a check beyond objects', () => {
  it('of an address has defaults for everything else', () =>
    expect(check({ type: 'http', url })).toEqual({
      type: 'http',
      name: url,
      url,
      method: 'GET',
      expectStatus: ['2xx'],
      headers: {},
      count: 1,
      failureLimit: 0,
      intervalMs: 10_000,
      timeoutMs: 10_000,
    }));
  it('of a metric is named after its query', () =>
    expect(
      check({ type: 'metric', url, query: 'rate(x[1m])', threshold: { max: 1 }, count: 3, failures: 1 }),
    ).toMatchObject({
      provider: 'prometheus',
      name: 'rate(x[1m])',
      threshold: { max: 1 },
      count: 3,
      failureLimit: 1,
    }));
  it('takes a status as a number, a class, or a list', () =>
    expect(
      [200, '3xx', [200, '4xx']].map((expect_status) => check({ type: 'http', url, expect_status })),
    ).toMatchObject([{ expectStatus: ['200'] }, { expectStatus: ['3xx'] }, { expectStatus: ['200', '4xx'] }]));
  it('takes a secret by reference, also behind a word', () =>
    expect(check({ type: 'http', url, headers: { Authorization: 'Bearer secret:token' } })).toBeDefined());

  it.each<[string, Check, RegExp]>([
    ['without its address', { type: 'http' }, /checks\[1\]: a check of type http needs url/],
    ['without its query', { type: 'metric', url, threshold: { max: 1 } }, /needs query/],
    ['without a bound', { type: 'metric', url, query: 'q', threshold: {} }, /threshold needs min, max or both/],
    ['without its script', { type: 'lua' }, /needs script/],
    [
      'with a field of another type',
      { type: 'lua', script: 'return', url },
      /url means nothing to a check of type lua/,
    ],
    ['of a file', { type: 'http', url: 'file:///etc/passwd' }, /is not an address of http or https/],
    ['of no address', { type: 'http', url: 'shop' }, /is not an address of http or https/],
    ['with a password in the address', { type: 'http', url: 'https://a:b@shop.example' }, /holds a user or a password/],
    ['with a secret written out', { type: 'http', url, headers: { Authorization: 'Bearer abc' } }, /literal secret/],
    ['with a status there is not', { type: 'http', url, expect_status: 'ok' }, /'ok' is neither/],
    ['that never measures', { type: 'http', url, count: 0 }, /count is a whole number from 1/],
    ['with half a failure', { type: 'http', url, failures: 0.5 }, /failures is a whole number from 0/],
    ['that could pass without a success', { type: 'http', url, count: 3, failures: 3 }, /without one success/],
    ['with a method that is none', { type: 'http', url, method: 'GET /' }, /is no method/],
  ])('%s is refused', (_title, one, message) => expect(() => check(one)).toThrow(message));
});
