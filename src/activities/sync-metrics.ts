/**
 * What Prometheus hears of syncs, once each has ended. Labels come from closed sets. Where a worker shows no metrics,
 * this counts into nothing.
 */
import { metricMeter } from '@temporalio/activity';
import type { SyncRecord } from '../domain/sync-record.js';

export function countSync({ status, trigger, metrics, changes }: SyncRecord): void {
  metricMeter.createCounter('sloth_syncs', undefined, 'Syncs that ended').add(1, { result: status, trigger });
  metricMeter
    .createHistogram('sloth_sync_duration', 'float', 'seconds', 'From the start of a sync to its end')
    .record(metrics.durationMs / 1000, { result: status });
  const { created, updated, deleted } = changes;
  for (const [change, count] of Object.entries({ created, updated, deleted }))
    metricMeter.createCounter('sloth_changes', undefined, 'Objects that syncs wrote').add(count, { change });
}
