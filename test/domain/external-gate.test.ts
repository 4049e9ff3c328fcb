import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gateAnswer } from '../../src/domain/external-gate.js';

const now = Date.parse('2026-01-01T00:00:00Z');
const yes = '{"allow": true}';

describe('a gate that answers', () => {
  it.each<[string, [number, string | undefined, string], object]>([
    ['yes', [200, undefined, yes], { verdict: 'yes', reason: 'it answered 200' }],
    ['yes, with a reason', [201, undefined, '{"allow":true,"reason":"CAB 12"}'], { verdict: 'yes', reason: 'CAB 12' }],
    ['no', [200, undefined, '{"allow":false,"reason":"freeze"}'], { verdict: 'no', reason: 'freeze' }],
    ['no, by an error', [503, undefined, '{"allow":false,"reason":"freeze"}'], { verdict: 'no', reason: 'freeze' }],
    ['that it may not be asked', [403, undefined, ''], { verdict: 'no', reason: 'it answered 403' }],
    ['that it is not there', [404, undefined, '<html>'], { verdict: 'no', reason: 'it answered 404' }],
    ['later', [202, undefined, ''], { verdict: 'wait', reason: 'it answered 202' }],
    ['later, although it says yes', [202, undefined, yes], { verdict: 'wait', reason: 'it answered 202' }],
    [
      'later, in so many seconds',
      [202, '120', '{"reason":"tests run"}'],
      { verdict: 'wait', reason: 'tests run', retryAfterMs: 120_000 },
    ],
    [
      'later, at that time',
      [202, 'Thu, 01 Jan 2026 00:05:00 GMT', ''],
      { verdict: 'wait', reason: 'it answered 202', retryAfterMs: 300_000 },
    ],
    ['later, in no time', [202, '0', ''], { verdict: 'wait', reason: 'it answered 202', retryAfterMs: 1000 }],
    [
      'later, in a year',
      [202, '31536000', ''],
      { verdict: 'wait', reason: 'it answered 202', retryAfterMs: 3_600_000 },
    ],
    ['later, who knows when', [202, 'soon', ''], { verdict: 'wait', reason: 'it answered 202' }],
    ['nothing', [200, undefined, ''], { verdict: 'outage', reason: expect.stringMatching(/without/) }],
    [
      'a sign-in page',
      [200, undefined, '<html>Sign in</html>'],
      { verdict: 'outage', reason: expect.stringMatching(/without/) },
    ],
    [
      '"yes" as a text',
      [200, undefined, '{"allow":"true"}'],
      { verdict: 'outage', reason: expect.stringMatching(/without/) },
    ],
    ['1', [200, undefined, '{"allow":1}'], { verdict: 'outage', reason: expect.stringMatching(/without/) }],
    ['null', [200, undefined, 'null'], { verdict: 'outage', reason: expect.stringMatching(/without/) }],
    ['a list', [200, undefined, '[true]'], { verdict: 'outage', reason: expect.stringMatching(/without/) }],
    ['elsewhere', [302, undefined, yes], { verdict: 'outage', reason: expect.stringMatching(/302/) }],
    ['that it is too much', [429, '5', yes], { verdict: 'outage', reason: 'it answered 429', retryAfterMs: 5000 }],
    ['that it is ill', [500, undefined, yes], { verdict: 'outage', reason: 'it answered 500' }],
  ])('%s', (_title, [status, after, body], answer) => expect(gateAnswer(status, after, body, now)).toEqual(answer));

  it('says yes in one way alone, whatever else it says', () => {
    const bodies = fc.oneof(fc.json(), fc.string(), fc.constant(yes), fc.constant('{"allow":false}'));
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), bodies, (status, body) => {
        const { verdict, reason } = gateAnswer(status, undefined, body, now);
        if (verdict === 'yes') {
          expect((JSON.parse(body) as { allow: unknown }).allow).toBe(true);
          expect(status >= 200 && status < 300 && status !== 202).toBe(true);
        }
        expect(reason.length).toBeLessThanOrEqual(500);
      }),
    );
  });
});
