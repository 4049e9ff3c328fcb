/**
 * rollback: the cluster brought back to a stored set.
 */
import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { toRestore } from '../domain/diff/field-conflict.js';
import { GitOpsError } from '../domain/errors.js';
import { countChanges, isDeletion, isHook, isWrite, type Plan, type PlannedObject } from '../domain/plan.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import { ungoverned } from '../domain/policy/project.js';
import { changesNothing, createdBy, rollbackCounts, toChange, writesNothing } from '../domain/rollback.js';
import { mostListed, type ObjectOutcome, type RollbackInput, type RollbackResult } from '../domain/sync.js';
import { readEndangered } from './backup.js';
import type { DiffDependencies } from './diff.js';
import { withHeartbeat } from './heartbeat.js';
import { makePlan, type Planned, type PlanRequest } from './planner.js';
import { remarksOn } from './policy-check.js';
import { WriteSession, type SessionRequest, type Written } from './write-session.js';
import { reportUnlessHandedOver, withFailure } from './written-report.js';

/** How long deleted objects may take to be gone, in ms. */
const deletionMs = 60_000;

/**
 * Returns the cluster to a stored set, without git: applies it whoever owns its fields by now (but for those that the
 * application leaves to others), deletes what the failed sync created, and looks whether anything still differs. Does
 * nothing when nothing differs to begin with.
 * What could not be finished is a result, with its failure and what is not restored.
 * @throws GitOpsError FenceLost, or what the server refused before the first write
 */
export function createRollback({
  clusters,
  artifacts,
  governance = ungoverned,
}: DiffDependencies): (input: RollbackInput) => Promise<RollbackResult> {
  return ({ target, sync, wave, manifests, failedPlan: failedDigest, prune, heal }) =>
    withHeartbeat(async ({ signal }) => {
      const cluster = await clusters.get(target.destination.cluster);
      const set = await getJson<RenderedSet>(artifacts, manifests);
      const failedPlan = failedDigest === undefined ? undefined : await getJson<Plan>(artifacts, failedDigest);
      const leftovers = failedPlan === undefined ? [] : createdBy(failedPlan);
      const resolution = toRestore(target.conflictResolution);
      const request: PlanRequest = { target, set, prune, resolution, leftovers, leavesAdded: heal === true };
      const planned = await makePlan(cluster, request, signal);
      const { plan } = planned;
      const input = { target, manifests, prune };
      const warnings = prune ? await remarksOn({ cluster, artifacts, governance, input, signal }, planned) : [];
      const backup = await putJson(artifacts, await readEndangered(cluster, plan, signal));
      const written = await carryOut({ cluster, target, plan: whateverIsThere(plan), sync, wave, signal });
      reportUnlessHandedOver(signal);
      const { still, failure } = await verify(plan, written, () => makePlan(cluster, request, signal));
      const { outcomes } = written;
      const isDone = heal ? writesNothing : changesNothing;
      return {
        changes: countChanges(plan.objects),
        ...(warnings.length === 0 ? {} : { warnings }),
        ...rollbackCounts(plan, outcomes),
        verified: failure === undefined && isDone(still),
        notRestored: toChange(still).slice(0, mostListed),
        backup,
        report: await putJson(artifacts, outcomes),
        ...withFailure(failure),
      };
    });
}

/** What differs now. When that cannot be seen, the report of what was written is still worth more than an error. */
async function verify(
  plan: Plan,
  { outcomes, failure }: Written,
  look: () => Promise<Planned>,
): Promise<{ readonly still: Plan; readonly failure?: GitOpsError }> {
  if (outcomes.length === 0) return { still: plan };
  try {
    const { plan: still } = await look();
    return failure === undefined ? { still } : { still, failure };
  } catch (error) {
    if (!(error instanceof GitOpsError)) throw error;
    return { still: plan, failure: failure ?? error };
  }
}

/** A rollback takes back also what is changed in the very moment: a write rests on the object's uid alone. */
function whateverIsThere(plan: Plan): Plan {
  const withoutFields = (object: PlannedObject): PlannedObject => {
    if (object.live === undefined || object.takeOver || object.replace) return object;
    const { fields: _fields, ...live } = object.live;
    return { ...object, live };
  };
  return { ...plan, objects: plan.objects.map(withoutFields) };
}

/** Stage by stage, then the deletions; after a failure nothing more is begun. */
async function carryOut(request: SessionRequest): Promise<Written> {
  const { objects } = request.plan;
  const deletions = objects.filter(isDeletion);
  const writes = objects.filter(isWrite);
  if (writes.length + deletions.length === 0) return { outcomes: [] };
  return WriteSession.during(request, async (session) => {
    await session.begin(objects.filter(isKept).map((o) => o.reference));
    const acts = [...new Set(writes.map((w) => w.wave))].map(
      (wave) => () => session.apply(writes.filter((w) => w.wave === wave)),
    );
    acts.push(() => session.delete(deletions, performance.now() + deletionMs));
    const done = await untilFailure(acts);
    await session.forget(done.outcomes.filter((o) => o.outcome === 'deleted').map((o) => o.object));
    return done;
  });
}

async function untilFailure(acts: readonly (() => Promise<Written>)[]): Promise<Written> {
  const outcomes: ObjectOutcome[] = [];
  for (const act of acts) {
    const written = await act();
    outcomes.push(...written.outcomes);
    if (written.failure !== undefined) return { outcomes, failure: written.failure };
  }
  return { outcomes };
}

/** The hooks of the restored set run in none of this: they belong to syncs. */
function isKept(planned: PlannedObject): boolean {
  return !isHook(planned) && !isDeletion(planned) && planned.action !== 'conflict';
}
