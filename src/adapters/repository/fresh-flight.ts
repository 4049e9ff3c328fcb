/**
 * Like SingleFlight, for answers that must be no older than the question: a caller never joins work that has begun,
 * it joins the one that begins next. However many ask at once, two answers serve them all; when many ask one after the other,
 * a rest between two works lets more of them share the next.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { SingleFlight } from './single-flight.js';

interface Begun {
  readonly number: number;
  /** Resolves when it has ended, and the rest after it; its answer is not kept. */
  readonly ended: Promise<unknown>;
}

export class FreshFlight<T> {
  private readonly flights = new SingleFlight<T>();
  /** The newest work that has begun, by key. */
  private readonly begun = new Map<string, Begun>();

  /** @param restMs the next work under a key begins no sooner after the end of the last */
  constructor(private readonly restMs = 0) {}

  run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ahead = this.begun.get(key);
    const number = (ahead?.number ?? 0) + 1;
    return this.flights.run(`${key} ${number}`, signal, async (own) => {
      await ahead?.ended;
      own.throwIfAborted();
      const result = work(own);
      const end = (): unknown => this.restMs > 0 && delay(this.restMs, undefined, { ref: false });
      this.begun.set(key, { number, ended: result.then(end, end) });
      return result;
    });
  }
}
