/**
 * Verdicts of the workflow itself (not of an activity) that end a sync, in the shape of any other failure.
 */
import { ApplicationFailure } from '@temporalio/workflow';
import type { ErrorCode } from '../domain/errors.js';
import { describeReference } from '../domain/object.js';
import { describeShrink } from '../domain/shrink.js';
import type { HealthCheckResult, Shrink } from '../domain/sync.js';

export function phaseFailure(code: ErrorCode | (string & {}), message: string, hint?: string): ApplicationFailure {
  const details = hint === undefined ? [] : [{ hint }];
  return ApplicationFailure.create({ type: code, message, nonRetryable: true, details });
}

/** As many as a person reads in a record. */
const shown = 5;

export function policyViolation(violations: readonly string[]): ApplicationFailure {
  const more = violations.length > shown ? `; and more` : '';
  const message = `policies forbid this sync; nothing was written: ${violations.slice(0, shown).join('; ')}${more}`;
  return phaseFailure(
    'PolicyViolation',
    message,
    'app diff shows every violation; correct the manifests and commit again',
  );
}

export function shrinkHeld(shrink: Shrink): ApplicationFailure {
  const message = `${describeShrink(shrink)}; nothing was written`;
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
