/**
 * `app diff`: what a sync would change. Exits 0 when nothing, 1 when something, 2 when it could not be found out.
 */
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { PreviewOptions } from '../../client/looks.js';
import { formatDuration, parseDuration } from '../../domain/duration.js';
import { GitOpsError } from '../../domain/errors.js';
import { describeDiff } from '../describe-diff.js';
import { withSession, type CommandEnvironment, type SetExit } from '../environment.js';
import { exitCodes, reportFailure } from '../failure.js';
import { formatOne, outputFormat } from '../table.js';

interface DiffOptions {
  readonly revision?: string;
  readonly prune?: boolean;
  readonly local?: string;
  readonly comment?: number;
  readonly timeout?: string;
  readonly output: string;
}

export function addDiff(app: Command, environment: CommandEnvironment, exit: SetExit): void {
  app
    .command('diff')
    .description('what a sync would change; exits 1 on changes, 2 on errors')
    .argument('<name>', 'name or id')
    .option('--revision <rev>', 'branch, tag or commit instead of the tracked branch')
    .option('--local <folder>', "a folder of this machine instead of the repository's path")
    .option('--comment <number>', 'write it into that pull request as well, in the place of the one before', pullNumber)
    .option('--timeout <duration>', 'how long to wait for the answer')
    .option('--prune', 'show what pruning would delete')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action(async (name: string, options: DiffOptions, command: Command) => {
      try {
        exit(await diff(name, options, command, environment));
      } catch (error) {
        reportFailure(error, environment.terminal, command.optsWithGlobals<{ debug?: boolean }>().debug);
        exit(exitCodes.usage);
      }
    });
}

function diff(name: string, options: DiffOptions, command: Command, environment: CommandEnvironment): Promise<number> {
  const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout);
  return withSession(command, environment, async ({ client }) => {
    environment.terminal.note(`comparing ${name} with the cluster ...`);
    const asked = client.preview(name, previewOptions(options));
    const preview = await (timeoutMs === undefined ? asked : inTime(asked, timeoutMs));
    const report = await client.readReport(preview);
    const head = {
      app: name,
      revision: preview.revision,
      generated_at: preview.generatedAt,
      plan_digest: preview.planDigest,
    };
    const text = (): string => describeDiff(report, preview.revision, environment.terminal);
    environment.terminal.print(formatOne({ ...head, ...report }, outputFormat(options.output), text));
    if (options.comment !== undefined) {
      await client.commentOn(name, options.comment, preview);
      environment.terminal.note(`commented on pull request ${options.comment}`);
    }
    return report.summary.total_changes > 0 || report.conflicts.length > 0 || report.policy.length > 0
      ? exitCodes.failed
      : exitCodes.ok;
  });
}

/** @throws GitOpsError InvalidInput for a revision of a folder, which has none */
function previewOptions({ revision, prune, local }: DiffOptions): PreviewOptions {
  if (revision !== undefined && local !== undefined) {
    throw new GitOpsError('InvalidInput', '--revision and --local cannot go together', {
      hint: 'a local folder is compared as it is; leave one of them out',
    });
  }
  return {
    ...(revision === undefined ? {} : { revision }),
    ...(prune ? { prune } : {}),
    ...(local === undefined ? {} : { folder: resolve(local) }),
  };
}

function pullNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new GitOpsError('InvalidInput', `--comment '${text}' is not the number of a pull request`);
}

/** The preview goes on, and changes nothing. @throws GitOpsError Timeout */
async function inTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  const timer = new AbortController();
  const late = delay(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new GitOpsError('Timeout', `there is no diff after ${formatDuration(timeoutMs)}`, {
      hint: 'sloth-runner server status says whether a worker runs',
    });
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
