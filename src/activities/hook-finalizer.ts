/**
 * The finalizer that holds a hook Job with a time to live until its result was read, see domain/hooks.ts.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import { hasCode } from '../domain/errors.js';
import { hookFinalizer } from '../domain/hooks.js';
import type { KubernetesObject, ObjectReference } from '../domain/object.js';

export interface ReleaseContext {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
}

/** How often it is tried when a controller writes the object meanwhile. */
const rounds = 5;

/** Takes our finalizer off, so that the object may go. */
export async function release(
  reference: ObjectReference,
  seen: KubernetesObject | undefined,
  { cluster, signal }: ReleaseContext,
): Promise<void> {
  let live = seen;
  for (let round = 1; live?.metadata.finalizers?.includes(hookFinalizer); round++) {
    const finalizers = live.metadata.finalizers.filter((f) => f !== hookFinalizer);
    try {
      await cluster.replace({ ...live, metadata: { ...live.metadata, finalizers } }, { signal });
      return;
    } catch (error) {
      if (!hasCode(error, 'PlanOutdated') || round === rounds) throw error;
      live = await cluster.get(reference, { signal });
    }
  }
}
