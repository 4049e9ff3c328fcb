/**
 * From webhooks to the workflows of their repositories. Hooks of one repository that arrive within a few milliseconds
 * share one hint (the busier Temporal is, the more of them do), and each is answered only when Temporal has taken that
 * hint: what was answered with 2xx is not lost (F4).
 */
import { setTimeout as pause } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { GitOpsError } from '../../domain/errors.js';

/**
 * Has a repository looked at; resolves when that is durable.
 * @param urls normalised spellings of its address
 * @returns the repositories that will look; none when nobody follows it
 */
export type Look = (urls: readonly string[]) => Promise<readonly string[]>;

export interface HandOverLimits {
  /** How long a hook waits for others to share its hint. */
  readonly windowMs: number;
  /** Hints on their way at once. The others wait for their turn, and gather more hooks meanwhile. */
  readonly atOnce: number;
  /** Repositories that may wait at once. */
  readonly mostWaiting: number;
}

export class HandOver {
  /** Hints that are not on their way yet, by the repository's addresses. */
  private readonly gathering = new Map<string, Promise<readonly string[]>>();

  private readonly turns: LimitFunction;

  constructor(
    private readonly look: Look,
    private readonly limits: HandOverLimits = { windowMs: 20, atOnce: 8, mostWaiting: 5000 },
  ) {
    this.turns = pLimit(limits.atOnce);
  }

  /**
   * @returns whether anybody follows
   * @throws TooBusy, TemporalUnavailable: then nothing is promised, and the sender should send again
   */
  async take(urls: readonly string[]): Promise<boolean> {
    const key = [...urls].sort().join(' ');
    const hint = this.gathering.get(key) ?? this.begin(key, urls);
    return (await hint).length > 0;
  }

  /** A hook that comes once the hint is on its way needs another one: its commit may be too new for the first. */
  private begin(key: string, urls: readonly string[]): Promise<readonly string[]> {
    if (this.gathering.size >= this.limits.mostWaiting)
      throw new GitOpsError('TooBusy', 'webhooks of too many repositories at once');
    const hint = pause(this.limits.windowMs).then(() => this.turns(() => this.send(key, urls)));
    this.gathering.set(key, hint);
    return hint;
  }

  private send(key: string, urls: readonly string[]): Promise<readonly string[]> {
    this.gathering.delete(key);
    return this.look(urls);
  }
}
