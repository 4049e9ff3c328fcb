/**
 * backup: the live objects a plan endangers, kept before the first write.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import type { KubernetesObject } from '../domain/object.js';
import { isDeletion, type Plan } from '../domain/plan.js';
import type { BackupInput, BackupResult } from '../domain/sync.js';
import { bounded } from './bounded.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { LiveObjects } from './live-objects.js';

/** Stores the live objects that a plan will update or delete, as they are now. */
export function createBackup({
  clusters,
  artifacts,
}: ClusterDependencies): (input: BackupInput) => Promise<BackupResult> {
  return ({ target, plan: digest }) =>
    withHeartbeat(async ({ signal }) => {
      const plan = await getJson<Plan>(artifacts, digest);
      const cluster = await clusters.get(target.destination.cluster);
      const objects = await readEndangered(cluster, plan, signal);
      return { backup: await putJson(artifacts, objects), objects: objects.length };
    });
}

/** What the plan would overwrite or delete; objects that are gone already are left out. */
export async function readEndangered(cluster: Cluster, plan: Plan, signal: AbortSignal): Promise<KubernetesObject[]> {
  const endangered = plan.objects.filter((o) => o.action === 'update' || isDeletion(o)).map((o) => o.reference);
  const live = await LiveObjects.prepare(cluster, endangered, signal);
  const objects = await bounded(endangered, (reference) => live.find(reference));
  return objects.filter((o) => o !== undefined);
}
