/**
 * `sync_policy.health_check` as it is written, to the policy that lives in the specification.
 */
import type { HealthPolicy } from '../domain/application.js';
import { parseDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import type { WorkflowConfig } from '../schema/workflow-config.js';
import { externalChecks } from './external-checks.js';

type HealthConfig = NonNullable<NonNullable<WorkflowConfig['sync_policy']>['health_check']>;

/** On, 5 minutes. @throws GitOpsError InvalidConfig, InvalidInput (durations) */
export function healthPolicy(config: HealthConfig): HealthPolicy {
  const timeoutMs = parseDuration(config.timeout ?? '5m');
  const stableMs = config.stable_for === undefined ? 0 : parseDuration(config.stable_for);
  if (stableMs >= timeoutMs && stableMs > 0)
    throw new GitOpsError(
      'InvalidConfig',
      `health_check: stable_for ${config.stable_for} leaves no time to get healthy`,
      {
        hint: `make it shorter than timeout (${config.timeout ?? '5m'}), or timeout longer`,
      },
    );
  return {
    enabled: config.enabled ?? true,
    timeoutMs,
    degradedGraceMs: 5000,
    ...(stableMs > 0 ? { stableMs } : {}),
    ...(config.checks === undefined || config.checks.length === 0 ? {} : { checks: externalChecks(config.checks) }),
  };
}
