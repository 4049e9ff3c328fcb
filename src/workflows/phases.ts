/**
 * How a phase of a run is gone through: under the application's retry policy, from its beginning to its end in the
 * journal; one that writes keeps what each of its attempts reported.
 */
import { isCancellation } from '@temporalio/workflow';
import type { RetryPolicy } from '../domain/application.js';
import type { Digest } from '../domain/digest.js';
import type { WriteFailure } from '../domain/sync.js';
import { phaseFailure } from './phase-failure.js';
import { failureOf, withRetries } from './retry.js';
import type { SyncJournal } from './sync-journal.js';

export class Phases {
  /** A step that writes ended without a report: its worker was lost, or it had hardly begun. */
  unreported = false;

  constructor(
    private readonly retry: RetryPolicy,
    private readonly journal: SyncJournal,
  ) {}

  async run<T>(name: string, summary: string, run: (summary: string) => Promise<T>): Promise<T> {
    this.journal.begin(name, summary);
    try {
      return await withRetries(this.retry, name, () => run(summary));
    } finally {
      this.journal.finish();
    }
  }

  /**
   * A phase that writes: whatever its attempts came to, their reports are kept. What one of them has written stays written
   * when the next one cannot begin, so the result is the last one, with no less written than any before.
   */
  async written<T extends Reported>(name: string, summary: string, run: (summary: string) => Promise<T>): Promise<T> {
    let last: T | undefined;
    let reported: T | undefined;
    try {
      return await this.run(name, summary, async (s) => {
        last = undefined;
        last = reported = notLess(await run(s), reported);
        this.journal.keep(last.report);
        throwFailure(last.failure);
        return last;
      });
    } catch (error) {
      this.unreported = last === undefined;
      if (reported === undefined || isCancellation(error)) throw error;
      return last?.failure === undefined ? { ...reported, failure: failureOf(error) } : last;
    }
  }
}

/** Of a step that writes. */
interface Reported {
  readonly report: Digest;
  readonly failure?: WriteFailure;
  readonly applied?: number;
  readonly deleted?: number;
}

function notLess<T extends Reported>(result: T, before: Reported = result): T {
  const { applied = 0, deleted = 0 } = result;
  return {
    ...result,
    applied: Math.max(applied, before.applied ?? 0),
    deleted: Math.max(deleted, before.deleted ?? 0),
  };
}

/** A wave that was begun and not finished: what was written is counted already. */
export function throwFailure(failure: WriteFailure | undefined): void {
  if (failure === undefined) return;
  const { code, message, hint, replan } = failure;
  throw phaseFailure(code, message, hint, replan === undefined ? {} : { replan });
}
