import { getJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { Cluster } from '../adapters/cluster/cluster.js';
import { SharedWatches } from '../adapters/cluster/shared-watch.js';
import { GitOpsError } from '../domain/errors.js';
import { worstOf } from '../domain/health/status.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import { optionsOf } from '../domain/object-options.js';
import { keyOf, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import { resourceFilter } from '../domain/resource-selection.js';
import type { Digest, HealthCheckInput, HealthCheckResult, ObjectOutcome } from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { bounded } from './bounded.js';
import { runExternalChecks, type CheckRequest, type CheckTools } from './external-checks.js';
import { HealthWait, type HealthWaitResult } from './health-wait.js';
import { LiveObjects } from './live-objects.js';
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
  return ({ target, manifests, timeoutMs, degradedGraceMs, stableMs = 0, checks = [], applied = [], resources }) =>
    withHeartbeat(async ({ signal, report }) => {
      const deadline = performance.now() + remainingMs(timeoutMs, now());
      const cluster = await clusters.get(target.destination.cluster);
      const set = await getJson<RenderedSet>(artifacts, manifests);
      const scoped = await scopeSet(cluster, set, target.destination, signal);
      const picked = resourceFilter(resources);
      const objects = scoped.objects.filter((o) => picked(o.reference) && !optionsOf(o.object).healthIgnored);
      const references = objects.map((o) => o.reference);
      const found = await HealthWait.run({
        cluster,
        watches,
        objects: objects.map((o) => o.object),
        references,
        healthy: await healthyAlready(artifacts, stableMs > 0 ? [] : applied), // none has been healthy for long
        degradedGraceMs,
        stableMs,
        custom: deps.customHealth,
        deadline,
        signal,
        onProgress: (seen) => report({ healthy: seen.healthy, total: seen.total, status: seen.status }),
      });
      const request = { checks, objects: () => readAll(cluster, references, signal), deadline, signal };
      const { unhealthy, ...health } = await beyondObjects(found, request, deps.checkTools);
      return { ...health, unhealthy: unhealthy.slice(0, listed) };
    });
}

/** Checks beyond objects say something about this set only once its objects are well. */
async function beyondObjects(
  { status, healthy, total, timedOut, unhealthy }: HealthWaitResult,
  request: CheckRequest,
  tools: CheckTools | undefined,
): Promise<HealthCheckResult> {
  const found = { status, healthy, total, timedOut, unhealthy };
  const well = !timedOut && unhealthy.every((o) => o.status === 'Suspended');
  if (!well) return found;
  if (request.checks.length === 0) return { ...found, settled: true };
  if (tools === undefined) throw new GitOpsError('Internal', 'this worker cannot carry out health checks');
  const checked = await runExternalChecks(request, tools);
  return {
    ...found,
    ...(checked.unhealthy.length === 0 ? { settled: true } : {}),
    status: worstOf([status, ...checked.unhealthy.map((o) => o.status)]),
    timedOut: checked.timedOut,
    unhealthy: [...checked.unhealthy, ...unhealthy],
  };
}

async function readAll(
  cluster: Cluster,
  references: readonly ObjectReference[],
  signal: AbortSignal,
): Promise<KubernetesObject[]> {
  const live = await LiveObjects.prepare(cluster, references, signal);
  const found: KubernetesObject[] = [];
  await bounded(references, async (reference) => {
    const object = await live.find(reference);
    if (object !== undefined) found.push(object);
  });
  return found;
}
