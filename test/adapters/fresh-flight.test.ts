import { describe, expect, it } from '@jest/globals';
import { FreshFlight } from '../../src/adapters/repository/fresh-flight.js';

/** Work that ends when it is told to, and says how often it began. */
function controlled() {
  const ends: ((value: string) => void)[] = [];
  const work = (): Promise<string> => new Promise((resolve) => ends.push(resolve));
  const end = (index: number, value: string): void => ends[index]?.(value);
  return { work, end, begun: () => ends.length };
}

const { signal } = new AbortController();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an answer no older than the question', () => {
  it('is never that of work that has begun before', async () => {
    const flights = new FreshFlight<string>();
    const { work, end, begun } = controlled();
    const first = flights.run('url', signal, work);
    await turn();
    const later = [flights.run('url', signal, work), flights.run('url', signal, work)];
    end(0, 'old');
    expect(await first).toBe('old');
    await turn();
    end(1, 'new');
    expect(await Promise.all(later)).toEqual(['new', 'new']);
    expect(begun()).toBe(2);
  });

  it('comes although the work before it failed', async () => {
    const flights = new FreshFlight<string>();
    const failing = flights.run('url', signal, () => Promise.reject(new Error('no answer')));
    await expect(failing).rejects.toThrow('no answer');
    expect(await flights.run('url', signal, () => Promise.resolve('fine'))).toBe('fine');
  });

  it('is shared by those who ask while the work before it rests, one after the other', async () => {
    const flights = new FreshFlight<string>(50);
    const { work, end, begun } = controlled();
    const first = flights.run('url', signal, work);
    await turn();
    end(0, 'old');
    expect(await first).toBe('old');
    const later = [flights.run('url', signal, work)];
    await turn();
    later.push(flights.run('url', signal, work));
    while (begun() < 2) await turn();
    end(1, 'new');
    expect(await Promise.all(later)).toEqual(['new', 'new']);
    expect(begun()).toBe(2);
  });

  it('does not wait for other keys', async () => {
    const flights = new FreshFlight<string>();
    void flights.run('one', signal, () => new Promise(() => undefined));
    await turn();
    expect(await flights.run('two', signal, () => Promise.resolve('fine'))).toBe('fine');
  });

  it('is given up by a caller that leaves', async () => {
    const flights = new FreshFlight<string>();
    const leaving = new AbortController();
    const gone = flights.run('url', leaving.signal, () => new Promise(() => undefined));
    leaving.abort(new Error('left'));
    await expect(gone).rejects.toThrow('left');
  });
});
