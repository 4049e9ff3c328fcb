/**
 * Policies against one change. Every violation is found, not the first alone.
 */
import { describeReference } from '../object.js';
import type { Complaint, Policy, PolicyRequest, PolicyRule, Violation } from './policy.js';

export function violationsOf(policies: readonly Policy[], request: PolicyRequest): Violation[] {
  return policies.filter((policy) => concerns(policy, request)).flatMap((policy) => judge(policy, request));
}

/** A repository must not be able to keep the engine from pruning what it once brought. */
function concerns({ origin }: Policy, { operation }: PolicyRequest): boolean {
  return operation !== 'DELETE' || origin === 'operator';
}

function judge(policy: Policy, request: PolicyRequest): Violation[] {
  const applies = policy.applies(request);
  if (applies === false) return [];
  if (applies !== true) return [violation(policy, 'match', applies, request)];
  return policy.rules.flatMap((rule: PolicyRule) =>
    rule.check(request).map((complaint) => violation(policy, rule.name, complaint, request)),
  );
}

function violation(
  { name, action }: Policy,
  rule: string,
  complaint: Complaint,
  { reference, source }: PolicyRequest,
): Violation {
  return { policy: name, rule, action, reference, ...complaint, ...(source === undefined ? {} : { source }) };
}

/** `Deployment shop/web: spec.replicas: at most 10 (policy limits, web.yaml:12)` */
export function describeViolation({ reference, field, message, policy, source }: Violation): string {
  const what = field === '' ? message : `${field}: ${message}`;
  const where = source === undefined ? '' : `, ${source}`;
  return `${describeReference(reference)}: ${what} (policy ${policy}${where})`;
}
