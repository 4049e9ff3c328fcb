import { describe, expect, it } from '@jest/globals';
import { outliving } from '../../src/client/outage.js';
import { GitOpsError } from '../../src/domain/errors.js';

const away = new GitOpsError('TemporalUnavailable', 'Temporal does not answer');

/** Answers in turn: what is an error is thrown, the last one for ever. */
function asking(...answers: readonly unknown[]): { ask: () => Promise<unknown>; asked: () => number } {
  let asked = 0;
  const ask = async (): Promise<unknown> => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { ask, asked: () => asked };
}

describe('whoever waits', () => {
  it('asks again while Temporal is away', async () => {
    const { ask, asked } = asking(away, away, 'back');
    expect(await outliving(ask)).toBe('back');
    expect(asked()).toBe(3);
  });

  it('gives up at its own deadline', async () => {
    const { ask, asked } = asking(away);
    await expect(outliving(ask, Date.now())).rejects.toBe(away);
    expect(asked()).toBe(1);
  });

  it('hears of any other failure at once', async () => {
    const { ask, asked } = asking(new GitOpsError('UnknownApplication', 'unknown'), 'late');
    await expect(outliving(ask)).rejects.toMatchObject({ code: 'UnknownApplication' });
    expect(asked()).toBe(1);
  });
});
