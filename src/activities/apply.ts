/**
 * apply: one stage of the plan, written.
 */
import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { keyOf, type ObjectReference } from '../domain/object.js';
import { isHook, isWrite, type Plan, type PlannedObject } from '../domain/plan.js';
import {
  mostListed,
  type ApplyInput,
  type ApplyResult,
  type ObjectOutcome,
  type WriteFailure,
} from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { WriteSession } from './write-session.js';
import { countOf, withFailure, reportUnlessHandedOver } from './written-report.js';

/**
 * Writes one stage of the plan: the fence and the inventory first, then the objects that differ, then its hooks. A stage
 * without any makes no request at all. May be repeated after any interruption.
 * A stage that could not be finished is a result, with its failure. May be cancelled in between: the report tells all.
 * @throws GitOpsError FenceLost, or what was refused before the first write
 */
export function createApply({
  clusters,
  artifacts,
  customHealth,
}: ClusterDependencies): (input: ApplyInput) => Promise<ApplyResult> {
  return ({ target, sync, wave, plan: digest, replans = 0, hooksDone = false }) =>
    withHeartbeat(async ({ signal }) => {
      const plan = await getJson<Plan>(artifacts, digest);
      const members = plan.objects.filter((o) => o.wave === wave && o.action !== 'delete' && o.action !== 'conflict');
      const writes = members.filter(isWrite);
      const hooks = hooksDone ? [] : members.filter(isHook);
      if (writes.length + hooks.length === 0) return { ...nothing, report: await putJson(artifacts, []) };
      const cluster = await clusters.get(target.destination.cluster);
      const request = { cluster, target, plan, sync, wave, replans, signal, customHealth };
      const { outcomes, failure } = await WriteSession.during(request, async (session) => {
        await session.begin(members.map((m) => m.reference));
        const written = await session.apply(writes);
        if (written.failure !== undefined || hooks.length === 0) return written;
        const started = await session.startHooks(hooks);
        return { ...started, outcomes: [...written.outcomes, ...started.outcomes] };
      });
      reportUnlessHandedOver(signal);
      return {
        applied: countOf(outcomes, 'created', 'configured'),
        skipped: countOf(outcomes, 'skipped'),
        failed: countOf(outcomes, 'failed'),
        conflictsResolved: writes.filter((w) => w.settledFields !== undefined).length,
        report: await putJson(artifacts, outcomes),
        ...replannable(withFailure(failure)),
        ...(signal.aborted ? { notWritten: notWritten(members, outcomes).slice(0, mostListed) } : {}),
      };
    });
}

function notWritten(members: readonly PlannedObject[], outcomes: readonly ObjectOutcome[]): ObjectReference[] {
  const written = new Set(
    outcomes.filter((o) => o.outcome !== 'skipped' && o.outcome !== 'failed').map((o) => keyOf(o.object)),
  );
  return members.filter((m) => m.action !== 'unchanged' && !written.has(keyOf(m.reference))).map((m) => m.reference);
}

const nothing = { applied: 0, skipped: 0, failed: 0, conflictsResolved: 0 } as const;

/** Repeating the step with the same plan would fail again. */
function replannable({ failure }: { failure?: WriteFailure }): { failure?: WriteFailure } {
  if (failure === undefined) return {};
  return { failure: failure.code === 'PlanOutdated' ? { ...failure, replan: true } : failure };
}
