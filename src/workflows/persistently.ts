/**
 * A few attempts at something that is not worth failing for, with pauses between them that grow, and are as long as the other
 * side asks for.
 */
import { ApplicationFailure, condition, isCancellation } from '@temporalio/workflow';
import type { RetryPolicy } from '../domain/application.js';
import { backoffMs } from '../domain/backoff.js';
import { failureOf } from './retry.js';
import { isTimeout } from './steps.js';

/** About two minutes in all, unless the other side asks for longer pauses. */
const policy: RetryPolicy = { limit: 4, strategy: 'exponential', initialMs: 2000, factor: 3, maximumMs: 60_000 };
const longestPauseMs = 10 * 60_000;

interface Persistence {
  /** Nobody needs it any more: no attempt is made after that. */
  readonly over?: (() => boolean) | undefined;
  /** Of failures that a retry may cure, those after which it is safe. */
  readonly again?: (error: unknown) => boolean;
}

/** @returns why it failed in the end; undefined when it did not, or is over. @throws CancelledFailure */
export async function persistently(
  run: () => Promise<unknown>,
  { over = () => false, again = () => true }: Persistence,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      await run();
      return undefined;
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (attempt > policy.limit || !mayHelp(error) || !again(error)) return failureOf(error).message;
      if (await condition(over, pauseMs(error, attempt))) return undefined;
    }
  }
}

/** What an activity knows to be in vain it says itself; a worker that was lost is no verdict. */
function mayHelp(error: unknown): boolean {
  return isTimeout(error) || applicationFailure(error)?.nonRetryable !== true;
}

function pauseMs(error: unknown, attempt: number): number {
  const asked = Number(applicationFailure(error)?.nextRetryDelay ?? 0);
  return Math.min(longestPauseMs, Math.max(asked || 0, backoffMs(policy, attempt)));
}

function applicationFailure(error: unknown): ApplicationFailure | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ApplicationFailure) return cause;
  return undefined;
}
