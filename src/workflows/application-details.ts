/**
 * An application as Temporal's UI shows it: a small table in Markdown, answered by a query, so it costs no event.
 */
import type { ApplicationStatus } from './messages.js';

export function applicationDetails(status: ApplicationStatus): string {
  const { source, destination } = status.spec;
  const rows = [
    ['status', status.status],
    ['health', status.health],
    ['revision', status.revision?.slice(0, 8) ?? '-'],
    ['last sync', status.lastSync === undefined ? '-' : `${status.lastSync.id}: ${status.lastSync.message}`],
    ['source', `${source.url} ${source.branch} ${source.path}`],
    ['destination', `${destination.cluster} ${destination.namespace ?? ''}`],
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([key, value]) => `| ${key} | ${value} |`)].join('\n');
}
