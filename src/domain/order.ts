/**
 * In which order objects are written: phase, wave, kind, name. Deletion runs the other way.
 *
 * The kind table merges those of fluxcd/pkg `ssa/sort.go` and argo-cd `gitops-engine/pkg/sync/sync_tasks.go`:
 * definitions first, then what others refer to, then workloads, then what routes to them; webhook configurations last,
 * because they can block every write that follows.
 */
import { groupOf, type ObjectReference } from './object.js';

const kindOrder = [
  'CustomResourceDefinition',
  'Namespace',
  'ClusterRole',
  'RuntimeClass',
  'PriorityClass',
  'StorageClass',
  'VolumeSnapshotClass',
  'IngressClass',
  'GatewayClass',
  'ClusterRoleBinding',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ConfigMap',
  'Secret',
  'Service',
  'DaemonSet',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'Pod',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'Ingress',
  'APIService',
];

const kindsLast = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

const rankOfOtherKinds = kindOrder.length;

const ranks: ReadonlyMap<string, number> = new Map([
  ...kindOrder.map((kind, rank) => [kind, rank] as const),
  ...kindsLast.map((kind, index) => [kind, rankOfOtherKinds + 1 + index] as const),
]);

/** Kinds that others cannot be written without; they form a wave of their own in front. */
const definingKinds: ReadonlySet<string> = new Set(['/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition']);

/** Wave of an object: 0 for Namespaces and definitions of kinds, 1 for all others. */
export function waveOf(reference: Pick<ObjectReference, 'apiVersion' | 'kind'>): number {
  return definingKinds.has(`${groupOf(reference.apiVersion)}/${reference.kind}`) ? 0 : 1;
}

/** What decides an object's place: the shape `compareOrder` sorts. */
export interface Placed {
  readonly reference: ObjectReference;
  readonly wave: number;
}

/** Apply order; its reverse is the order of deletion. */
export function compareOrder(a: Placed, b: Placed): number {
  return a.wave - b.wave || rankOf(a.reference) - rankOf(b.reference) || compareText(nameOf(a), nameOf(b));
}

function rankOf({ kind }: ObjectReference): number {
  return ranks.get(kind) ?? rankOfOtherKinds;
}

function nameOf({ reference }: Placed): string {
  const { apiVersion, kind, namespace = '', name } = reference;
  return [groupOf(apiVersion), kind, namespace, name].join('\0');
}

/** By code unit: the same on every machine, whatever its locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
