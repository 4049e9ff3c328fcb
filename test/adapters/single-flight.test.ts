import { describe, expect, it } from '@jest/globals';
import { SingleFlight } from '../../src/adapters/repository/single-flight.js';

/** Work whose end the test holds in its hand. */
function controlled() {
  const calls: { signal: AbortSignal; resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
  const work = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => calls.push({ signal, resolve, reject }));
  return { calls, work };
}
const never = new AbortController().signal;

describe('work that several callers want at once', () => {
  it('is done once, and all get its result', async () => {
    const [flight, { calls, work }] = [new SingleFlight<string>(), controlled()];
    const all = [1, 2, 3].map(() => flight.run('k', never, work));
    calls[0]?.resolve('done');
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done']);
    expect(calls).toHaveLength(1);
  });

  it('fails for all, and is tried anew by the next', async () => {
    const [flight, { calls, work }] = [new SingleFlight<string>(), controlled()];
    const all = [1, 2].map(() => flight.run('k', never, work));
    calls[0]?.reject(new Error('no'));
    for (const one of all) await expect(one).rejects.toThrow('no');
    const next = flight.run('k', never, work);
    calls[1]?.resolve('yes');
    expect(await next).toBe('yes');
  });

  it('goes on for the others when one leaves, even the first', async () => {
    const [flight, { calls, work }, first] = [new SingleFlight<string>(), controlled(), new AbortController()];
    const [leaving, staying] = [flight.run('k', first.signal, work), flight.run('k', never, work)];
    first.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    expect(calls[0]?.signal.aborted).toBe(false);
    calls[0]?.resolve('done');
    expect(await staying).toBe('done');
  });

  it('is stopped when the last one leaves', async () => {
    const [flight, { calls, work }] = [new SingleFlight<string>(), controlled()];
    const callers = [new AbortController(), new AbortController()];
    const all = callers.map(({ signal }) => flight.run('k', signal, work));
    callers.forEach((caller) => caller.abort(new Error('gone')));
    for (const one of all) await expect(one).rejects.toThrow('gone');
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it('is not the same under another key, and does not start for one who has left already', async () => {
    const [flight, { calls, work }] = [new SingleFlight<string>(), controlled()];
    void flight.run('a', never, work);
    void flight.run('b', never, work);
    await expect(flight.run('c', AbortSignal.abort(new Error('gone')), work)).rejects.toThrow('gone');
    expect(calls).toHaveLength(2);
  });
});
