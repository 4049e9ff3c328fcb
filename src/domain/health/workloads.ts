/**
 * Controllers that keep pods running. Counts follow kstatus; the pods' own trouble is ours: kstatus lets a Deployment
 * with a mistyped image progress until its deadline of ten minutes.
 */
import type { KubernetesObject } from '../object.js';
import { conditionOf, explain, isTrue } from './conditions.js';
import { brokenPod, controlledBy } from './pods.js';
import { degraded, healthy, progressing, suspended, type HealthRule, type Verdict } from './status.js';

interface Spec {
  readonly replicas?: number;
  readonly paused?: boolean;
  readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
}

interface Status {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly fullyLabeledReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly desiredNumberScheduled?: number;
  readonly currentNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly numberReady?: number;
}

const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** A number that has to be reached before another: what, how many there are, how many there should be. */
type Goal = readonly [what: string, have: number, want: number];

function unmet(goals: readonly Goal[]): Verdict | undefined {
  const goal = goals.find(([, have, want]) => have < want);
  return goal && progressing(`${goal[1]} of ${goal[2]} replicas ${goal[0]}`);
}

/** The verdict that stands while pods are not there: degraded when one of them cannot run. */
function waitingFor(verdict: Verdict | undefined, pods: readonly KubernetesObject[]): Verdict | undefined {
  const broken = verdict && brokenPod(pods);
  return broken === undefined ? verdict : degraded(broken);
}

export const deploymentHealth: HealthRule = (object, { replicaSets, pods }) => {
  const { paused } = specOf(object);
  const [rollout, refused] = ['Progressing', 'ReplicaFailure'].map((type) => conditionOf(object, type));
  if (paused) return suspended('the rollout is paused');
  if (statusOf(object).observedGeneration === undefined) return progressing('not observed yet');
  if (rollout?.reason === 'ProgressDeadlineExceeded') return degraded(explain(rollout));
  const waiting = waitingFor(deploymentRollout(object), controlledBy(newestReplicaSet(object, replicaSets), pods));
  if (waiting && isTrue(refused)) return degraded(explain(refused));
  return waiting ?? healthy();
};

function deploymentRollout(object: KubernetesObject): Verdict | undefined {
  const want = specOf(object).replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = statusOf(object);
  const goals: readonly Goal[] = [
    ['updated', updatedReplicas, want],
    ['available', availableReplicas, updatedReplicas],
    ['ready', readyReplicas, want],
  ];
  if (replicas > updatedReplicas)
    return unmet(goals) ?? progressing(`${replicas - updatedReplicas} old replicas are still there`);
  return unmet(goals);
}

/** Pods of older revisions are on their way out, whatever state they are in. */
function newestReplicaSet(deployment: KubernetesObject, replicaSets: readonly KubernetesObject[]): KubernetesObject {
  const revisionOf = (o: KubernetesObject): number => Number(o.metadata.annotations?.[revisionAnnotation] ?? 0);
  const own = [...controlledBy(deployment, replicaSets)].sort((a, b) => revisionOf(b) - revisionOf(a));
  return own[0] ?? deployment;
}

export const statefulSetHealth: HealthRule = (object, { pods }) => {
  const { updateStrategy } = specOf(object);
  const { observedGeneration, updateRevision } = statusOf(object);
  if (observedGeneration === undefined) return progressing('not observed yet');
  if (updateStrategy?.type === 'OnDelete') return healthy('pods are replaced when they are deleted');
  const newest = controlledBy(object, pods).filter(
    (p) => p.metadata.labels?.['controller-revision-hash'] === updateRevision,
  );
  return waitingFor(statefulSetRollout(object), newest) ?? healthy();
};

function statefulSetRollout(object: KubernetesObject): Verdict | undefined {
  const { replicas: want = 1, updateStrategy } = specOf(object);
  const { readyReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = statusOf(object);
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  const late = unmet([
    ['ready', readyReplicas, want],
    ['updated', updatedReplicas, currentRevision === updateRevision ? 0 : want - partition],
  ]);
  const rolling = partition === 0 && currentRevision !== updateRevision;
  return late ?? (rolling ? progressing(`revision ${updateRevision} is being rolled out`) : undefined);
}

export const daemonSetHealth: HealthRule = (object, { pods }) => {
  const s = statusOf(object);
  if (s.observedGeneration === undefined || s.desiredNumberScheduled === undefined)
    return progressing('not observed yet');
  if (specOf(object).updateStrategy?.type === 'OnDelete') return healthy('pods are replaced when they are deleted');
  const want = s.desiredNumberScheduled;
  const waiting = unmet([
    ['scheduled', s.currentNumberScheduled ?? 0, want],
    ['updated', s.updatedNumberScheduled ?? 0, want],
    ['available', s.numberAvailable ?? 0, want],
    ['ready', s.numberReady ?? 0, want],
  ]);
  return waitingFor(waiting, controlledBy(object, pods)) ?? healthy();
};

export const replicaSetHealth: HealthRule = (object, { pods }) => {
  const { observedGeneration, fullyLabeledReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = statusOf(object);
  const refused = conditionOf(object, 'ReplicaFailure');
  const want = specOf(object).replicas ?? 1;
  if (isTrue(refused)) return degraded(explain(refused));
  if (observedGeneration === undefined) return progressing('not observed yet');
  const waiting = unmet([
    ['labelled', fullyLabeledReplicas, want],
    ['available', availableReplicas, want],
    ['ready', readyReplicas, want],
  ]);
  return waitingFor(waiting, controlledBy(object, pods)) ?? healthy();
};

/** How many pods a workload asks for; undefined for kinds that have none. DaemonSets want what their nodes say. */
export function wantedReplicas(object: KubernetesObject): number | undefined {
  if (!podKinds.has(object.kind)) return undefined;
  return object.kind === 'DaemonSet' ? (statusOf(object).desiredNumberScheduled ?? 1) : (specOf(object).replicas ?? 1);
}

const podKinds: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']);

function specOf(object: KubernetesObject): Spec {
  return object['spec'] ?? {};
}

function statusOf(object: KubernetesObject): Status {
  return object['status'] ?? {};
}
