/**
 * prune: what the plan deletes, deleted and seen gone.
 */
import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { isDeletion, type Plan } from '../domain/plan.js';
import { mostListed, type PruneInput, type PruneResult } from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { remainingMs } from './remaining-time.js';
import { WriteSession } from './write-session.js';
import { countOf, withFailure, reportUnlessHandedOver } from './written-report.js';

/**
 * Deletes what the plan deletes, in reverse order, and waits until it is gone. What a finalizer holds stays in the
 * inventory, so that the next sync comes back to it. What could not be deleted is a result, with its failure.
 * @throws GitOpsError FenceLost
 */
export function createPrune({
  clusters,
  artifacts,
  now,
}: ClusterDependencies): (input: PruneInput) => Promise<PruneResult> {
  return ({ target, sync, wave, plan: digest, timeoutMs }) =>
    withHeartbeat(async ({ signal }) => {
      const plan = await getJson<Plan>(artifacts, digest);
      const deletions = plan.objects.filter(isDeletion);
      if (deletions.length === 0 && plan.forget.length === 0)
        return { deleted: 0, waiting: [], report: await putJson(artifacts, []) };
      const cluster = await clusters.get(target.destination.cluster);
      const deadline = performance.now() + remainingMs(timeoutMs, now());
      const request = { cluster, target, plan, sync, wave, signal };
      const { outcomes, failure } = await WriteSession.during(request, async (session) => {
        await session.begin([]);
        const done = await session.delete(deletions, deadline);
        if (!signal.aborted)
          await session.forget(done.outcomes.filter((o) => o.outcome === 'deleted').map((o) => o.object));
        return done;
      });
      reportUnlessHandedOver(signal);
      return {
        deleted: countOf(outcomes, 'deleted'),
        waiting: outcomes
          .filter((o) => o.outcome === 'deleting')
          .map((o) => o.object)
          .slice(0, mostListed),
        report: await putJson(artifacts, outcomes),
        ...withFailure(failure),
      };
    });
}
