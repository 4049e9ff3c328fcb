import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { isWrite, type Plan } from '../domain/plan.js';
import type { ApplyInput, ApplyResult, ObjectOutcome } from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { WriteSession } from './write-session.js';

/**
 * Writes one wave of the plan: the fence and the inventory first, then the objects that differ. A wave without changes
 * makes no request at all. May be repeated after any interruption.
 * @throws GitOpsError FenceLost, PlanOutdated, or what the server refused
 */
export function createApply({ clusters, artifacts }: ClusterDependencies): (input: ApplyInput) => Promise<ApplyResult> {
  return ({ target, sync, wave, plan: digest }) =>
    withHeartbeat(async ({ signal }) => {
      const plan = await getJson<Plan>(artifacts, digest);
      const members = plan.objects.filter((o) => o.wave === wave && o.action !== 'delete' && o.action !== 'conflict');
      const writes = members.filter(isWrite);
      if (writes.length === 0) return resultOf([], 0, await putJson(artifacts, []));
      const cluster = await clusters.get(target.destination.cluster);
      const outcomes = await WriteSession.during({ cluster, target, plan, sync, wave, signal }, async (session) => {
        await session.begin(members.map((m) => m.reference));
        return session.apply(writes);
      });
      const conflictsResolved = writes.filter((w) => w.settledFields !== undefined).length;
      return resultOf(outcomes, conflictsResolved, await putJson(artifacts, outcomes));
    });
}

function resultOf(outcomes: readonly ObjectOutcome[], conflictsResolved: number, report: string): ApplyResult {
  return { applied: outcomes.length, skipped: 0, failed: 0, conflictsResolved, report };
}
