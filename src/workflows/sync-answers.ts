/**
 * Where a script waits for the syncs it asked for: the application sends `syncFinished`, and nobody holds a worker
 * slot meanwhile. Should the signal never come (the application was terminated), the script looks for itself.
 */
import { condition } from '@temporalio/workflow';
import type { SyncRecord } from '../domain/sync-record.js';
import type { SyncFinished } from './messages.js';

const firstLookMs = 60_000;
const longestLookMs = 3_600_000;

export class SyncAnswers {
  private readonly records = new Map<string, SyncRecord>();

  finished({ app, record }: SyncFinished): void {
    this.records.set(`${app}/${record.id}`, record);
  }

  /**
   * The record of a sync once it ended; undefined when `timeoutMs` passed first.
   * @param look asks the application for the record, undefined while there is none
   */
  async waitFor(
    app: string,
    sync: string,
    look: () => Promise<SyncRecord | undefined>,
    timeoutMs?: number,
  ): Promise<SyncRecord | undefined> {
    const key = `${app}/${sync}`;
    const deadline = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
    for (let pause = firstLookMs; ; pause = Math.min(pause * 2, longestLookMs)) {
      const left = deadline - Date.now();
      if (await condition(() => this.records.has(key), Math.max(1, Math.min(pause, left))))
        return this.records.get(key);
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() >= deadline) return undefined;
    }
  }
}
