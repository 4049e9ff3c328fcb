/**
 * From webhooks to the workflows of their repositories. Hooks of one repository that arrive within a few milliseconds
 * share one hint, and each is answered only when Temporal has taken that hint: what was answered with 2xx is not lost
 * (F4).
 */
import { setTimeout as pause } from 'node:timers/promises';
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
  /** Repositories that may wait at once. */
  readonly mostWaiting: number;
}

export class HandOver {
  /** Hints that are not on their way yet, by the repository's addresses. */
  private readonly gathering = new Map<string, Promise<readonly string[]>>();

  constructor(
    private readonly look: Look,
    private readonly limits: HandOverLimits = { windowMs: 20, mostWaiting: 5000 },
  ) {}

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
    const hint = pause(this.limits.windowMs).then(() => {
      this.gathering.delete(key);
      return this.look(urls);
    });
    this.gathering.set(key, hint);
    return hint;
  }
}
