/**
 * `app wait`: until an application is as wanted, as a gate of a pipeline. Exits 0 then, 5 when the time is over, and with what
 * the sync ended with when the wanted commit was tried in vain.
 */
import type { Command } from 'commander';
import type { WaitGoal } from '../../client/waiting.js';
import type { HealthStatus } from '../../domain/application.js';
import { parseDuration } from '../../domain/duration.js';
import { GitOpsError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import type { ApplicationPhase } from '../../workflows/messages.js';
import { withSession, type CommandEnvironment } from '../environment.js';
import { formatOne, outputFormat } from '../table.js';
import { describeStatus } from './app-view.js';

interface WaitOptions {
  readonly status: string;
  readonly health?: string;
  readonly revision?: string;
  readonly timeout: string;
  readonly output: string;
}

const phases = {
  active: true,
  syncing: true,
  awaiting_approval: true,
  synced: true,
  degraded: true,
  failed: true,
  suspended: true,
} satisfies Record<ApplicationPhase, true>;

const healths = {
  Healthy: true,
  Progressing: true,
  Degraded: true,
  Suspended: true,
  Missing: true,
  Unknown: true,
} satisfies Record<HealthStatus, true>;

export function addWait(app: Command, environment: CommandEnvironment): void {
  app
    .command('wait')
    .description('wait until an application is synced and healthy')
    .argument('<name>', 'name or id')
    .option('--status <status>', 'wanted status', 'synced')
    .option('--health <health>', 'wanted health')
    .option('--revision <commit>', 'commit that has to be live; exits at once when its sync failed')
    .option('--timeout <duration>', 'how long to wait', '5m')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action((name: string, options: WaitOptions, command: Command) => {
      const goal = goalOf(options);
      const format = outputFormat(options.output);
      return withSession(command, environment, async ({ client }) => {
        const commit = goal.revision === undefined ? '' : ` at ${goal.revision.slice(0, 8)}`;
        environment.terminal.note(`waiting for ${name} to be ${goal.status}${commit} ...`);
        const status = await client.waitFor(name, goal);
        environment.terminal.print(formatOne(status, format, () => describeStatus(status)));
      });
    });
}

/** @throws GitOpsError InvalidInput */
export function goalOf({ status, health, revision, timeout }: Omit<WaitOptions, 'output'>): WaitGoal {
  requireWord('--status', status, Object.keys(phases));
  if (health !== undefined) requireWord('--health', health, Object.keys(healths));
  if (revision !== undefined && !/^[0-9a-f]{7,64}$/.test(revision))
    throw new GitOpsError('InvalidInput', `--revision '${revision}' is not a commit`, {
      hint: 'give its hash, or the first 7 characters of it or more: git rev-parse HEAD',
    });
  return {
    status,
    timeoutMs: parseDuration(timeout),
    ...(health === undefined ? {} : { health }),
    ...(revision === undefined ? {} : { revision }),
  };
}

function requireWord(flag: string, word: string, known: readonly string[]): void {
  if (known.includes(word)) return;
  const near = nearest(word, known);
  throw new GitOpsError('InvalidInput', `${flag} '${word}' is none of ${known.join(', ')}`, {
    hint: near === undefined ? `sloth-runner app wait --help` : `did you mean ${near}?`,
  });
}
