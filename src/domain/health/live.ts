/**
 * The health of what an application owns, object by object, as `health APP` shows it.
 */
import type { HealthStatus } from '../application.js';
import { groupOf, type ObjectReference } from '../object.js';
import type { DocumentHealth } from './documents.js';
import { compareHealth, worstOf, type Verdict } from './status.js';

export interface JudgedObject {
  readonly reference: ObjectReference;
  readonly verdict: Verdict;
  /** Its health does not count. */
  readonly ignored: boolean;
}

export interface LiveHealthReport {
  readonly status: HealthStatus;
  readonly healthy: number;
  readonly total: number;
  /** Worst first; those that do not count come last, with a word on that. */
  readonly objects: readonly DocumentHealth[];
}

export function liveHealthReport(judged: readonly JudgedObject[]): LiveHealthReport {
  const counted = judged.filter((j) => !j.ignored);
  const worstFirst = [...counted].sort((a, b) => compareHealth(b.verdict.status, a.verdict.status));
  return {
    status: worstOf(counted.map((j) => j.verdict.status)),
    healthy: counted.filter((j) => j.verdict.status === 'Healthy').length,
    total: counted.length,
    objects: [...worstFirst, ...judged.filter((j) => j.ignored)].map(lineOf),
  };
}

function lineOf({ reference, verdict, ignored }: JudgedObject): DocumentHealth {
  const { apiVersion, kind, namespace = '', name } = reference;
  const message = ignored ? ['does not count', verdict.message].filter(Boolean).join(': ') : verdict.message;
  return { group: groupOf(apiVersion), kind, namespace, name, status: verdict.status, message };
}
