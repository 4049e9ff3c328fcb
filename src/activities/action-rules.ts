/**
 * What an action may do: the kinds and namespaces of the application's project, and the operator's policies on every
 * object as it would be.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import { GitOpsError } from '../domain/errors.js';
import { referenceOf, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import { describeViolation, violationsOf } from '../domain/policy/evaluate.js';
import { projectOf, projectViolations, type Governance, type Project } from '../domain/policy/project.js';
import type { Target } from '../domain/target.js';

/** One object about to be written: `before` is null for one that is made. */
export interface ActedObject {
  readonly before: KubernetesObject | null;
  readonly after: KubernetesObject;
}

export class ActionRules {
  private readonly project: Project;

  /** @throws GitOpsError UnknownProject */
  constructor(
    private readonly governance: Governance,
    private readonly target: Target,
    private readonly cluster: Cluster,
    private readonly signal: AbortSignal,
  ) {
    this.project = projectOf(governance, target.project);
  }

  /** @throws GitOpsError ProjectDenied */
  requireAllowed(reference: ObjectReference): void {
    const { cluster } = this.target.destination;
    const violations = projectViolations(this.project, { reference, cluster });
    if (violations.length > 0) throw new GitOpsError('ProjectDenied', violations.map(describeViolation).join('; '));
  }

  /**
   * @returns what policies only warn of
   * @throws GitOpsError PolicyViolation
   */
  async judge(objects: readonly ActedObject[]): Promise<string[]> {
    const policies = [...this.governance.policies, ...this.project.policies];
    if (policies.length === 0) return [];
    const found = [];
    for (const { before, after } of objects) {
      const reference = referenceOf(after);
      const namespaceObject = policies.some((p) => p.needsNamespace) ? await this.namespaceOf(reference) : null;
      const operation = before === null ? ('CREATE' as const) : ('UPDATE' as const);
      found.push(
        ...violationsOf(policies, { operation, reference, object: after, oldObject: before, namespaceObject }),
      );
    }
    const enforced = found.filter(({ action }) => action === 'enforce');
    if (enforced.length > 0)
      throw new GitOpsError(
        'PolicyViolation',
        `policies forbid this action; nothing was written: ${enforced.map(describeViolation).join('; ')}`,
      );
    return found.map(describeViolation);
  }

  private async namespaceOf({ namespace }: ObjectReference): Promise<KubernetesObject | null> {
    if (namespace === undefined) return null;
    const reference = { apiVersion: 'v1', kind: 'Namespace', name: namespace };
    return (await this.cluster.get(reference, { signal: this.signal })) ?? null;
  }
}
