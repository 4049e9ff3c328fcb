/**
 * How much a change can hurt (lua-api.md 2.3).
 */
import { groupOf, type KubernetesObject } from '../object.js';
import { semanticallyEqual } from './semantic-equality.js';

export type ChangeType = 'create' | 'update' | 'delete';
export type Impact = 'low' | 'medium' | 'high' | 'critical';

export interface Change {
  readonly type: ChangeType;
  readonly before: KubernetesObject | undefined;
  readonly after: KubernetesObject | undefined;
  /** An update that deletes the object and creates it anew. */
  readonly recreated?: true;
}

interface Rule {
  readonly impact: Impact;
  /** Completes "Deployment/web: ...". */
  readonly reason: string;
  readonly applies: (change: Change) => boolean;
}

/** Deleting one of these takes along what no manifest brings back. */
const irreplaceable: ReadonlySet<string> = new Set([
  '/PersistentVolume',
  '/PersistentVolumeClaim',
  '/Namespace',
  'apiextensions.k8s.io/CustomResourceDefinition',
  '/Secret',
]);

const podOwners: ReadonlySet<string> = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/DaemonSet']);

const manyReplicas = 10;

/** The first rule that applies decides. */
const rules: readonly Rule[] = [
  {
    impact: 'critical',
    reason: 'deleting it loses data',
    applies: (c) => c.type === 'delete' && irreplaceable.has(kindOf(c)),
  },
  { impact: 'high', reason: 'it is deleted', applies: (c) => c.type === 'delete' },
  { impact: 'high', reason: 'it is deleted and created anew', applies: (c) => c.recreated === true },
  { impact: 'medium', reason: `scaled above ${manyReplicas} replicas`, applies: isScaledFar },
  { impact: 'medium', reason: 'its pods restart', applies: restartsPods },
];

export function impactOf(change: Change): Impact {
  return rules.find((rule) => rule.applies(change))?.impact ?? 'low';
}

export function reasonOf(change: Change): string {
  return rules.find((rule) => rule.applies(change))?.reason ?? 'nothing that runs is disturbed';
}

function kindOf({ before, after }: Change): string {
  const object = before ?? after;
  return object === undefined ? '' : `${groupOf(object.apiVersion)}/${object.kind}`;
}

function isScaledFar(change: Change): boolean {
  const [from, to] = [replicasOf(change.before), replicasOf(change.after)];
  return kindOf(change) === 'apps/Deployment' && to > manyReplicas && to !== from;
}

function replicasOf(object: KubernetesObject | undefined): number {
  const { replicas } = (object?.['spec'] ?? {}) as { replicas?: number };
  return object === undefined ? 0 : (replicas ?? 1);
}

function restartsPods(change: Change): boolean {
  if (change.type !== 'update' || !podOwners.has(kindOf(change))) return false;
  return !semanticallyEqual(templateOf(change.before), templateOf(change.after));
}

function templateOf(object: KubernetesObject | undefined): unknown {
  return (object?.['spec'] as { template?: unknown } | undefined)?.template;
}
