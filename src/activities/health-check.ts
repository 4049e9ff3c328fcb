/**
 * health check: one look at a set or a stage that lasts until there is a verdict.
 */
import { getJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { Cluster } from '../adapters/cluster/cluster.js';
import { SharedWatches } from '../adapters/cluster/shared-watch.js';
import { GitOpsError } from '../domain/errors.js';
import { worstOf } from '../domain/health/status.js';
import { isHook, type Plan, type PlannedObject } from '../domain/plan.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import { optionsOf } from '../domain/object-options.js';
import { keyOf, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import { resourceFilter } from '../domain/resource-selection.js';
import type { Digest } from '../domain/digest.js';
import {
  mostListed,
  type HealthCheckInput,
  type HealthCheckResult,
  type ObjectHealth,
  type ObjectOutcome,
} from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { bounded } from './bounded.js';
import { runExternalChecks, type CheckRequest, type CheckTools } from './external-checks.js';
import { HealthWait, type HealthWaitResult } from './health-wait.js';
import { LiveObjects } from './live-objects.js';
import { withHeartbeat } from './heartbeat.js';
import { remainingMs } from './remaining-time.js';
import { scopeSet } from './scoped-set.js';

/** Keys of the objects whose write was answered by a healthy object. */
async function healthyAlready(artifacts: ArtifactStore, reports: readonly Digest[]): Promise<ReadonlySet<string>> {
  const outcomes = await Promise.all(reports.map((report) => getJson<ObjectOutcome[]>(artifacts, report)));
  return new Set(outcomes.flat().flatMap(({ object, healthy }) => (healthy ? [keyOf(object)] : [])));
}

type Stage = NonNullable<HealthCheckInput['stage']>;

interface Checked {
  readonly objects: readonly KubernetesObject[];
  readonly references: readonly ObjectReference[];
  /** Keys of those that are hooks. */
  readonly hooks?: ReadonlySet<string>;
}

/** One stage of a plan: its objects, and the hooks that have to be done. */
async function stageOf(artifacts: ArtifactStore, { plan, wave, hooksDone }: Stage): Promise<Checked> {
  const { objects } = await getJson<Plan>(artifacts, plan);
  const members = objects.filter((o) => o.wave === wave && counts(o) && !(hooksDone && isHook(o)));
  return {
    objects: members.map(({ reference, desired }) => desired ?? bare(reference)),
    references: members.map((m) => m.reference),
    hooks: new Set(members.filter(isHook).map((m) => keyOf(m.reference))),
  };
}

/** A hook is waited for whatever it says of its health: what follows relies on its end. */
function counts(planned: PlannedObject): boolean {
  if (planned.action === 'delete' || planned.action === 'conflict') return false;
  return isHook(planned) || !planned.healthIgnored;
}

/** Of an object that stays as it is the plan holds no more than its name. */
function bare({ apiVersion, kind, namespace, name }: ObjectReference): KubernetesObject {
  return { apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace } };
}

/** Hooks first: they are why a stage does not go on. */
function told(unhealthy: readonly ObjectHealth[], hooks: ReadonlySet<string> = new Set()): ObjectHealth[] {
  const isHookOfStage = (o: ObjectHealth): boolean => hooks.has(keyOf(o.object));
  const first = unhealthy.filter(isHookOfStage).map((o) => ({ ...o, hook: true as const }));
  return [...first, ...unhealthy.filter((o) => !isHookOfStage(o))].slice(0, mostListed);
}

function isJudged(object: KubernetesObject, syncOptions: readonly string[] | undefined): boolean {
  const { healthIgnored, ignored } = optionsOf(object, syncOptions);
  return !healthIgnored && !ignored;
}

/** The whole set but for its hooks, or what was picked of it. */
async function setOf(
  artifacts: ArtifactStore,
  cluster: Cluster,
  { target, manifests, resources }: HealthCheckInput,
  signal: AbortSignal,
): Promise<Checked> {
  const set = await getJson<RenderedSet>(artifacts, manifests);
  const { destination, syncOptions } = target;
  const scoped = await scopeSet(cluster, set, destination, signal, syncOptions);
  const picked = resourceFilter(resources);
  const counted = scoped.objects.filter((o) => o.hook === undefined && isJudged(o.object, syncOptions));
  const objects = counted.filter((o) => picked(o.reference));
  return { objects: objects.map((o) => o.object), references: objects.map((o) => o.reference) };
}

/**
 * Waits until every object of the set is healthy (or suspended), until one has been degraded for the grace period, or
 * until the time is up, counted from the first attempt. An unhealthy set is a result, not an error. Of a stage the same,
 * where hooks have to be done.
 * @throws GitOpsError when the cluster cannot be read
 */
export function createHealthCheck(deps: ClusterDependencies): (input: HealthCheckInput) => Promise<HealthCheckResult> {
  const { clusters, artifacts, now } = deps;
  const watches = new SharedWatches();
  return (input) =>
    withHeartbeat(async ({ signal, report }) => {
      const { target, timeoutMs, degradedGraceMs, stableMs = 0, checks = [], applied = [], stage } = input;
      const deadline = performance.now() + remainingMs(timeoutMs, now());
      const cluster = await clusters.get(target.destination.cluster);
      const checked = await (stage ? stageOf(artifacts, stage) : setOf(artifacts, cluster, input, signal));
      const found = await HealthWait.run({
        cluster,
        watches,
        ...checked,
        healthy: await healthyAlready(artifacts, stableMs > 0 ? [] : applied), // none has been healthy for long
        degradedGraceMs,
        stableMs,
        custom: deps.customHealth,
        deadline,
        signal,
        onProgress: (seen) => report({ healthy: seen.healthy, total: seen.total, status: seen.status }),
      });
      const objects = () => readAll(cluster, checked.references, signal);
      const { unhealthy, ...health } = await beyondObjects(
        found,
        { checks, objects, deadline, signal },
        deps.checkTools,
      );
      return { ...health, unhealthy: told(unhealthy, checked.hooks) };
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
