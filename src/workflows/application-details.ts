/**
 * An application as Temporal's UI shows it: a small table in Markdown, answered by a query, so it costs no event.
 */
import type { ApplicationStatus, ShownDrift } from './messages.js';

function driftText({ since, fields, count }: ShownDrift): string {
  const more = count > fields.length ? [`and ${count - fields.length} more`] : [];
  return `since ${since}: ${[...fields, ...more].join('; ')}`;
}

export function applicationDetails(status: ApplicationStatus): string {
  const { source, destination } = status.spec;
  const rows = [
    ['status', status.status],
    ['health', status.health],
    ['revision', status.revision?.slice(0, 8) ?? '-'],
    ['last sync', status.lastSync === undefined ? '-' : `${status.lastSync.id}: ${status.lastSync.message}`],
    ...(status.drift === undefined ? [] : [['drift', driftText(status.drift)] as const]),
    ...(status.retry === undefined ? [] : [['next try', status.retry.next] as const]),
    ...Object.entries(status.waitsFor ?? {}).map(([name, why]) => ['waits for', `${name}: ${why}`] as const),
    ['source', `${source.url} ${source.branch} ${source.path}`],
    ['destination', `${destination.cluster} ${destination.namespace ?? ''}`],
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([key, value]) => `| ${key} | ${value} |`)].join('\n');
}
