/**
 * The plan before the operator's policies, those of the application's project, and its own.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { getJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { Cluster } from '../adapters/cluster/cluster.js';
import { policyDocuments, type PolicyText } from '../adapters/policy/policy-documents.js';
import { GitOpsError } from '../domain/errors.js';
import type { FoundChange } from '../domain/diff/report.js';
import { keyOf, type KubernetesObject } from '../domain/object.js';
import { compilePolicies } from '../domain/policy/compile.js';
import { describeViolation, violationsOf } from '../domain/policy/evaluate.js';
import type { Policy, PolicyOperation, Violation } from '../domain/policy/policy.js';
import { projectOf, projectViolations, requirePlace, type Governance, type Project } from '../domain/policy/project.js';
import { declaredPolicies } from '../domain/policy/short-form.js';
import { isDeletion, isHook, type PlannedObject } from '../domain/plan.js';
import type { DiffInput } from '../domain/sync.js';
import type { Planned } from './planner.js';

/** Policies of an application as render keeps them: what they say, not yet what it means. */
export interface StoredPolicies {
  readonly texts: readonly PolicyText[];
  readonly inline: readonly unknown[];
}

export interface PolicyCheck {
  readonly cluster: Cluster;
  readonly artifacts: ArtifactStore;
  readonly governance: Governance;
  readonly input: DiffInput;
  readonly signal: AbortSignal;
}

/**
 * What is not allowed, enforced or not. The deletion of a whole application is nobody's to forbid; the hooks around it
 * are made like any other object, so that they are asked about.
 * @throws GitOpsError UnknownProject, ProjectDenied, InvalidPolicy
 */
export async function checkPolicies(check: PolicyCheck, planned: Planned): Promise<Violation[]> {
  const { governance, input, artifacts } = check;
  const { target, repositories, policies: own, ungoverned: unasked = false } = input;
  const removes = planned.plan.removesApplication;
  if (unasked || (removes && !planned.plan.objects.some(isHook))) return [];
  const project = projectOf(governance, target.project);
  if (!removes) requirePlace(project, { repositories, ...target.destination });
  const policies = [...governance.policies, ...project.policies, ...(await ownPolicies(artifacts, own))];
  return [...ofProject(project, check, planned), ...(await ofPolicies(policies, check, planned))];
}

const remarks = 5;

/** The same in words, for a way back that nothing may block: of what was accepted once, nobody is kept. */
export async function remarksOn(check: PolicyCheck, planned: Planned): Promise<string[]> {
  try {
    const lines = (await checkPolicies(check, planned)).map(describeViolation);
    return lines.length <= remarks ? lines : [...lines.slice(0, remarks), `and ${lines.length - remarks} more`];
  } catch (error) {
    if (error instanceof GitOpsError && !error.retryable) return [error.message];
    throw error;
  }
}

async function ownPolicies(artifacts: ArtifactStore, digest: string | undefined): Promise<Policy[]> {
  if (digest === undefined) return [];
  const { texts, inline } = await getJson<StoredPolicies>(artifacts, digest);
  const documents = texts.flatMap((text) => policyDocuments(text, 'repository'));
  return [...compilePolicies(documents), ...declaredPolicies(inline)];
}

/** Every object, also one that does not change: what a project may have is asked of the whole. */
function ofProject(project: Project, { input }: PolicyCheck, { plan }: Planned): Violation[] {
  const { cluster, namespace } = input.target.destination;
  return distinct(plan.objects)
    .filter((planned) => !isDeletion(planned))
    .filter(
      ({ reference: { kind, name }, source }) => !(source === undefined && kind === 'Namespace' && name === namespace),
    )
    .flatMap(({ reference, source }) => projectViolations(project, { reference, cluster, source }));
}

/** A hook is planned once for each of its moments. */
function distinct<T extends Pick<PlannedObject, 'reference'>>(objects: readonly T[]): T[] {
  return [...new Map(objects.map((one) => [keyOf(one.reference), one])).values()];
}

const operations: Readonly<Record<FoundChange['type'], PolicyOperation>> = {
  create: 'CREATE',
  update: 'UPDATE',
  delete: 'DELETE',
};

/** In a deletion the hooks alone. */
function changesIn({ plan, findings: { changes, hooks = [] } }: Planned): readonly FoundChange[] {
  return plan.removesApplication ? distinct(hooks) : [...changes, ...distinct(hooks)];
}

async function ofPolicies(policies: readonly Policy[], check: PolicyCheck, planned: Planned): Promise<Violation[]> {
  if (policies.length === 0) return [];
  const changes = changesIn(planned);
  const sources = new Map(planned.plan.objects.map(({ reference, source }) => [keyOf(reference), source]));
  const namespaces = policies.some((p) => p.needsNamespace)
    ? await namespacesOf(check, changes)
    : new Map<string, null>();
  const found: Violation[] = [];
  for (const { type, reference, before, after } of changes) {
    const source = sources.get(keyOf(reference));
    const request = {
      operation: operations[type],
      reference,
      object: type === 'delete' ? null : (after ?? null),
      oldObject: before ?? null,
      namespaceObject: namespaces.get(reference.namespace ?? '') ?? null,
      ...(source === undefined ? {} : { source }),
    };
    found.push(...violationsOf(policies, request));
    await breath(); // an expression may take some tenths of a second
  }
  return found;
}

/** As they will be when this plan brings them, else as they are. */
async function namespacesOf(
  { cluster, signal }: PolicyCheck,
  changes: readonly FoundChange[],
): Promise<ReadonlyMap<string, KubernetesObject | null>> {
  const brought = new Map(
    changes.flatMap(({ reference, after }) =>
      reference.kind === 'Namespace' && after ? [[reference.name, after]] : [],
    ),
  );
  const names = new Set(changes.flatMap(({ reference: { namespace } }) => namespace ?? []));
  const found = [...names].map(async (name) => {
    const reference = { apiVersion: 'v1', kind: 'Namespace', name };
    return [name, brought.get(name) ?? (await cluster.get(reference, { signal })) ?? null] as const;
  });
  return new Map(await Promise.all(found));
}
