/**
 * finish hooks: those of one stage that are over, taken away.
 */
import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { isHook, type Plan } from '../domain/plan.js';
import type { FinishHooksInput, FinishHooksResult } from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { WriteSession } from './write-session.js';
import { countOf, reportUnlessHandedOver, withFailure } from './written-report.js';

/**
 * Takes away the hooks of one stage that are over, as their delete policies say. May be repeated.
 * @throws GitOpsError FenceLost
 */
export function createFinishHooks({
  clusters,
  artifacts,
  customHealth,
}: ClusterDependencies): (input: FinishHooksInput) => Promise<FinishHooksResult> {
  return ({ target, sync, wave, plan: digest, replans = 0, all = false }) =>
    withHeartbeat(async ({ signal }) => {
      const plan = await getJson<Plan>(artifacts, digest);
      const hooks = plan.objects.filter(isHook).filter((h) => h.wave === wave);
      const cluster = await clusters.get(target.destination.cluster);
      const { outcomes, failure } = await WriteSession.during(
        { cluster, target, plan, sync, wave, replans, signal, customHealth },
        async (session) => {
          await session.begin([]);
          const done = await session.finishHooks(hooks, all);
          await session.forget(done.outcomes.filter((o) => o.outcome === 'deleted').map((o) => o.object));
          return done;
        },
      );
      reportUnlessHandedOver(signal);
      return {
        deleted: countOf(outcomes, 'deleted'),
        report: await putJson(artifacts, outcomes),
        ...withFailure(failure),
      };
    });
}
