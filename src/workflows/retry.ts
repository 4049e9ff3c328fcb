/**
 * Retries by the application's own policy (`sync_policy.retry`): exponential, linear or fixed back-off, visible in
 * the history as a timer that says what failed and which attempt comes next.
 */
import { ApplicationFailure, isCancellation, sleep } from '@temporalio/workflow';
import type { RetryPolicy } from '../domain/application.js';
import { backoffMs } from '../domain/backoff.js';
import { formatDuration } from '../domain/duration.js';
import { errorRules, GitOpsError, isErrorCode } from '../domain/errors.js';
import { clip, isTimeout } from './steps.js';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Only another plan helps. */
  readonly replan?: true;
}

/**
 * Runs a phase, again after a pause while it fails for a reason that a retry may cure and the policy has attempts left.
 * @throws what the last attempt threw; cancellation at once
 */
export function withRetries<T>(policy: RetryPolicy, phase: string, run: () => Promise<T>): Promise<T> {
  const attempt = (number: number): Promise<T> =>
    begun(run).catch((error: unknown) => {
      if (number > policy.limit || !worthRetrying(error)) throw error;
      return pause(policy, phase, number, failureOf(error)).then(() => attempt(number + 1));
    });
  return attempt(1);
}

/** What fails before it waits rejects as well. */
export function begun<T>(run: () => Promise<T>): Promise<T> {
  try {
    return run();
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

async function pause(policy: RetryPolicy, phase: string, attempt: number, failure: Failure): Promise<void> {
  const ms = backoffMs(policy, attempt);
  const next = `attempt ${attempt + 1} of ${policy.limit + 1}`;
  await sleep(ms, { summary: clip(`${phase}: ${next} in ${formatDuration(ms)}, after ${failure.code}`) });
}

function worthRetrying(error: unknown): boolean {
  if (isCancellation(error)) return false;
  const { code, replan } = failureOf(error);
  return replan === undefined && isErrorCode(code) && errorRules[code].retryable;
}

/** Code and message of whatever a step threw, looking through Temporal's wrappers. */
export function failureOf(error: unknown): Failure {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure) return ofApplicationFailure(cause);
    if (cause instanceof GitOpsError)
      return { code: cause.code, message: cause.message, ...(cause.hint === undefined ? {} : { hint: cause.hint }) };
  }
  return { code: isTimeout(error) ? 'Timeout' : 'Internal', message: rootMessage(error) };
}

function ofApplicationFailure(failure: ApplicationFailure): Failure {
  const { hint, replan } = (failure.details?.[0] ?? {}) as Pick<Failure, 'hint' | 'replan'>;
  const base = { code: failure.type ?? 'Internal', message: failure.message };
  return { ...base, ...(hint === undefined ? {} : { hint }), ...(replan === undefined ? {} : { replan }) };
}

function rootMessage(error: unknown): string {
  let message = String(error);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) message = cause.message;
  return message;
}
