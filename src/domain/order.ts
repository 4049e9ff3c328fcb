/**
 * In which order objects are written: phase, wave, definitions before the rest, kind, name. Deletion runs the other way.
 *
 * The kind table merges those of fluxcd/pkg `ssa/sort.go` and argo-cd `gitops-engine/pkg/sync/sync_tasks.go`:
 * definitions first, then what others refer to, then workloads, then what routes to them; webhook configurations last,
 * because they can block every write that follows.
 */
import type { HookMoment } from './object-options.js';
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

/** Kinds that others cannot be written without. */
const definingKinds: ReadonlySet<string> = new Set(['/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition']);

/** Namespaces and definitions of kinds: within a wave they are written before the others, and have to exist by then. */
export function isDefining({ apiVersion, kind }: Pick<ObjectReference, 'apiVersion' | 'kind'>): boolean {
  return definingKinds.has(`${groupOf(apiVersion)}/${kind}`);
}

/** In the order of their turn; the last three belong to syncs that fail and to deletions. */
const phases: readonly HookMoment[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete'];

/** What decides an object's place: the shape `compareOrder` sorts. */
export interface Placed {
  readonly reference: ObjectReference;
  readonly phase: HookMoment;
  /** As the user numbers them. */
  readonly syncWave: number;
}

/** Zero for objects of one stage: those that may be written together. */
export function compareStages(a: Placed, b: Placed): number {
  return comparePlaces(a, b) || tierOf(a) - tierOf(b);
}

/** By phase and wave alone. */
export function comparePlaces(a: Omit<Placed, 'reference'>, b: Omit<Placed, 'reference'>): number {
  return phases.indexOf(a.phase) - phases.indexOf(b.phase) || a.syncWave - b.syncWave;
}

/** Apply order; its reverse is the order of deletion. */
export function compareOrder(a: Placed, b: Placed): number {
  return compareStages(a, b) || rankOf(a.reference) - rankOf(b.reference) || compareText(nameOf(a), nameOf(b));
}

function tierOf({ reference }: Placed): number {
  return isDefining(reference) ? 0 : 1;
}

function rankOf({ kind }: ObjectReference): number {
  return ranks.get(kind) ?? rankOfOtherKinds;
}

function nameOf({ reference }: Pick<Placed, 'reference'>): string {
  const { apiVersion, kind, namespace = '', name } = reference;
  return [groupOf(apiVersion), kind, namespace, name].join('\0');
}

/** By code unit: the same on every machine, whatever its locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
