import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { HealthStatus } from '../../../src/domain/application.js';
import { judgeLook, type HoldState, type HoldVerdict, type Look } from '../../../src/domain/promotion/hold.js';

const rule = { revision: 'abc', holdMs: 60_000, deadline: 600_000 };
const look = (at: number, health: HealthStatus, revision = 'abc'): Look => ({
  at,
  health,
  revision,
  message: 'the pod crashes',
});

/** The verdict on the last of a row of looks; earlier ones must not decide. */
function afterRow(looks: readonly Look[]): HoldVerdict {
  let state: HoldState = {};
  for (const one of looks.slice(0, -1)) {
    const judged = judgeLook(state, one, rule);
    if (judged.verdict !== 'going on') throw new Error(`decided too early: ${JSON.stringify(judged)}`);
    state = judged.state;
  }
  return judgeLook(state, looks.at(-1) ?? look(0, 'Unknown'), rule);
}

describe('healthy for a minute', () => {
  it.each<[title: string, looks: Look[], verdict: object]>([
    ['one healthy look is not enough', [look(0, 'Healthy')], { verdict: 'going on' }],
    ['two looks a minute apart are', [look(0, 'Healthy'), look(60_000, 'Healthy')], { verdict: 'held' }],
    ['what somebody suspended counts as healthy', [look(0, 'Suspended'), look(60_000, 'Healthy')], { verdict: 'held' }],
    [
      'progress in between starts the minute anew',
      [look(0, 'Healthy'), look(30_000, 'Progressing'), look(40_000, 'Healthy'), look(60_000, 'Healthy')],
      { verdict: 'going on', state: { healthySince: 40_000 } },
    ],
    [
      'one degraded look is a hiccup, looked at again soon',
      [look(0, 'Healthy'), look(10_000, 'Degraded')],
      { verdict: 'going on', state: { degraded: true }, nextMs: 3000 },
    ],
    [
      'two degraded looks in a row fail',
      [look(0, 'Healthy'), look(10_000, 'Degraded'), look(13_000, 'Degraded')],
      { verdict: 'failed', why: 'health is Degraded: the pod crashes' },
    ],
    [
      'an outage proves nothing, and starts the minute anew',
      [look(0, 'Healthy'), { at: 1000, health: 'Unknown', message: 'no answer' }],
      { verdict: 'going on', state: {} },
    ],
    [
      'another commit fails at once',
      [look(0, 'Healthy'), look(10_000, 'Healthy', 'def')],
      { verdict: 'failed', why: 'it stands on def by now: somebody else moved it' },
    ],
    [
      'an outage that outlasts the time fails',
      [{ at: 600_000, health: 'Unknown', message: 'no answer' }],
      { verdict: 'failed' },
    ],
    ['a minute that no longer fits into the time fails at once', [look(599_000, 'Healthy')], { verdict: 'failed' }],
  ])('%s', (_title, looks, verdict) => expect(afterRow(looks)).toMatchObject(verdict));

  it('never holds unless the last minute was healthy at every look, and never goes on past the time', () => {
    const healths = fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 40_000 }),
        fc.constantFrom<HealthStatus>('Healthy', 'Progressing', 'Unknown', 'Degraded'),
      ),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(healths, (row) => {
        let [state, at, healthySince]: [HoldState, number, number | undefined] = [{}, 0, undefined];
        for (const [pause, health] of row) {
          at += pause;
          healthySince = health === 'Healthy' ? (healthySince ?? at) : undefined;
          const judged = judgeLook(state, look(at, health), rule);
          if (judged.verdict === 'held') return healthySince !== undefined && at - healthySince >= rule.holdMs;
          if (judged.verdict === 'failed') return true;
          if (at >= rule.deadline || judged.nextMs < 1) return false;
          state = judged.state;
        }
        return true;
      }),
    );
  });
});
