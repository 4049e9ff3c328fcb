/**
 * Verdicts of the workflow itself (not of an activity) that end a sync, in the shape of any other failure.
 */
import { ApplicationFailure } from '@temporalio/workflow';
import type { ErrorCode } from '../domain/errors.js';
import { describeReference } from '../domain/object.js';
import type { HealthCheckResult, ObjectHealth, WaveSummary } from '../domain/sync.js';

/** @param more what the failure is to carry besides: `replan`, see WriteFailure */
export function phaseFailure(
  code: ErrorCode | (string & {}),
  message: string,
  hint?: string,
  more: { readonly replan?: true } = {},
): ApplicationFailure {
  const details = hint === undefined && more.replan === undefined ? [] : [{ ...(hint ? { hint } : {}), ...more }];
  return ApplicationFailure.create({ type: code, message, nonRetryable: true, details });
}

/** Names the worst object and its own reason. */
export function healthFailure(health: HealthCheckResult): ApplicationFailure {
  const [worst, ...others] = health.unhealthy;
  const what = worst
    ? `${describeReference(worst.object)} is ${worst.status}: ${worst.message}`
    : `health is ${health.status}`;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return phaseFailure(
    health.timedOut ? 'HealthCheckTimeout' : 'HealthCheckFailed',
    `Health check failed: ${what}${more}`,
  );
}

/** A hook that failed, or was not done in time. */
export function hookFailure(
  { phase = 'Sync' }: WaveSummary,
  { object, status, message }: ObjectHealth,
  timedOut: boolean,
): ApplicationFailure {
  const what = timedOut && status !== 'Degraded' ? 'is not done in time' : 'failed';
  return phaseFailure('HookFailed', `${phase} hook ${describeReference(object)} ${what}: ${message}`);
}
