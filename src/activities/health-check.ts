import { getJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import { SharedWatches } from '../adapters/cluster/shared-watch.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import { keyOf } from '../domain/object.js';
import { optionsOf } from '../domain/object-options.js';
import { resourceFilter } from '../domain/resource-selection.js';
import type { Digest, HealthCheckInput, HealthCheckResult, ObjectOutcome } from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { HealthWait } from './health-wait.js';
import { withHeartbeat } from './heartbeat.js';
import { remainingMs } from './remaining-time.js';
import { scopeSet } from './scoped-set.js';

const listed = 20;

/** Keys of the objects whose write was answered by a healthy object. */
async function healthyAlready(artifacts: ArtifactStore, reports: readonly Digest[]): Promise<ReadonlySet<string>> {
  const outcomes = await Promise.all(reports.map((report) => getJson<ObjectOutcome[]>(artifacts, report)));
  return new Set(outcomes.flat().flatMap(({ object, healthy }) => (healthy ? [keyOf(object)] : [])));
}

/**
 * Waits until every object of the set is healthy (or suspended), until one has been degraded for the grace period, or
 * until the time is up, counted from the first attempt. An unhealthy set is a result, not an error.
 * @throws GitOpsError when the cluster cannot be read
 */
export function createHealthCheck(deps: ClusterDependencies): (input: HealthCheckInput) => Promise<HealthCheckResult> {
  const { clusters, artifacts, now } = deps;
  const watches = new SharedWatches();
  return ({ target, manifests, timeoutMs, degradedGraceMs, applied = [], resources }) =>
    withHeartbeat(async ({ signal, report }) => {
      const deadline = performance.now() + remainingMs(timeoutMs, now());
      const cluster = await clusters.get(target.destination.cluster);
      const set = await getJson<RenderedSet>(artifacts, manifests);
      const { destination, syncOptions } = target;
      const scoped = await scopeSet(cluster, set, destination, signal, syncOptions);
      const picked = resourceFilter(resources);
      const objects = scoped.objects.filter((o) => picked(o.reference) && !optionsOf(o.object, syncOptions).ignored);
      const { status, healthy, total, unhealthy, timedOut } = await HealthWait.run({
        cluster,
        watches,
        objects: objects.map((o) => o.object),
        references: objects.map((o) => o.reference),
        healthy: await healthyAlready(artifacts, applied),
        degradedGraceMs,
        deadline,
        signal,
        onProgress: (seen) => report({ healthy: seen.healthy, total: seen.total, status: seen.status }),
      });
      return { status, healthy, total, timedOut, unhealthy: unhealthy.slice(0, listed) };
    });
}
