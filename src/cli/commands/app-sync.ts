/**
 * `app sync`, `app rollback`: asking for a run and waiting for its end. Ctrl-C leaves it running.
 */
import type { Command } from 'commander';
import { parseDuration } from '../../domain/duration.js';
import { GitOpsError } from '../../domain/errors.js';
import { resourceFilter } from '../../domain/resource-selection.js';
import type { RollbackChoice } from '../../domain/rollback-choice.js';
import type { SyncRecord } from '../../domain/sync-record.js';
import type { SyncRequest, SyncTicket } from '../../workflows/messages.js';
import { caller, withSession, type CommandEnvironment, type SetExit } from '../environment.js';
import { exitCodes } from '../failure.js';
import type { Session } from '../session.js';
import { withProgress } from '../sync-progress.js';
import { formatOne, outputFormat, type OutputFormat } from '../table.js';
import type { Terminal } from '../terminal.js';
import { countsOf } from './app-view.js';

interface SyncOptions {
  readonly revision?: string;
  readonly prune?: boolean;
  readonly allowShrink?: boolean;
  readonly dryRun?: boolean;
  readonly alone?: boolean;
  readonly resource?: string[];
  readonly detach?: boolean;
  readonly timeout?: string;
  readonly output: string;
}

export function addSync(app: Command, environment: CommandEnvironment, exit: SetExit): void {
  app
    .command('sync')
    .description('make the cluster what the repository says, and wait until it is healthy')
    .argument('<name>', 'name or id')
    .option('--revision <rev>', 'branch, tag or commit instead of the tracked branch')
    .option('--prune', 'delete objects that left the repository')
    .option('--allow-shrink', 'prune also when that takes away more than 30 % of the objects')
    .option('--alone', 'do not wait for the applications it depends on')
    .option('--dry-run', 'everything up to the first write')
    .option('--resource <group:kind:name>', 'only this object (repeatable)', (text: string, all: string[] = []) => [
      ...all,
      text,
    ])
    .option('--detach', 'do not wait')
    .option('--timeout <duration>', 'how long to wait; the sync goes on after it')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action((name: string, options: SyncOptions, command: Command) =>
      withSession(command, environment, async (session) => {
        const waiting = waitingOf(options);
        const ticket = await session.client.sync(name, {
          ...requestOf(options),
          trigger: 'manual',
          who: caller(environment.env),
        });
        exit(await settle(session, ticket, waiting, environment.terminal));
      }),
    );
}

function requestOf({ revision, prune, allowShrink, dryRun, alone, resource }: SyncOptions): SyncRequest {
  return {
    ...(revision === undefined ? {} : { revision }),
    ...(prune === undefined ? {} : { prune }),
    ...(allowShrink === undefined ? {} : { allowShrink }),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(alone === undefined ? {} : { alone }),
    ...(resource === undefined ? {} : { resources: resource }),
  };
}

interface RollbackOptions extends SyncOptions {
  readonly to?: string;
  readonly reason: string;
}

export function addRollback(app: Command, environment: CommandEnvironment, exit: SetExit): void {
  app
    .command('rollback')
    .description('return to an earlier healthy set; by default the last one of another revision')
    .argument('<name>', 'name or id')
    .argument('[target]', 'a sync id such as sync-3, or the value that belongs to --to')
    .option('--to <kind>', 'commit, timestamp, sync or previous')
    .option('--reason <text>', 'why, for the record', 'Manual rollback')
    .option('--detach', 'do not wait')
    .option('--timeout <duration>', 'how long to wait; the rollback goes on after it')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action((name: string, target: string | undefined, options: RollbackOptions, command: Command) =>
      withSession(command, environment, async (session) => {
        const choice = choiceOf(options.to, target);
        const waiting = waitingOf(options);
        const ticket = await session.client.rollback(name, options.reason, choice, {
          trigger: 'manual',
          who: caller(environment.env),
        });
        exit(await settle(session, ticket, waiting, environment.terminal));
      }),
    );
}

/** @throws GitOpsError InvalidInput */
export function choiceOf(kind: string | undefined, value: string | undefined): RollbackChoice {
  const to = kind ?? (value === undefined ? 'previous' : 'sync');
  if (to === 'previous') return { to };
  if (value === undefined)
    throw new GitOpsError('InvalidInput', `--to ${to} needs a value`, {
      hint: `write: rollback NAME VALUE --to ${to}`,
    });
  if (to === 'commit') return { to, commit: value };
  if (to === 'sync') return { to, sync: value };
  if (to === 'timestamp' && !Number.isNaN(Date.parse(value))) return { to, timestamp: value };
  throw new GitOpsError('InvalidInput', `cannot roll back to ${to} '${value}'`, {
    hint: 'use --to commit, --to timestamp (RFC 3339) or --to sync',
  });
}

interface Waiting {
  readonly format: OutputFormat;
  readonly detach: boolean;
  readonly timeoutMs: number | undefined;
}

/** Read before anything is asked for: a mistake in a flag must not leave a sync behind. @throws GitOpsError InvalidInput */
function waitingOf({ output, detach = false, timeout, resource }: SyncOptions): Waiting {
  resourceFilter(resource);
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
  return { format: outputFormat(output), detach, timeoutMs };
}

async function settle(
  session: Session,
  ticket: SyncTicket,
  { format, detach, timeoutMs }: Waiting,
  terminal: Terminal,
): Promise<number> {
  if (detach) {
    terminal.print(formatOne(ticket, format, () => ticket.workflowId));
    return exitCodes.ok;
  }
  terminal.note(
    `${ticket.sync}${ticket.queued ? ' waits for the sync that runs now' : ' is running'} (${ticket.workflowId})`,
  );
  const record = await withProgress(session.client, ticket, terminal, session.client.wait(ticket, timeoutMs));
  terminal.print(formatOne(record, format, () => describeRecord(record)));
  return exitOf(record);
}

/** The counts, the verdict; the steps were told as they went by. */
export function describeRecord(record: SyncRecord): string {
  const revision = record.revision === undefined ? '' : ` ${record.revision.slice(0, 8)}`;
  const warnings = (record.warnings ?? []).map((warning) => `warning: ${warning}\n`).join('');
  return `${record.id}${revision}: ${countsOf(record)}\n${warnings}${record.status}: ${record.message}`;
}

const refusals: ReadonlySet<string> = new Set([
  ...['PolicyViolation', 'ProjectDenied', 'ShrinkHeld', 'GateRefused'],
  ...['ApprovalRejected', 'ApprovalExpired', 'SyncWindowClosed'],
]);

const conflicts: ReadonlySet<string> = new Set(['FieldConflict', 'OwnershipConflict', 'PlanMismatch']);

/** Exit code of a finished sync, see cli.md. */
export function exitOf({ status, health, errorCode }: SyncRecord): number {
  if (status === 'succeeded') return isWell(health) ? exitCodes.ok : exitCodes.degraded;
  if (status === 'prune_waiting') return exitCodes.degraded;
  if (status === 'cancelled') return exitCodes.interrupted;
  if (errorCode !== undefined && refusals.has(errorCode)) return exitCodes.refused;
  return errorCode !== undefined && conflicts.has(errorCode) ? exitCodes.conflict : exitCodes.failed;
}

function isWell(health: SyncRecord['health']): boolean {
  return health === undefined || health === 'Healthy' || health === 'Suspended';
}
