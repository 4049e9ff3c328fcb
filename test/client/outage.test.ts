import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
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

  it('asks again when what it asked was heard for long, and then cut off', async () => {
    let asked = 0;
    const ask = async (): Promise<string> => {
      if (++asked > 2) return 'ended';
      await delay(60); // longer than any outage may last
      throw away;
    };
    expect(await outliving(ask, { outageMs: 50 })).toBe('ended');
  });

  it('gives up once nobody has answered for long', async () => {
    const { ask, asked } = asking(away);
    await expect(outliving(ask, { outageMs: 250 })).rejects.toBe(away);
    expect(asked()).toBe(2);
  });

  it('gives up at its own deadline', async () => {
    const { ask, asked } = asking(away);
    await expect(outliving(ask, { until: Date.now() })).rejects.toBe(away);
    expect(asked()).toBe(1);
  });

  it('gives up when it is told to', async () => {
    const { ask } = asking(away);
    await expect(outliving(ask, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([3, 7, 9, 12, 16])('hears at once of a refusal (gRPC %s)', async (code) => {
    const refused = Object.assign(new Error('no'), { code });
    const { ask, asked } = asking(new GitOpsError('TemporalUnavailable', 'no', { cause: refused }), 'late');
    await expect(outliving(ask)).rejects.toMatchObject({ code: 'TemporalUnavailable' });
    expect(asked()).toBe(1);
  });

  it('hears of any other failure at once', async () => {
    const { ask, asked } = asking(new GitOpsError('UnknownApplication', 'unknown'), 'late');
    await expect(outliving(ask)).rejects.toMatchObject({ code: 'UnknownApplication' });
    expect(asked()).toBe(1);
  });
});
