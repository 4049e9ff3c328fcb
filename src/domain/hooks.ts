/**
 * Hooks: objects that are made anew for each sync, awaited, and deleted as they ask for.
 *
 * A hook runs exactly once per sync. What tells its runs apart is an annotation with the run of the sync and the phase:
 * an attempt that finds it on the live object has nothing to do, any other live object is a leftover that goes first.
 */
import { conditionOf, explain, isTrue } from './health/conditions.js';
import { healthOf } from './health/rules.js';
import { degraded, healthy, progressing, type CustomHealth, type Related, type Verdict } from './health/status.js';
import type { HookDeletePolicy, HookMoment } from './object-options.js';
import type { KubernetesObject } from './object.js';

export const hookRunAnnotation = 'sloth-runner.dev/hook-run';

/** Holds a Job that would remove itself until its result was read. */
export const hookFinalizer = 'sloth-runner.dev/hook';

/** The value of the annotation: one run of one hook. A new plan of the same sync makes no new run of it. */
export function hookRun(syncRun: string, phase: HookMoment): string {
  return `${syncRun}/${phase}`;
}

export function isOfRun(live: KubernetesObject, run: string): boolean {
  return live.metadata.annotations?.[hookRunAnnotation] === run;
}

/** What is applied for this run. */
export function forRun(desired: KubernetesObject, run: string): KubernetesObject {
  const { annotations, finalizers = [] } = desired.metadata;
  const metadata = { ...desired.metadata, annotations: { ...annotations, [hookRunAnnotation]: run } };
  if (!removesItself(desired)) return { ...desired, metadata };
  return { ...desired, metadata: { ...metadata, finalizers: [...finalizers, hookFinalizer] } };
}

export function removesItself({ kind, spec }: KubernetesObject): boolean {
  return (
    kind === 'Job' && (spec as { ttlSecondsAfterFinished?: number } | undefined)?.ttlSecondsAfterFinished !== undefined
  );
}

/** Whether anything is left to do once the hook is over. */
export function needsCleanup(desired: KubernetesObject, policies: readonly HookDeletePolicy[]): boolean {
  return removesItself(desired) || policies.some((policy) => policy !== 'BeforeHookCreation');
}

/**
 * A name for a hook that has `generateName` only: of this sync, so that it is found again after a crash.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/#generate-name
 */
export function generatedName(prefix: string, revision: string, phase: HookMoment, sync: number): string {
  return `${prefix}${revision.slice(0, 7)}-${phase.toLowerCase()}-${sync}`;
}

/** The names it gives to runs of one hook; its group holds the number of the sync. */
export function namesOfRuns(prefix: string, phase: HookMoment): RegExp {
  const literal = prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal}[0-9a-f]{0,7}-${phase.toLowerCase()}-(\\d+)$`);
}

/**
 * Whether a hook is done. Work that ends is judged by its end alone, also while it is being removed. Suspended is not
 * done: a queue (Kueue) holds new Jobs that way, a workflow waits so for a person.
 */
export function hookVerdict(live: KubernetesObject, related: Related, custom?: CustomHealth): Verdict {
  const verdict = verdictOf(live, related, custom);
  return verdict.status === 'Suspended' ? progressing(verdict.message || 'suspended') : verdict;
}

function verdictOf(live: KubernetesObject, related: Related, custom: CustomHealth | undefined): Verdict {
  if (live.kind === 'Job') return jobVerdict(live, related);
  if (live.kind === 'Pod') return podVerdict(live, related);
  return healthOf(live, related, custom);
}

function jobVerdict(live: KubernetesObject, related: Related): Verdict {
  const [failed, complete] = ['Failed', 'Complete'].map((type) => conditionOf(live, type));
  if (isTrue(failed)) return degraded(explain(failed));
  return isTrue(complete) ? healthy('completed') : healthOf(live, related);
}

/** A Pod that is restarted whatever happens has no end: it is done when it is ready. */
function podVerdict(live: KubernetesObject, related: Related): Verdict {
  const { phase } = (live['status'] ?? {}) as { phase?: string };
  const { restartPolicy } = (live['spec'] ?? {}) as { restartPolicy?: string };
  if (phase === 'Succeeded') return healthy('completed');
  const verdict = healthOf(live, related);
  return verdict.status === 'Healthy' && restartPolicy !== 'Always' ? progressing('running') : verdict;
}
