/**
 * One look at one application: has anything moved since the last look, and if so, is it drift?
 */
import { createHash } from 'node:crypto';
import type { ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import { getJson } from '../adapters/artifacts/artifact-store.js';
import type { Cluster } from '../adapters/cluster/cluster.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { toRestore } from '../domain/diff/field-conflict.js';
import type { AcceptedSet } from '../domain/drift/accepted-set.js';
import { fits, hasMoved, missing, type Baseline } from '../domain/drift/baseline.js';
import { driftOf, missingObjects, type Drift } from '../domain/drift/drift.js';
import { watchOf, type Fingerprint, type Watch } from '../domain/drift/fingerprint.js';
import { GitOpsError } from '../domain/errors.js';
import { keyOf, type ObjectReference } from '../domain/object.js';
import { removesItself } from '../domain/hooks.js';
import { optionsOf } from '../domain/object-options.js';
import type { PlannedObject } from '../domain/plan.js';
import { redact } from '../domain/redaction.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import type { Target } from '../domain/target.js';
import type { ManagedMetadata } from './managed-metadata.js';
import { makePlan, type Planned } from './planner.js';
import { scopeSet } from './scoped-set.js';

export interface LookContext {
  readonly artifacts: ArtifactStore;
  readonly cluster: Cluster;
  readonly metadata: ManagedMetadata;
  readonly signal: AbortSignal;
}

export interface Watched {
  readonly target: Target;
  readonly accepted: AcceptedSet;
  readonly baseline: Baseline | undefined;
}

export interface Look {
  /** As it is from now on. */
  readonly baseline: Baseline;
  /** False when the fingerprints had the answer. */
  readonly compared: boolean;
}

export function digestOfTarget(target: Target): string {
  return createHash('sha256').update(canonicalJson(target)).digest('hex');
}

/** @throws GitOpsError when the cluster does not answer, or refuses to say what a sync would write */
export async function look(watched: Watched, context: LookContext): Promise<Look> {
  const { baseline, accepted, target } = watched;
  if (baseline !== undefined && fits(baseline, accepted, digestOfTarget(target))) {
    const { objects } = baseline;
    const watches = new Map(objects.map((o) => [keyOf(o.reference), watchOf(o.fingerprint)]));
    const references = objects.map((o) => o.reference);
    const current = await fingerprints(references, watches, context);
    if (!hasMoved(baseline, current)) return { baseline, compared: false };
  }
  return { baseline: await compare(watched, context), compared: true };
}

/** What of each object to watch, by key; where nothing is said, our fields. */
type Watches = ReadonlyMap<string, Watch>;

function fingerprints(
  references: readonly ObjectReference[],
  watches: Watches,
  { metadata }: LookContext,
): Promise<(Fingerprint | undefined)[]> {
  return Promise.all(references.map((r) => metadata.fingerprint(r, watches.get(keyOf(r)) ?? 'ours')));
}

/**
 * Compares the accepted set with the cluster. The fingerprints were listed before: what changes in between is seen by
 * the comparison, what changes after it moves a fingerprint.
 */
async function compare({ target, accepted }: Watched, context: LookContext): Promise<Baseline> {
  const { cluster, artifacts, signal, metadata } = context;
  const rendered = await getJson<RenderedSet>(artifacts, accepted.manifests);
  const set = rendered.filter(({ object }) => optionsOf(object).hook === undefined && !removesItself(object));
  const { objects } = await scopeSet(cluster, set, target.destination, signal);
  const references = objects.map((o) => o.reference);
  await metadata.list(references);
  if ((await fingerprints(references, new Map(), context)).includes(undefined)) throw unreachable(context);
  const { drift, watches } = await judge(target, set, references, context);
  const current = await fingerprints(references, watches, context);
  return {
    manifests: accepted.manifests,
    confirmed: accepted.confirmed,
    target: digestOfTarget(target),
    objects: references.map((reference, i) => ({ reference, fingerprint: current[i] ?? missing })),
    ...(drift === undefined ? {} : { drift }),
  };
}

interface Judged {
  readonly drift: Drift | undefined;
  readonly watches: Watches;
}

async function judge(
  target: Target,
  set: RenderedSet,
  references: readonly ObjectReference[],
  context: LookContext,
): Promise<Judged> {
  const resolution = toRestore(target.conflictResolution);
  try {
    return verdictOf(
      await makePlan(context.cluster, { target, set, prune: false, resolution, leavesAdded: true }, context.signal),
    );
  } catch (error) {
    if (!(error instanceof GitOpsError) || error.retryable) throw error;
    return refused(error, references, context);
  }
}

function verdictOf({ plan, findings }: Planned): Judged {
  const watches = new Map(plan.objects.map((o) => [keyOf(o.reference), watchFor(o)]));
  return { drift: driftOf(findings.changes), watches };
}

function watchFor({ action, unowned, yielded }: PlannedObject): Watch {
  if (action !== 'unchanged' || unowned) return 'all';
  return yielded ? 'owners' : 'ours';
}

/** The server refuses what a sync would write, as when the namespace is gone: what is missing is drift all the same. */
async function refused(
  error: GitOpsError,
  references: readonly ObjectReference[],
  context: LookContext,
): Promise<Judged> {
  const current = await fingerprints(references, new Map(), context);
  const gone = references.filter((_, i) => current[i] === missing);
  if (gone.length === 0) throw error;
  const [head = '', reason = head] = error.message.split('\n');
  return {
    drift: missingObjects(gone, redact(reason.trim())),
    watches: new Map(references.map((r) => [keyOf(r), 'all'])),
  };
}

function unreachable({ cluster, metadata }: LookContext): GitOpsError {
  const [why = 'some kinds could not be listed'] = metadata.failures;
  return new GitOpsError('ClusterUnreachable', `cluster ${cluster.name}: ${why}`);
}
