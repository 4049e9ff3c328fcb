/**
 * Conditions, and the rule for kinds we know nothing of but their conditions: that of kstatus
 * (https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus).
 */
import type { KubernetesObject } from '../object.js';
import { degraded, healthy, progressing, type HealthRule, type Verdict } from './status.js';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What is no list of conditions counts as none. */
export function conditionsOf(object: KubernetesObject): readonly Condition[] {
  const { conditions } = (object['status'] ?? {}) as { conditions?: readonly Condition[] };
  return Array.isArray(conditions) ? (conditions as readonly Condition[]) : [];
}

export function conditionOf(object: KubernetesObject, type: string): Condition | undefined {
  return conditionsOf(object).find((c) => c.type === type);
}

export function isTrue(condition: Condition | undefined): condition is Condition {
  return condition?.status === 'True';
}

/** `Reason: message` */
export function explain({ type, reason, message }: Condition): string {
  return [reason ?? type, message].filter(Boolean).join(': ');
}

export const pendingDeletion = progressing('Pending deletion');

export function isBeingDeleted({ metadata }: KubernetesObject): boolean {
  return (metadata.deletionTimestamp ?? undefined) !== undefined;
}

/** What holds for every kind: being deleted, or not yet looked at by its controller. */
export function genericVerdict(object: KubernetesObject): Verdict | undefined {
  const { generation } = object.metadata;
  const { observedGeneration } = (object['status'] ?? {}) as { observedGeneration?: number };
  if (isBeingDeleted(object)) return pendingDeletion;
  if (observedGeneration !== undefined && generation !== undefined && observedGeneration < generation) {
    return progressing(`generation ${generation} is not observed yet`);
  }
  return undefined;
}

/** No Ready condition at all counts as healthy: most kinds (ConfigMap, Role, ...) have nothing to wait for. */
export const byConditions: HealthRule = (object) => {
  const [stalled, reconciling, ready] = ['Stalled', 'Reconciling', 'Ready'].map((type) => conditionOf(object, type));
  if (isTrue(stalled)) return degraded(explain(stalled));
  if (isTrue(reconciling)) return progressing(explain(reconciling));
  if (ready !== undefined && !isTrue(ready)) return progressing(explain(ready));
  return healthy();
};
