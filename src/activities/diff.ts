/**
 * diff: what a sync would change, as a plan to act on and a report to read; with what conflicts, policies and the shrink rule say.
 */
import { createHash } from 'node:crypto';
import { getJson, putJson } from '../adapters/artifacts/artifact-store.js';
import { diffReport, type DiffReport, type Findings } from '../domain/diff/report.js';
import { describeViolation } from '../domain/policy/evaluate.js';
import { ungoverned, type Governance } from '../domain/policy/project.js';
import { describeShrink, shrinkOf } from '../domain/shrink.js';
import { describeReference } from '../domain/object.js';
import { countChanges, planContent, stagesToRun, type Plan } from '../domain/plan.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import type { Digest } from '../domain/digest.js';
import { mostListed, type DiffInput, type DiffResult } from '../domain/sync.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { closedNow } from './look-at-windows.js';
import { makePlan } from './planner.js';
import { checkPolicies } from './policy-check.js';

export interface DiffDependencies extends ClusterDependencies {
  /** What the operator demands; nothing by default. */
  readonly governance?: Governance;
}

/**
 * Dry-runs the set against the cluster and stores the plan and its report. Writes nothing to the cluster.
 * @throws GitOpsError naming every object the server refuses, unless these are to be reported; conflicts over fields and
 * objects, and violations of policies, are part of the result; or saying what the project does not allow
 */
export function createDiff({
  clusters,
  artifacts,
  now,
  governance = ungoverned,
}: DiffDependencies): (input: DiffInput) => Promise<DiffResult> {
  return (input) =>
    withHeartbeat(async ({ signal }) => {
      const {
        target,
        manifests,
        prune,
        resources,
        revision = '',
        sync,
        hooksOf,
        reportRefused = false,
        firstSync = false,
      } = input;
      const cluster = await clusters.get(target.destination.cluster);
      const set = await getJson<RenderedSet>(artifacts, manifests);
      const resolution = target.conflictResolution;
      const request = {
        target,
        set,
        prune,
        firstSync,
        resolution,
        reportRefused,
        ...(resources === undefined ? {} : { resources }),
        ...(sync === undefined ? {} : { naming: { revision, sync } }),
        ...(hooksOf === undefined ? {} : { deletionHooks: await getJson<RenderedSet>(artifacts, hooksOf) }),
      };
      const planned = await makePlan(cluster, request, signal);
      const violations = await checkPolicies({ cluster, artifacts, governance, input, signal }, planned);
      const { plan } = planned;
      const held = heldBack(plan, resources);
      const notes = [...(input.warnings ?? []), ...planned.findings.notes, ...remarkOn(held)];
      const findings = { ...planned.findings, notes, violations };
      const planDigest = digestOf(plan);
      const report = diffReport({ app: target.app, revision, planDigest, now: now() }, findings);
      const [planArtifact, reportArtifact] = await Promise.all([putJson(artifacts, plan), putJson(artifacts, report)]);
      return {
        plan: planArtifact,
        planDigest,
        report: reportArtifact,
        ...summary(plan, findings, report),
        ...held,
        ...closedNow({ governance, now }, input),
      };
    });
}

/** Objects that somebody named are meant, and so is the deletion of an application. */
function heldBack(plan: Plan, resources: readonly string[] | undefined): Pick<DiffResult, 'shrink'> {
  if (plan.removesApplication || resources !== undefined) return {};
  const shrink = shrinkOf(countChanges(plan.objects));
  return shrink === undefined ? {} : { shrink };
}

function remarkOn({ shrink }: Pick<DiffResult, 'shrink'>): string[] {
  return shrink === undefined ? [] : [`${describeShrink(shrink)}: --allow-shrink says yes`];
}

function digestOf(plan: Plan): Digest {
  return createHash('sha256').update(planContent(plan.objects)).digest('hex');
}

function summary(
  { objects, forget }: Plan,
  { conflicts, violations = [] }: Findings,
  { warnings }: DiffReport,
): Pick<DiffResult, 'counts' | 'waves' | 'warnings' | 'conflicts' | 'violations' | 'onlyForgets'> {
  const waves = stagesToRun(objects);
  const enforced = violations.filter(({ action }) => action === 'enforce').map(describeViolation);
  return {
    ...(enforced.length === 0 ? {} : { violations: atMost(enforced) }),
    counts: { ...countChanges(objects), conflicts: conflicts.length },
    waves,
    ...(forget.length > 0 && waves.length === 0 ? { onlyForgets: true } : {}),
    warnings: warnings.slice(0, mostListed),
    conflicts: conflicts.slice(0, mostListed).map((c) => `${describeReference(c.reference)}: ${c.description}`),
  };
}

/** The last line says how many are not shown. */
function atMost(lines: readonly string[]): readonly string[] {
  if (lines.length <= mostListed) return lines;
  return [...lines.slice(0, mostListed - 1), `and ${lines.length - mostListed + 1} more, in the diff`];
}
