import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { toRestore } from '../domain/diff/field-conflict.js';
import { countChanges, isDeletion, isHook, isWrite, type Plan, type PlannedObject } from '../domain/plan.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import { changesNothing, createdBy, rollbackCounts, writesNothing } from '../domain/rollback.js';
import type { ObjectOutcome, RollbackInput, RollbackResult } from '../domain/sync.js';
import { readEndangered } from './backup.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { makePlan, type PlanRequest } from './planner.js';
import { WriteSession, type SessionRequest, type Written } from './write-session.js';

/** How long deleted objects may take to be gone, in ms. */
const deletionMs = 60_000;

/**
 * Returns the cluster to a stored set, without git: applies it whoever owns its fields by now (but for those that the
 * application leaves to others), deletes what the failed sync created, and looks whether anything still differs. Does
 * nothing when nothing differs to begin with.
 * @throws GitOpsError FenceLost, or what the server refused
 */
export function createRollback({
  clusters,
  artifacts,
}: ClusterDependencies): (input: RollbackInput) => Promise<RollbackResult> {
  return ({ target, sync, wave, manifests, failedPlan: failedDigest, prune, heal }) =>
    withHeartbeat(async ({ signal }) => {
      const cluster = await clusters.get(target.destination.cluster);
      const set = await getJson<RenderedSet>(artifacts, manifests);
      const failedPlan = failedDigest === undefined ? undefined : await getJson<Plan>(artifacts, failedDigest);
      const leftovers = failedPlan === undefined ? [] : createdBy(failedPlan);
      const resolution = toRestore(target.conflictResolution);
      const request: PlanRequest = { target, set, prune, resolution, leftovers };
      const { plan } = await makePlan(cluster, request, signal);
      const backup = await putJson(artifacts, await readEndangered(cluster, plan, signal));
      const outcomes = await carryOut({ cluster, target, plan, sync, wave, signal });
      const isDone = heal ? writesNothing : changesNothing;
      const verified = isDone(outcomes.length === 0 ? plan : (await makePlan(cluster, request, signal)).plan);
      const changes = countChanges(plan.objects);
      return {
        changes,
        ...rollbackCounts(plan, outcomes),
        verified,
        backup,
        report: await putJson(artifacts, outcomes),
      };
    });
}

async function carryOut(request: SessionRequest): Promise<ObjectOutcome[]> {
  const { objects } = request.plan;
  const deletions = objects.filter(isDeletion);
  const writes = objects.filter(isWrite);
  if (writes.length + deletions.length === 0) return [];
  return WriteSession.during(request, async (session) => {
    const outcomes: ObjectOutcome[] = [];
    await session.begin(objects.filter(isKept).map((o) => o.reference));
    for (const wave of new Set(writes.map((w) => w.wave)))
      outcomes.push(...done(await session.apply(writes.filter((w) => w.wave === wave))));
    outcomes.push(...done(await session.delete(deletions, performance.now() + deletionMs)));
    await session.forget(outcomes.filter((o) => o.outcome === 'deleted').map((o) => o.object));
    return outcomes;
  });
}

/** The hooks of the restored set run in none of this: they belong to syncs. */
function isKept(planned: PlannedObject): boolean {
  return !isHook(planned) && !isDeletion(planned) && planned.action !== 'conflict';
}

function done({ outcomes, failure }: Written): readonly ObjectOutcome[] {
  if (failure !== undefined) throw failure;
  return outcomes;
}
