/**
 * Pods: healthy when ready, degraded when their containers cannot run.
 */
import type { KubernetesObject } from '../object.js';
import { conditionOf, explain, isTrue } from './conditions.js';
import { degraded, healthy, progressing, type HealthRule } from './status.js';

interface ContainerStatus {
  readonly name: string;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

/** Reasons to wait that a new manifest cures more often than time does. */
const brokenReasons: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** Why a container of the pod cannot run: `ImagePullBackOff: Back-off pulling image ...`; undefined when all may. */
export function brokenContainer(pod: KubernetesObject): string | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = statusOf(pod);
  const waiting = [...initContainerStatuses, ...containerStatuses].map((c) => c.state?.waiting);
  const broken = waiting.find((w) => brokenReasons.has(w?.reason ?? ''));
  return broken && [broken.reason, broken.message].filter(Boolean).join(': ');
}

/** The first of the pods that is broken, in words; pods that are being deleted do not count. */
export function brokenPod(pods: readonly KubernetesObject[]): string | undefined {
  for (const pod of pods) {
    const reason = pod.metadata.deletionTimestamp === undefined ? brokenContainer(pod) : undefined;
    if (reason !== undefined) return `Pod ${pod.metadata.name}: ${reason}`;
  }
  return undefined;
}

export const podHealth: HealthRule = (pod) => {
  const { phase, reason, message } = statusOf(pod);
  const broken = brokenContainer(pod);
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (phase === 'Succeeded') return healthy('completed');
  if (phase === 'Failed') return degraded([reason, message].filter(Boolean).join(': ') || 'the pod failed');
  if (broken !== undefined) return degraded(broken);
  if (isTrue(conditionOf(pod, 'Ready'))) return healthy();
  if (scheduled !== undefined && !isTrue(scheduled)) return progressing(explain(scheduled));
  return progressing(phase === undefined ? 'not seen by a node yet' : `${phase}, not ready`);
};

function statusOf(pod: KubernetesObject): PodStatus {
  return pod['status'] ?? {};
}

/** The objects that `owner` controls. */
export function controlledBy(
  owner: KubernetesObject,
  objects: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const { uid } = owner.metadata;
  return objects.filter((o) => o.metadata.ownerReferences?.some((r) => r.uid === uid && r.controller));
}
