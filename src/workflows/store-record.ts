/**
 * How a run ended, kept in the artifact store.
 */
import type { RetryPolicy } from '../domain/application.js';
import type { RecordInput } from '../domain/sync.js';
import type { SyncRecord } from '../domain/sync-record.js';
import { failureOf, withRetries } from './retry.js';
import { briefStep } from './steps.js';

/** @returns the record with the digest it is stored under or, when the store does not answer, with the reason */
export async function storeRecord(policy: RetryPolicy, input: RecordInput): Promise<SyncRecord> {
  const { record } = input;
  try {
    const store = () => briefStep(`record ${record.id}: ${record.status}`, (a) => a.record(input));
    const { report } = await withRetries(policy, 'record', store);
    return { ...record, reports: [...record.reports, report] };
  } catch (error) {
    return { ...record, message: `${record.message}. This record could not be stored: ${failureOf(error).message}` };
  }
}
