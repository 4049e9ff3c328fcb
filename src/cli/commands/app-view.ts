/**
 * `app list`, `app get`, `app history`: looking at applications.
 */
import type { Command } from 'commander';
import { waitingPlan } from '../../client/approvals.js';
import type { ApplicationSummary } from '../../client/listing.js';
import { shortDigest } from '../../domain/approval.js';
import { formatDuration } from '../../domain/duration.js';
import { describeGate } from '../../domain/gate.js';
import type { SyncRecord } from '../../domain/sync-record.js';
import type { ApplicationStatus, KnownDrift } from '../../workflows/messages.js';
import { withSession, type CommandEnvironment } from '../environment.js';
import { age, formatList, formatOne, outputFormat, type Column } from '../table.js';

const outputOption = ['-o, --output <format>', 'table, wide, json, yaml or name', 'table'] as const;

const listColumns: readonly Column<ApplicationSummary>[] = [
  { title: 'NAME', value: (a) => a.name },
  { title: 'STATUS', value: (a) => (a.drift ? 'drifted' : a.status) },
  { title: 'HEALTH', value: (a) => a.health },
  { title: 'REVISION', value: (a) => a.revision.slice(0, 8) },
  { title: 'AUTO-SYNC', value: (a) => (a.autoSync ? 'on' : 'off') },
  { title: 'AGE', value: (a) => age(a.createdAt) },
  { title: 'ID', value: (a) => a.id, wide: true },
  { title: 'REPOSITORY', value: (a) => a.repository, wide: true },
  { title: 'PROJECT', value: (a) => a.project, wide: true },
  { title: 'CLUSTER', value: (a) => a.cluster, wide: true },
];

export function addList(app: Command, environment: CommandEnvironment): void {
  app
    .command('list')
    .description('list applications, oldest first')
    .option(...outputOption)
    .action((options: { output: string }, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        const format = outputFormat(options.output);
        const apps = await client.list();
        if (apps.length === 0 && format === 'table')
          environment.terminal.note('no applications yet; declare one with gitops.workflow{ repo = ... }');
        else environment.terminal.print(formatList(apps, listColumns, format));
        const waiting = apps.filter(({ status }) => status === 'awaiting_approval').map((a) => a.name);
        if (waiting.length > 0 && format === 'table')
          environment.terminal.note(
            `to approve: ${waiting.map((name) => `sloth-runner app approve ${name}`).join(' · ')}`,
          );
      }),
    );
}

export function addGet(app: Command, environment: CommandEnvironment): void {
  app
    .command('get')
    .description('status, health and last sync of an application')
    .argument('<name>', 'name or id')
    .option(...outputOption)
    .action((name: string, options: { output: string }, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        const status = await client.status(name);
        environment.terminal.print(formatOne(status, outputFormat(options.output), () => describeStatus(status)));
      }),
    );
}

/** One line a fact, those that are not so left out. */
export function describeStatus(status: ApplicationStatus): string {
  const { spec, lastSync, rejected, suspended, frozen, drift } = status;
  const { source, destination } = spec;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Name', spec.name],
    ['Id', spec.id],
    ['Status', status.status],
    ['Health', status.health],
    ['Revision', status.revision],
    ['Repository', `${source.url} ${source.branch} ${source.path}`],
    ['Destination', `${destination.cluster}${destination.namespace === undefined ? '' : `/${destination.namespace}`}`],
    [
      'Auto-sync',
      spec.autoSync
        ? `on, every ${spec.syncIntervalMs === null ? 'never' : formatDuration(spec.syncIntervalMs)}`
        : 'off',
    ],
    ['Suspended', suspended && `by ${suspended.who} at ${suspended.at}${suspended.why ? `: ${suspended.why}` : ''}`],
    [
      'Frozen',
      frozen && `auto-sync stands still since sync-${frozen.sync}, until a sync or a rollback by hand gets through`,
    ],
    ['Rejected', rejected && `${rejected.revision.slice(0, 8)} (sync-${rejected.sync}): ${rejected.reason}`],
    ['Drift', drift && describeDrift(drift)],
    ['Self-heal', spec.selfHeal ? `on${describeCorrections(status)}` : undefined],
    ['Fight', drift?.fight && `corrected again and again, and set again: ${drift.fight}`],
    ['Gate', lastSync?.gate && `${lastSync.id}: ${describeGate(lastSync.gate)}`],
    ['Answer', answerTo(status)],
    ['Waiting', status.waiting],
    ['Last sync', lastSync && `${lastSync.id} ${lastSync.status}: ${lastSync.message}`],
    ['Changes', lastSync && countsOf(lastSync)],
    ...(lastSync?.warnings ?? []).map((warning) => ['Warning', warning] as const),
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [`${`${name}:`.padEnd(13)}${value}`])).join('\n');
}

function answerTo(status: ApplicationStatus): string | undefined {
  const plan = waitingPlan(status);
  if (plan === undefined || status.status !== 'awaiting_approval') return undefined;
  const digest = shortDigest(plan.approval.digest);
  return `sloth-runner app approve ${plan.name} --digest ${digest} · app reject ${plan.name} --reason TEXT`;
}

/** `2 objects since 2026-...: ConfigMap shop/web: .data.greeting (kubectl-edit); ...` */
export function describeDrift({ count, fields, since }: KnownDrift): string {
  const more = count > fields.length ? [`and ${count - fields.length} more`] : [];
  return `${count} ${count === 1 ? 'object' : 'objects'} since ${since}: ${[...fields, ...more].join('; ')}`;
}

function describeCorrections({ corrections, drift }: ApplicationStatus): string {
  if (corrections === undefined) return '';
  const next = drift?.next === undefined ? '' : `, next at ${drift.next}`;
  return `, corrected ${corrections.count} in a row, last at ${corrections.at}${next}`;
}

export function countsOf({ changes }: SyncRecord): string {
  const anew = changes.recreated === undefined ? '' : ` (${changes.recreated} of them deleted and created anew)`;
  return `${changes.created} created, ${changes.updated} updated${anew}, ${changes.deleted} deleted, ${changes.unchanged} unchanged`;
}

const historyColumns: readonly Column<SyncRecord>[] = [
  { title: 'ID', value: (r) => r.id },
  { title: 'REVISION', value: (r) => r.revision?.slice(0, 8) ?? '' },
  { title: 'STATUS', value: (r) => r.status },
  { title: 'STARTED', value: (r) => r.startedAt },
  { title: 'DURATION', value: (r) => formatDuration(r.metrics.durationMs) },
  { title: 'TRIGGER', value: (r) => r.trigger },
  { title: 'WHO', value: (r) => r.who },
  { title: 'MESSAGE', value: (r) => r.message },
  { title: 'STEPS', value: (r) => r.steps.map((s) => s.phase).join(','), wide: true },
];

export function addHistory(app: Command, environment: CommandEnvironment): void {
  app
    .command('history')
    .description('finished syncs of an application, oldest first')
    .argument('<name>', 'name or id')
    .option('--limit <n>', 'only the last n', Number)
    .option(...outputOption)
    .action((name: string, options: { output: string; limit?: number }, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        const records = await client.history(name, options.limit);
        environment.terminal.print(formatList(records, historyColumns, outputFormat(options.output)));
      }),
    );
}
