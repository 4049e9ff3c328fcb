/**
 * Pods: healthy when ready, degraded when their containers cannot run.
 */
import type { KubernetesObject } from '../object.js';
import { conditionOf, explain, isTrue } from './conditions.js';
import { degraded, healthy, progressing, type HealthRule } from './status.js';

interface Ended {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly message?: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: Ended;
  };
  readonly lastState?: { readonly terminated?: Ended };
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

function isBroken(reason = ''): boolean {
  return brokenReasons.has(reason) || /^Err|Error$|BackOff$/.test(reason);
}

/** Why a container of the pod cannot run: `ImagePullBackOff: Back-off pulling image ...`; undefined when all may. */
export function brokenContainer(pod: KubernetesObject): string | undefined {
  const broken = containersOf(pod).find((c) => isBroken(c.state?.waiting?.reason))?.state?.waiting;
  return broken && [broken.reason, broken.message].filter(Boolean).join(': ');
}

function containersOf(pod: KubernetesObject): readonly ContainerStatus[] {
  const { initContainerStatuses = [], containerStatuses = [] } = statusOf(pod);
  return [...initContainerStatuses, ...containerStatuses];
}

/** The first of the pods that is broken, in words; pods that are being deleted do not count. */
export function brokenPod(pods: readonly KubernetesObject[]): string | undefined {
  for (const pod of pods) {
    const reason = pod.metadata.deletionTimestamp === undefined ? brokenContainer(pod) : undefined;
    if (reason !== undefined) return `Pod ${pod.metadata.name}: ${reason}`;
  }
  return undefined;
}

/**
 * As Argo CD has it: a pod that ends by itself (a hook, mostly) is at work until it has ended, and its trouble to start
 * may still pass; one that runs for ever is healthy when ready.
 */
export const podHealth: HealthRule = (pod) => {
  const { phase } = statusOf(pod);
  const { restartPolicy = 'Always' } = (pod['spec'] ?? {}) as { restartPolicy?: string };
  const broken = brokenContainer(pod);
  if (phase === 'Succeeded') return healthy('completed');
  if (phase === 'Failed') return degraded(failureOf(pod) ?? 'the pod failed');
  if (restartPolicy !== 'Always') return progressing(broken ?? startOf(pod));
  if (broken !== undefined) return degraded(broken);
  if (isTrue(conditionOf(pod, 'Ready'))) return healthy();
  const ended = phase === 'Running' ? lastEnd(pod) : undefined;
  return ended === undefined ? progressing(startOf(pod)) : degraded(ended);
};

function startOf(pod: KubernetesObject): string {
  const { phase } = statusOf(pod);
  const [scheduled, ready] = ['PodScheduled', 'Ready'].map((type) => conditionOf(pod, type));
  if (phase === undefined) return 'not seen by a node yet';
  if (isTrue(ready)) return 'running';
  return scheduled === undefined || isTrue(scheduled) ? `${phase}, not ready` : explain(scheduled);
}

function failureOf(pod: KubernetesObject): string | undefined {
  const { reason, message } = statusOf(pod);
  const own = [reason, message].filter(Boolean).join(': ');
  return own || containersOf(pod).map(endOf).find(Boolean);
}

function endOf({ name, state }: ContainerStatus): string | undefined {
  return state?.terminated && describeEnd(name, state.terminated);
}

/** Of a container that ended, was started again and is not ready since. */
function lastEnd(pod: KubernetesObject): string | undefined {
  const ended = (statusOf(pod).containerStatuses ?? []).find((c) => c.lastState?.terminated);
  return (
    ended && (describeEnd(ended.name, ended.lastState?.terminated ?? {}) ?? `container ${ended.name} ended before`)
  );
}

function describeEnd(name: string, { message, reason, exitCode }: Ended): string | undefined {
  if (message) return message;
  if (reason === 'OOMKilled') return `container ${name}: OOMKilled`;
  return exitCode ? `container ${name} ended with exit code ${exitCode}` : undefined;
}

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
