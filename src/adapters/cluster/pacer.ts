/**
 * Requests to an API server that asks for patience (429, or 503 with Retry-After): it is obeyed, by all requests
 * together. The one that was turned away comes again, the others wait with it, and fewer go out at a time from then on:
 * a server that is overloaded must not be asked more often for it. What the operator allows is never exceeded.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { GitOpsError } from '../../domain/errors.js';
import type { RateLimit } from './rate-limit.js';

export interface PacerSettings {
  /** Requests under way while nobody complains. */
  readonly most: number;
  /** How long one request may be put off in all, in ms; its activity's own deadline may come before. */
  readonly patienceMs: number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Default: as fast as answers come. */
  readonly rate?: RateLimit | undefined;
}

/** How long is waited when the server says no time, in ms. */
const defaultPauseMs = 1000;
/** A wait is up to that much longer than asked for, so that not all come back at once. */
const jitterShare = 0.25;
/** So many successes let one more request go out at a time. */
const successesPerStep = 20;

export class Pacer {
  private limit: number;
  private underWay = 0;
  private successes = 0;
  /** On the clock of `performance`: until then nothing goes out. */
  private quietUntil = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly settings: PacerSettings) {
    this.limit = settings.most;
  }

  /**
   * @param isTurnedAway whether a failure is the server's wish to be asked later
   * @throws what the last attempt threw, once the patience is over; the signal's reason
   */
  async run<T>(
    attempt: () => Promise<T>,
    isTurnedAway: (error: unknown) => error is GitOpsError,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const deadline = performance.now() + this.settings.patienceMs;
    for (;;) {
      await this.turn(signal);
      try {
        const answer = await attempt();
        this.succeeded();
        return answer;
      } catch (error) {
        if (!isTurnedAway(error) || this.slowDown(error) > deadline) throw error;
      } finally {
        this.release();
      }
    }
  }

  private async turn(signal: AbortSignal | undefined): Promise<void> {
    while (this.underWay >= this.limit) await this.vacancy(signal);
    this.underWay++;
    try {
      const due = this.settings.rate?.reserve() ?? 0;
      for (let left = this.left(due); left > 0; left = this.left(due)) {
        await delay(left, undefined, signal === undefined ? {} : { signal });
      }
    } catch {
      this.release();
      throw signal?.reason;
    }
  }

  private left(due: number): number {
    return Math.max(this.quietUntil, due) - performance.now();
  }

  private vacancy(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        this.waiting.splice(this.waiting.indexOf(wake), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.push(wake);
    });
  }

  private release(): void {
    this.underWay--;
    for (let free = this.limit - this.underWay; free > 0; free--) this.waiting.shift()?.();
  }

  private succeeded(): void {
    if (this.limit === this.settings.most || ++this.successes < successesPerStep) return;
    this.successes = 0;
    this.limit++;
  }

  /** A quarter as many from now on, after the pause that was asked for. @returns when that is over */
  private slowDown({ retryAfterMs = defaultPauseMs }: GitOpsError): number {
    const until = performance.now() + retryAfterMs * (1 + jitterShare * this.settings.random());
    const first = performance.now() > this.quietUntil; // of all that were under way
    if (first) this.limit = Math.max(1, Math.floor(this.limit / 4));
    this.successes = 0;
    this.quietUntil = Math.max(this.quietUntil, until);
    return this.quietUntil;
  }
}
