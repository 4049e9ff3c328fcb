import { createHash } from 'node:crypto';
import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { diffReport, type DiffReport, type Findings } from '../domain/diff/report.js';
import { describeReference } from '../domain/object.js';
import { countChanges, planContent, stagesToRun, type Plan } from '../domain/plan.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import type { Digest, DiffInput, DiffResult } from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { makePlan, type Planned } from './planner.js';

/** Conflicts and warnings that go into the history; all of them are in the report. */
const listed = 20;

/**
 * Dry-runs the set against the cluster and stores the plan and its report. Writes nothing to the cluster.
 * @throws GitOpsError naming every object the server refuses, unless these are to be reported; conflicts over fields and
 * objects are part of the result
 */
export function createDiff({
  clusters,
  artifacts,
  now,
}: ClusterDependencies): (input: DiffInput) => Promise<DiffResult> {
  return (input) =>
    withHeartbeat(async ({ signal }) => {
      const { target, manifests, prune, resources, revision = '', sync, hooksOf, reportRefused = false } = input;
      const cluster = await clusters.get(target.destination.cluster);
      const set = await getJson<RenderedSet>(artifacts, manifests);
      const resolution = target.conflictResolution;
      const request = {
        target,
        set,
        prune,
        resolution,
        reportRefused,
        ...(resources === undefined ? {} : { resources }),
        ...(sync === undefined ? {} : { naming: { revision, sync } }),
        ...(hooksOf === undefined ? {} : { deletionHooks: await getJson<RenderedSet>(artifacts, hooksOf) }),
      };
      const { plan, findings } = withWarnings(await makePlan(cluster, request, signal), input.warnings);
      const planDigest = digestOf(plan);
      const report = diffReport({ app: target.app, revision, planDigest, now: now() }, findings);
      const [planArtifact, reportArtifact] = await Promise.all([putJson(artifacts, plan), putJson(artifacts, report)]);
      return { plan: planArtifact, planDigest, report: reportArtifact, ...summary(plan, findings, report) };
    });
}

/** Of rendering: they stand in front of those of the plan. */
function withWarnings(planned: Planned, warnings: readonly string[] = []): Planned {
  if (warnings.length === 0) return planned;
  const { findings } = planned;
  return { ...planned, findings: { ...findings, notes: [...warnings, ...findings.notes] } };
}

function digestOf(plan: Plan): Digest {
  return createHash('sha256').update(planContent(plan.objects)).digest('hex');
}

function summary(
  { objects }: Plan,
  { conflicts }: Findings,
  { warnings }: DiffReport,
): Pick<DiffResult, 'counts' | 'waves' | 'warnings' | 'conflicts'> {
  return {
    counts: { ...countChanges(objects), conflicts: conflicts.length },
    waves: stagesToRun(objects),
    warnings: warnings.slice(0, listed),
    conflicts: conflicts.slice(0, listed).map((c) => `${describeReference(c.reference)}: ${c.description}`),
  };
}
