/**
 * Writes the patch of an action, or tries it, onto exactly the version it was made for.
 */
import type { Cluster, MergePatch } from '../adapters/cluster/cluster.js';
import { splitStatus, type PlannedPatch } from '../domain/actions/action-plan.js';
import { hasCode } from '../domain/errors.js';
import type { KubernetesObject } from '../domain/object.js';

interface PatchOptions {
  readonly signal: AbortSignal;
  readonly dryRun?: boolean;
}

/**
 * A kind with a status subresource ignores the status in any other write; so the status goes first, on its own.
 * @returns the object as it then is
 * @throws GitOpsError PlanOutdated when the object is another by now, or gone
 */
export async function patchObject(
  cluster: Cluster,
  planned: PlannedPatch,
  options: PatchOptions,
): Promise<KubernetesObject> {
  const { reference, patch, uid, resourceVersion } = planned;
  const { status, rest } = splitStatus(patch);
  if (status === undefined) return cluster.mergePatch(reference, { patch, uid, resourceVersion, ...options });
  const change: MergePatch = { patch: status, uid, resourceVersion, subresource: 'status', ...options };
  const written = await unlessMissing(cluster.mergePatch(reference, change));
  if (written === undefined) return cluster.mergePatch(reference, { patch, uid, resourceVersion, ...options });
  const version = options.dryRun ? resourceVersion : (written.metadata.resourceVersion ?? '');
  return cluster.mergePatch(reference, { patch: rest, uid, resourceVersion: version, ...options });
}

/**
 * A 404 of the subresource. Should it be the object that is missing, or a conflict over its version, the patch of the
 * whole meets the same.
 */
async function unlessMissing(written: Promise<KubernetesObject>): Promise<KubernetesObject | undefined> {
  try {
    return await written;
  } catch (error) {
    if (hasCode(error, 'UnknownKind') || hasCode(error, 'PlanOutdated')) return undefined;
    throw error;
  }
}
