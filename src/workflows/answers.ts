/**
 * Where a workflow waits for the end of something another workflow does: that one sends a signal, and nobody holds a
 * worker slot meanwhile. Should the signal never come (the other was terminated), the one that waits looks for itself.
 */
import { condition } from '@temporalio/workflow';

const firstLookMs = 60_000;
const longestLookMs = 3_600_000;

export class Answers<T> {
  private readonly arrived = new Map<string, T>();

  arrive(key: string, answer: T): void {
    this.arrived.set(key, answer);
  }

  /**
   * The answer of that name; undefined when `timeoutMs` passed first.
   * @param look asks for the answer, undefined while there is none
   */
  async waitFor(key: string, look: () => Promise<T | undefined>, timeoutMs?: number): Promise<T | undefined> {
    const deadline = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
    for (let pause = firstLookMs; ; pause = Math.min(pause * 2, longestLookMs)) {
      const left = deadline - Date.now();
      if (await condition(() => this.arrived.has(key), Math.max(1, Math.min(pause, left))))
        return this.arrived.get(key);
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() >= deadline) return undefined;
    }
  }
}
