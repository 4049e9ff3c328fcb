/**
 * How an error looks on a terminal: what happened, why, what to type next. Never a stack trace, unless asked for.
 */
import { CommanderError } from 'commander';
import { errorRules, GitOpsError } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import type { Terminal } from './terminal.js';

export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 4,
  timeout: 5,
  degraded: 6,
  refused: 7,
  conflict: 8,
  interrupted: 130,
} as const;

const bugHint = 'this is a bug of ours; run again with --debug and report what it prints';

/** Prints the error to stderr and gives the exit code that goes with it. */
export function reportFailure(error: unknown, terminal: Terminal, debug = false): number {
  if (error instanceof CommanderError) return ofCommander(error);
  const known = error instanceof GitOpsError ? error : new GitOpsError('Internal', messageOf(error), { cause: error });
  terminal.error(`${terminal.paint.red('error:')} ${redact(known.message)}`);
  terminal.error(`  code: ${known.code}`);
  known.trace.forEach((line) => terminal.error(`    at ${redact(line)}`));
  const next = known.hint ?? (known.code === 'Internal' ? bugHint : undefined);
  if (next !== undefined) terminal.error(`  next: ${redact(next)}`);
  if (debug) terminal.error(stackOf(error));
  return errorRules[known.code].exit;
}

/** Commander has printed its message already; `--help` and `--version` are no failures. */
function ofCommander(error: CommanderError): number {
  return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  const chain: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    chain.push(cause.stack ?? cause.message);
  return redact(chain.join('\ncaused by: '));
}
