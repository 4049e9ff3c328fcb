import type { Cluster } from '../adapters/cluster/cluster.js';
import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { countChanges, isDeletion, isWrite, writeWaves, type Plan } from '../domain/plan.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import { ungoverned } from '../domain/policy/project.js';
import { changesNothing, createdBy, rollbackCounts } from '../domain/rollback.js';
import type { ObjectOutcome, RollbackInput, RollbackResult } from '../domain/sync.js';
import { readEndangered } from './backup.js';
import type { DiffDependencies } from './diff.js';
import { withHeartbeat } from './heartbeat.js';
import { makePlan, type PlanRequest } from './planner.js';
import { remarksOn } from './policy-check.js';
import { WriteSession, type SessionRequest, type Written } from './write-session.js';

/** How long deleted objects may take to be gone, in ms. */
const deletionMs = 60_000;

/**
 * Returns the cluster to a stored set, without git: applies it with force, deletes what the failed sync created, and
 * looks whether anything still differs. Does nothing when nothing differs to begin with.
 * @throws GitOpsError FenceLost, or what the server refused
 */
export function createRollback({
  clusters,
  artifacts,
  governance = ungoverned,
}: DiffDependencies): (input: RollbackInput) => Promise<RollbackResult> {
  return ({ target, sync, wave, manifests, failedPlan: failedDigest, prune }) =>
    withHeartbeat(async ({ signal }) => {
      const cluster = await clusters.get(target.destination.cluster);
      const set = await getJson<RenderedSet>(artifacts, manifests);
      const failedPlan = failedDigest === undefined ? undefined : await getJson<Plan>(artifacts, failedDigest);
      const leftovers = failedPlan === undefined ? [] : createdBy(failedPlan);
      const request: PlanRequest = { target, set, prune, resolution: 'force', leftovers };
      const planned = await makePlan(cluster, request, signal);
      const { plan } = planned;
      const input = { target, manifests, prune };
      const warnings = prune ? await remarksOn({ cluster, artifacts, governance, input, signal }, planned) : [];
      const backup = await putJson(artifacts, await readEndangered(cluster, plan, signal));
      const outcomes = await carryOut({ cluster, target, plan, sync, wave, signal });
      const verified = outcomes.length === 0 ? changesNothing(plan) : await verify(cluster, request, signal);
      const changes = countChanges(plan.objects);
      return {
        changes,
        ...(warnings.length === 0 ? {} : { warnings }),
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
    await session.begin(
      objects.filter((o) => o.action !== 'delete' && o.action !== 'conflict').map((o) => o.reference),
    );
    for (const { wave } of writeWaves(objects))
      outcomes.push(...done(await session.apply(writes.filter((w) => w.wave === wave))));
    outcomes.push(...done(await session.delete(deletions, performance.now() + deletionMs)));
    await session.forget(outcomes.filter((o) => o.outcome === 'deleted').map((o) => o.object));
    return outcomes;
  });
}

function done({ outcomes, failure }: Written): readonly ObjectOutcome[] {
  if (failure !== undefined) throw failure;
  return outcomes;
}

async function verify(cluster: Cluster, request: PlanRequest, signal: AbortSignal): Promise<boolean> {
  return changesNothing((await makePlan(cluster, request, signal)).plan);
}
