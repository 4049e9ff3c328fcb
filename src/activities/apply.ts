import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { isWrite, type Plan } from '../domain/plan.js';
import type { ApplyInput, ApplyResult } from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { WriteSession } from './write-session.js';
import { countOf, withFailure, reportUnlessHandedOver } from './written-report.js';

/**
 * Writes one wave of the plan: the fence and the inventory first, then the objects that differ. A wave without changes
 * makes no request at all. May be repeated after any interruption.
 * A wave that could not be finished is a result, with its failure. May be cancelled in between: the report tells all.
 * @throws GitOpsError FenceLost, or what was refused before the first write
 */
export function createApply({
  clusters,
  artifacts,
  customHealth,
}: ClusterDependencies): (input: ApplyInput) => Promise<ApplyResult> {
  return ({ target, sync, wave, plan: digest }) =>
    withHeartbeat(async ({ signal }) => {
      const plan = await getJson<Plan>(artifacts, digest);
      const members = plan.objects.filter((o) => o.wave === wave && o.action !== 'delete' && o.action !== 'conflict');
      const writes = members.filter(isWrite);
      if (writes.length === 0) return { ...nothing, report: await putJson(artifacts, []) };
      const cluster = await clusters.get(target.destination.cluster);
      const request = { cluster, target, plan, sync, wave, signal, customHealth };
      const { outcomes, failure } = await WriteSession.during(request, async (session) => {
        await session.begin(members.map((m) => m.reference));
        return session.apply(writes);
      });
      reportUnlessHandedOver(signal);
      return {
        applied: countOf(outcomes, 'created', 'configured'),
        skipped: countOf(outcomes, 'skipped'),
        failed: countOf(outcomes, 'failed'),
        conflictsResolved: writes.filter((w) => w.settledFields !== undefined).length,
        report: await putJson(artifacts, outcomes),
        ...withFailure(failure),
      };
    });
}

const nothing = { applied: 0, skipped: 0, failed: 0, conflictsResolved: 0 } as const;
