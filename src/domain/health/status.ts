/**
 * Verdicts on health and how they add up.
 */
import type { HealthStatus } from '../application.js';
import type { KubernetesObject } from '../object.js';

export interface Verdict {
  readonly status: HealthStatus;
  readonly message: string;
}

export const healthy = (message = ''): Verdict => ({ status: 'Healthy', message });
export const progressing = (message: string): Verdict => ({ status: 'Progressing', message });
export const degraded = (message: string): Verdict => ({ status: 'Degraded', message });
export const suspended = (message: string): Verdict => ({ status: 'Suspended', message });
export const missing = (message: string): Verdict => ({ status: 'Missing', message });
export const unknown = (message: string): Verdict => ({ status: 'Unknown', message });

/** Best first, as Argo CD orders them. */
const order: readonly HealthStatus[] = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'];

/** Above zero when `a` is worse than `b`. */
export function compareHealth(a: HealthStatus, b: HealthStatus): number {
  return order.indexOf(a) - order.indexOf(b);
}

/** The worst of them; Healthy when there are none. */
export function worstOf(statuses: Iterable<HealthStatus>): HealthStatus {
  let worst: HealthStatus = 'Healthy';
  for (const status of statuses) if (compareHealth(status, worst) > 0) worst = status;
  return worst;
}

/** Objects of other kinds that a rule may look at; those of other owners do no harm. */
export interface Related {
  readonly replicaSets: readonly KubernetesObject[];
  readonly pods: readonly KubernetesObject[];
}

export const nothingRelated: Related = { replicaSets: [], pods: [] };

export type HealthRule = (object: KubernetesObject, related: Related) => Verdict;

/** The verdict of rules that a user brought, which beat the built-in ones; undefined where there is none. */
export type CustomHealth = (object: KubernetesObject) => Verdict | undefined;
