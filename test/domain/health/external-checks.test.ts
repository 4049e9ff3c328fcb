import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  measureHttp,
  measureMetric,
  measureVerdict,
  MeasurementRow,
  type HttpCheck,
  type Measurement,
  type MetricCheck,
} from '../../../src/domain/health/external-checks.js';

const row = { name: 'c', intervalMs: 1, count: 1, failureLimit: 0, timeoutMs: 1 };
const url = 'http://shop/health';
const http = (more: Partial<HttpCheck> = {}): HttpCheck => ({
  type: 'http',
  ...row,
  url,
  method: 'GET',
  expectStatus: ['2xx'],
  headers: {},
  ...more,
});

describe('an HTTP check', () => {
  it.each([
    ['passes on a status of the class', {}, 204, '', 'passed'],
    ['fails on another', {}, 503, '', 'failed'],
    ['wants the very status it names', { expectStatus: ['200'] }, 204, '', 'failed'],
    ['takes any of a list', { expectStatus: ['200', '3xx'] }, 302, '', 'passed'],
    ['finds a text in the answer', { bodyContains: '"up"' }, 200, '{"db":"up"}', 'passed'],
    ['misses a text in the answer', { bodyContains: '"up"' }, 200, '{"db":"down"}', 'failed'],
  ] as const)('%s', (_title, more, status, body, outcome) =>
    expect(measureHttp(http(more), { status, body })).toMatchObject({ outcome }),
  );
});

const vector = (...values: string[]): string =>
  JSON.stringify({
    status: 'success',
    data: { resultType: 'vector', result: values.map((v) => ({ metric: {}, value: [1, v] })) },
  });
const scalar = (value: string): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [1, value] } });

const metric = (threshold: MetricCheck['threshold']): MetricCheck => ({
  type: 'metric',
  ...row,
  provider: 'prometheus',
  url,
  query: 'errors',
  threshold,
  headers: {},
});

describe('a metric check', () => {
  it.each([
    ['passes within its threshold', { max: 0.1 }, 200, vector('0.05'), 'passed', 'errors is 0.05'],
    ['passes at its threshold', { min: 5, max: 5 }, 200, vector('5'), 'passed', 'errors is 5'],
    ['fails above', { max: 0.1 }, 200, vector('0.2'), 'failed', 'errors is 0.2, expected at most 0.1'],
    ['fails below', { min: 2, max: 9 }, 200, vector('1'), 'failed', 'errors is 1, expected at least 2 and at most 9'],
    ['fails when one of several series does', { max: 1 }, 200, vector('0', '3'), 'failed', /is 3/],
    ['fails without values', { max: 1 }, 200, vector(), 'failed', 'errors has no values'],
    ['counts NaN as no value', { max: 1 }, 200, vector('NaN'), 'failed', 'errors has no values'],
    ['fails on infinity above a limit', { max: 1 }, 200, vector('+Inf'), 'failed', /Infinity|Inf|no values/],
    ['reads a scalar', { min: 1 }, 200, scalar('3'), 'passed', 'errors is 3'],
    [
      'is in error when Prometheus refuses',
      { max: 1 },
      400,
      '{"status":"error","error":"bad query"}',
      'error',
      /400: bad query/,
    ],
    ['is in error when it is no JSON', { max: 1 }, 200, '<html>', 'error', /no result/],
    ['is in error when it is no answer to a query', { max: 1 }, 200, '[]', 'error', /no result/],
  ] as const)('%s', (_title, threshold, status, body, outcome, message) => {
    const measured = measureMetric(metric(threshold), { status, body });
    expect(measured.outcome).toBe(outcome);
    expect(measured.message).toMatch(message);
  });
});

describe('the verdict of a script', () => {
  it.each([
    ['Healthy', 'passed'],
    ['Suspended', 'passed'],
    ['Progressing', 'waiting'],
    ['Missing', 'waiting'],
    ['Degraded', 'failed'],
    ['Unknown', 'failed'],
  ] as const)('%s counts as %s', (status, outcome) =>
    expect(measureVerdict({ status, message: 'm' })).toEqual({ outcome, message: 'm' }),
  );
});

/** p passed, f failed, e error, w waiting. */
const outcomes: Readonly<Record<string, Measurement['outcome']>> = {
  p: 'passed',
  f: 'failed',
  e: 'error',
  w: 'waiting',
};
const verdicts = (count: number, failureLimit: number, measured: string): string => {
  const measurements = new MeasurementRow({ ...row, count, failureLimit });
  return [...measured].map((m) => measurements.add({ outcome: outcomes[m] ?? 'error', message: m })).at(-1) ?? '';
};

describe('a row of measurements', () => {
  it.each([
    ['passes once there are enough', 3, 0, 'ppp', 'passed'],
    ['goes on while there are too few', 3, 0, 'pp', 'going on'],
    ['fails at the first failure when none is allowed', 3, 0, 'pf', 'failed'],
    ['puts up with as many failures as allowed', 3, 1, 'pfp', 'passed'],
    ['fails at one more, before the row is full', 5, 1, 'ff', 'failed'],
    ['may pass with nothing but failures that are allowed', 1, 1, 'f', 'passed'],
    ['does not count errors', 2, 0, 'epe', 'going on'],
    ['puts up with four errors in a row', 1, 0, 'eeeep', 'passed'],
    ['fails at the fifth error in a row', 1, 9, 'eeeee', 'failed'],
    ['forgets errors that a value followed', 9, 0, 'eeeepeeee', 'going on'],
    ['does not count what it is too early for', 1, 0, 'wwwwwwwww', 'going on'],
  ])('%s', (_title, count, limit, measured, verdict) => expect(verdicts(count, limit, measured)).toBe(verdict));

  it('never passes with more failures than allowed, and never fails without a failure or an error', () => {
    const measured = fc.string({ unit: fc.constantFrom('p', 'f', 'e', 'w'), minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 }), measured, (count, limit, text) => {
        const measurements = new MeasurementRow({ ...row, count, failureLimit: limit });
        let [verdict, seen] = ['going on', ''];
        for (const m of text) {
          seen += m;
          verdict = measurements.add({ outcome: outcomes[m] ?? 'error', message: m });
          if (verdict !== 'going on') break;
        }
        const failures = [...seen].filter((m) => m === 'f').length;
        if (verdict === 'passed') expect(failures).toBeLessThanOrEqual(limit);
        if (verdict === 'failed') expect(failures > limit || seen.endsWith('eeeee')).toBe(true);
      }),
    );
  });

  it('says why it failed, or what it waits for', () => {
    const measurements = new MeasurementRow({ ...row, count: 3, failureLimit: 1 });
    measurements.add({ outcome: 'failed', message: 'answered 503' });
    expect(measurements.explain()).toBe('1 of 3 measurements: answered 503');
    measurements.add({ outcome: 'failed', message: 'answered 500' });
    expect(measurements.explain()).toBe('answered 500 (2 failures, 1 allowed)');
  });
});
