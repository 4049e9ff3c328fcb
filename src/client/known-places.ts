/**
 * Which repositories lie at an address, without asking Temporal for each of hundreds of webhooks a second: the list is
 * read when an address is not on it, or when it is a few seconds old.
 */
import { FreshFlight } from '../adapters/repository/fresh-flight.js';
import { placeOf } from '../domain/repository-url.js';
import type { RepositoryMemo } from '../workflows/messages.js';

type Listed = Pick<RepositoryMemo, 'id' | 'url'>;

/** A repository registered under a second name is found this late at worst. */
const freshMs = 5000;

export class KnownPlaces {
  private readonly reads = new FreshFlight<void>();
  private ids: ReadonlyMap<string, readonly string[]> = new Map();
  private readAt = 0;

  constructor(private readonly list: () => Promise<readonly Listed[]>) {}

  /** @returns ids of the repositories at that place, whatever way their own addresses lead there */
  async at(url: string): Promise<readonly string[]> {
    const place = placeOf(url);
    if (!this.ids.has(place) || Date.now() - this.readAt > freshMs)
      await this.reads.run('all', neverAborted(), () => this.read());
    return this.ids.get(place) ?? [];
  }

  forget(): void {
    this.readAt = 0;
  }

  private async read(): Promise<void> {
    const ids = new Map<string, string[]>();
    for (const { id, url } of await this.list()) ids.set(placeOf(url), [...(ids.get(placeOf(url)) ?? []), id]);
    this.ids = ids;
    this.readAt = Date.now();
  }
}

/** One for each caller: hundreds of listeners on a single signal would be taken for a leak. */
export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
