/**
 * `promote FROM TO...`: takes the commit one application runs to the next ones.
 */
import type { Command } from 'commander';
import type { GitOpsClient } from '../../client/gitops-client.js';
import { parseDuration } from '../../domain/duration.js';
import type { PromotionRecord } from '../../domain/promotion/record.js';
import type { PromotionConfig } from '../../schema/promotion-config.js';
import { caller, withSession, type CommandEnvironment, type SetExit } from '../environment.js';
import { exitCodes } from '../failure.js';
import { describePromotion, promotionLine } from '../show-promotion.js';
import { formatOne, outputFormat } from '../table.js';
import type { Terminal } from '../terminal.js';

interface PromoteOptions {
  readonly name?: string;
  readonly revision?: string;
  readonly hold?: string;
  readonly approval?: boolean;
  readonly onFailure?: 'stop' | 'rollback';
  readonly carry?: 'commit' | 'set';
  readonly reason?: string;
  readonly detach?: boolean;
  readonly timeout?: string;
  readonly output: string;
}

export function addPromoteCommand(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  program
    .command('promote')
    .description('take the commit one application runs to the next ones, each behind its gates')
    .argument('<from>', 'name or id of the application whose commit is promoted')
    .argument('<to...>', 'where it goes, in this order')
    .option('--name <name>', 'name of the pipeline, default that of the last application')
    .option('--revision <commit>', 'one that <from> has had healthy, default the one it runs')
    .option('--hold <duration>', 'how long each must be healthy before the next')
    .option('--approval', 'a person says yes before each: workflow approve')
    .option('--on-failure <policy>', 'stop, or rollback: environments changed so far go back')
    .option('--carry <what>', 'commit, or set: the very objects <from> runs')
    .option('--reason <text>', 'why, for the record')
    .option('--detach', 'do not wait; workflow show --follow shows how it goes')
    .option('--timeout <duration>', 'how long to wait; the promotion goes on')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action((from: string, to: string[], options: PromoteOptions, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        const { reason, output, timeout, detach = false } = options;
        const format = outputFormat(output);
        const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
        const why = reason === undefined ? {} : { why: reason };
        const config = configOf(from, to, options);
        const { id } = await client.promotions.start({ config, who: caller(environment.env), ...why });
        if (detach) return environment.terminal.print(id);
        const record = await untilOver(client, id, timeoutMs, environment.terminal);
        environment.terminal.print(formatOne(record, format, () => describePromotion(record)));
        exit(exitOf(record));
      }),
    );
}

function configOf(from: string, to: string[], options: PromoteOptions): PromotionConfig {
  const { name, revision, hold, approval, onFailure, carry } = options;
  const said = Object.entries({ name, revision, hold, approval, on_failure: onFailure, carry });
  return { from, to, ...Object.fromEntries(said.filter(([, value]) => value !== undefined)) };
}

async function untilOver(
  client: GitOpsClient,
  id: string,
  timeoutMs: number | undefined,
  terminal: Terminal,
): Promise<PromotionRecord> {
  terminal.note(`${id}: sloth-runner workflow show ${id}`);
  const told = tellProgress(client, id, terminal);
  try {
    return await client.promotions.wait(id, timeoutMs);
  } finally {
    told.stop();
  }
}

function tellProgress(client: GitOpsClient, id: string, terminal: Terminal): { stop: () => void } {
  const stopped = new AbortController();
  const tell = async (): Promise<void> => {
    let last = '';
    for await (const progress of client.promotions.follow(id, stopped.signal)) {
      const line = promotionLine(progress);
      if (line !== last) terminal.note(line);
      last = line;
    }
  };
  void tell().catch(() => undefined);
  return { stop: () => stopped.abort() };
}

const refusals: ReadonlySet<string> = new Set([
  'NotPromotable',
  'ApprovalRejected',
  'PolicyViolation',
  'ProjectDenied',
]);

/** See docs/cli.md. */
export function exitOf({ status, errorCode = '' }: PromotionRecord): number {
  if (status === 'succeeded') return exitCodes.ok;
  if (status === 'cancelled') return exitCodes.interrupted;
  if (errorCode === 'UnknownApplication') return exitCodes.notFound;
  return refusals.has(errorCode) ? exitCodes.refused : exitCodes.failed;
}
