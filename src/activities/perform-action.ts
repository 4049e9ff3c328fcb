/**
 * performAction: writes what an action was planned to write. May be repeated after any interruption.
 */
import { getJson } from '../adapters/artifacts/artifact-store.js';
import type { Cluster } from '../adapters/cluster/cluster.js';
import type { ActionPlan, PlannedPatch } from '../domain/actions/action-plan.js';
import type { Digest } from '../domain/digest.js';
import { GitOpsError, hasCode } from '../domain/errors.js';
import { describeReference, referenceOf, tracking, type KubernetesObject } from '../domain/object.js';
import { redact } from '../domain/redaction.js';
import type { Target } from '../domain/target.js';
import type { ClusterDependencies } from './cluster-dependencies.js';
import { withHeartbeat } from './heartbeat.js';
import { patchObject } from './patch-object.js';
import { WriteGuard } from './write-guard.js';

export interface PerformActionInput {
  readonly target: Target;
  readonly plan: Digest;
  readonly run: string;
}

export interface PerformActionResult {
  /** The object changed after the plan was made, and nothing was written: why. */
  readonly outdated?: string;
}

/** @throws GitOpsError what the server refuses; OwnershipConflict when another object has the name of one to be made */
export function createPerformAction({
  clusters,
  artifacts,
}: ClusterDependencies): (input: PerformActionInput) => Promise<PerformActionResult> {
  return ({ target, plan: digest, run }) =>
    withHeartbeat(async ({ signal }) => {
      const { patch, creates } = await getJson<ActionPlan>(artifacts, digest);
      const cluster = await clusters.get(target.destination.cluster);
      return WriteGuard.during(async (guard) => {
        const write = new ActionWrites(cluster, run, guard, signal);
        const outdated = patch === undefined ? undefined : await write.patch(patch);
        if (outdated !== undefined) return { outdated: redact(outdated) };
        for (const object of creates) await write.create(object);
        return {};
      });
    });
}

/** The patch first: it alone can come too late, and then nothing is written yet. */
class ActionWrites {
  constructor(
    private readonly cluster: Cluster,
    private readonly run: string,
    private readonly guard: WriteGuard,
    private readonly signal: AbortSignal,
  ) {}

  /** @returns why the plan no longer fits */
  async patch(planned: PlannedPatch): Promise<string | undefined> {
    this.guard.check();
    try {
      await patchObject(this.cluster, planned, { signal: this.signal });
      return undefined;
    } catch (error) {
      if (!hasCode(error, 'PlanOutdated')) throw error;
      const live = await this.cluster.get(planned.reference, { signal: this.signal });
      return this.isOurs(live) ? undefined : (error as Error).message;
    }
  }

  /** Under a name of its own: whoever comes second finds it, and its mark says whose it is. */
  async create(object: KubernetesObject): Promise<void> {
    this.guard.check();
    try {
      await this.cluster.create(object, { signal: this.signal, fieldManager: tracking.actionManager });
    } catch (error) {
      if (!hasCode(error, 'PlanOutdated')) throw error;
      const there = await this.cluster.get(referenceOf(object), { signal: this.signal });
      if (!this.isOurs(there)) throw nameTaken(object);
    }
  }

  private isOurs(live: KubernetesObject | undefined): boolean {
    return live?.metadata.annotations?.[tracking.actionAnnotation] === this.run;
  }
}

function nameTaken(object: KubernetesObject): GitOpsError {
  return new GitOpsError('OwnershipConflict', `${describeReference(referenceOf(object))} exists already`, {
    hint: 'another run of the action made it; ask again in a moment for one of another name',
  });
}
