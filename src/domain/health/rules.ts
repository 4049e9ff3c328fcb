/**
 * Which rule judges which kind.
 */
import { groupOf, type KubernetesObject } from '../object.js';
import { autoscalerHealth } from './autoscaler.js';
import {
  byConditions,
  conditionOf,
  conditionsOf,
  explain,
  genericVerdict,
  isBeingDeleted,
  isTrue,
  pendingDeletion,
} from './conditions.js';
import { cronJobHealth, jobHealth } from './jobs.js';
import { podHealth } from './pods.js';
import {
  degraded,
  healthy,
  progressing,
  unknown,
  type CustomHealth,
  type HealthRule,
  type Related,
  type Verdict,
} from './status.js';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workloads.js';

/** Set once somebody is at work on the volume. */
const provisionerAnnotations = [
  'volume.kubernetes.io/storage-provisioner',
  'volume.beta.kubernetes.io/storage-provisioner',
];

/**
 * A claim that nobody provisions for waits for its first pod, or for a volume: were it to hold up a sync, the pod of a
 * later wave would never come.
 */
const claimHealth: HealthRule = ({ metadata, ...object }) => {
  const { phase } = (object['status'] ?? {}) as { phase?: string };
  if (phase === 'Lost') return degraded('the volume is lost');
  if (phase === 'Bound') return healthy();
  if (phase === undefined) return progressing('the claim is Pending');
  const provisioned = provisionerAnnotations.some((name) => metadata.annotations?.[name] !== undefined);
  return provisioned ? progressing('the volume is being provisioned') : healthy('waiting for its first consumer');
};

const serviceHealth: HealthRule = (object) => {
  const { type } = (object['spec'] ?? {}) as { type?: string };
  return type === 'LoadBalancer' && !hasAddress(object)
    ? progressing('waiting for the address of the load balancer')
    : healthy();
};

/** Many ingress controllers publish no address (Argo CD's rule then waits for ever), so its lack is only told. */
const ingressHealth: HealthRule = (object) => healthy(hasAddress(object) ? '' : 'no address published');

function hasAddress(object: KubernetesObject): boolean {
  const { loadBalancer } = (object['status'] ?? {}) as { loadBalancer?: { ingress?: readonly unknown[] } };
  return (loadBalancer?.ingress?.length ?? 0) > 0;
}

const definitionHealth: HealthRule = (object) => {
  const [accepted, established] = ['NamesAccepted', 'Established'].map((type) => conditionOf(object, type));
  if (accepted?.status === 'False') return degraded(explain(accepted));
  if (established?.status === 'True') return healthy();
  const refused = established?.status === 'False' && established.reason !== 'Installing';
  return refused ? degraded(explain(established)) : progressing('not established yet');
};

/** Too few pods to spare is what a budget is for; a failure to count them is none. */
const disruptionBudgetHealth: HealthRule = (object) => {
  const failed = conditionsOf(object).find((c) => c.status === 'False' && c.reason !== 'InsufficientPods');
  return failed === undefined ? healthy() : degraded(explain(failed));
};

const apiServiceHealth: HealthRule = (object) => {
  const available = conditionOf(object, 'Available');
  return isTrue(available) ? healthy() : progressing(available ? explain(available) : 'not available yet');
};

const alwaysHealthy: HealthRule = () => healthy();

const rules: Readonly<Record<string, HealthRule>> = {
  'apps/Deployment': deploymentHealth,
  'apps/StatefulSet': statefulSetHealth,
  'apps/DaemonSet': daemonSetHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'batch/Job': jobHealth,
  'batch/CronJob': cronJobHealth,
  '/Pod': podHealth,
  '/PersistentVolumeClaim': claimHealth,
  '/Service': serviceHealth,
  'networking.k8s.io/Ingress': ingressHealth,
  'extensions/Ingress': ingressHealth,
  'autoscaling/HorizontalPodAutoscaler': autoscalerHealth,
  'policy/PodDisruptionBudget': disruptionBudgetHealth,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionHealth,
  'apiregistration.k8s.io/APIService': apiServiceHealth,
  '/Namespace': alwaysHealthy,
  '/ConfigMap': alwaysHealthy,
  '/Secret': alwaysHealthy,
  '/ServiceAccount': alwaysHealthy,
  'rbac.authorization.k8s.io/Role': alwaysHealthy,
  'rbac.authorization.k8s.io/RoleBinding': alwaysHealthy,
  'rbac.authorization.k8s.io/ClusterRole': alwaysHealthy,
  'rbac.authorization.k8s.io/ClusterRoleBinding': alwaysHealthy,
};

/**
 * Health of one live object; its message starts with what it is about, not with the object's own name.
 * @param custom beats the built-in rules, but a script that does not look at deletion makes nothing that vanishes healthy
 */
export function healthOf(object: KubernetesObject, related: Related, custom?: CustomHealth): Verdict {
  const verdict = custom?.(object) ?? builtInVerdict(object, related);
  return verdict.status === 'Healthy' && isBeingDeleted(object) ? pendingDeletion : verdict;
}

/** A status that is not of the form its kind has (a file may hold anything) gives Unknown. */
function builtInVerdict(object: KubernetesObject, related: Related): Verdict {
  const rule = rules[`${groupOf(object.apiVersion)}/${object.kind}`] ?? byConditions;
  try {
    return genericVerdict(object) ?? rule(object, related);
  } catch (error) {
    return unknown(`its status is not that of a ${object.kind}: ${(error as Error).message}`);
  }
}
