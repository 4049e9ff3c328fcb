/**
 * Where a script or a promotion waits for the syncs it asked for: the application sends `syncFinished`.
 */
import type { SyncRecord } from '../domain/sync-record.js';
import { Answers } from './answers.js';
import type { SyncFinished } from './messages.js';

export class SyncAnswers {
  private readonly answers = new Answers<SyncRecord>();

  finished({ app, record }: SyncFinished): void {
    this.answers.arrive(`${app}/${record.id}`, record);
  }

  /**
   * The record of a sync once it ended; undefined when `timeoutMs` passed first.
   * @param look asks the application for the record, undefined while there is none
   */
  waitFor(
    app: string,
    sync: string,
    look: () => Promise<SyncRecord | undefined>,
    timeoutMs?: number,
  ): Promise<SyncRecord | undefined> {
    return this.answers.waitFor(`${app}/${sync}`, look, timeoutMs);
  }
}
