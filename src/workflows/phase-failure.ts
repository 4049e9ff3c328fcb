/**
 * Verdicts of the workflow itself (not of an activity) that end a sync, in the shape of any other failure.
 */
import { ApplicationFailure } from '@temporalio/workflow';
import type { ErrorCode } from '../domain/errors.js';
import { describeReference } from '../domain/object.js';
import { describeShrink } from '../domain/shrink.js';
import type { HealthCheckResult, ObjectHealth, Shrink, WaveSummary } from '../domain/sync.js';

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

/** As many as a person reads in a record. */
const shown = 5;

/** @param wrote whether an earlier plan of the same sync was begun */
export function policyViolation(
  violations: readonly string[],
  wrote: boolean,
  hint = 'app diff shows every violation; correct the manifests and commit again',
): ApplicationFailure {
  const more = violations.length > shown ? `; and more` : '';
  const message = `policies forbid this sync; ${left(wrote)}: ${violations.slice(0, shown).join('; ')}${more}`;
  return phaseFailure('PolicyViolation', message, hint);
}

function left(wrote: boolean): string {
  return wrote ? 'the rest was not written' : 'nothing was written';
}

export function shrinkHeld(shrink: Shrink, wrote: boolean): ApplicationFailure {
  const message = `${describeShrink(shrink)}; ${left(wrote)}`;
  return phaseFailure('ShrinkHeld', message, 'when that is meant: sloth-runner app sync NAME --prune --allow-shrink');
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
