/**
 * What is to be done about one object: the decision of the diff for it.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import type { ConflictResolution } from '../domain/application.js';
import { describeFields, FieldConflictError, toRestore } from '../domain/diff/field-conflict.js';
import { rulesFor, type IgnoreRule } from '../domain/diff/ignore-rules.js';
import { normalise } from '../domain/diff/normalise.js';
import type { FoundConflict } from '../domain/diff/report.js';
import { semanticallyEqual } from '../domain/diff/semantic-equality.js';
import { ownsLess } from '../domain/drift/fingerprint.js';
import { healthOf } from '../domain/health/rules.js';
import { nothingRelated } from '../domain/health/status.js';
import { hasCode } from '../domain/errors.js';
import { optionsOf, type ObjectOptions } from '../domain/object-options.js';
import { shortName, tracking, type KubernetesObject } from '../domain/object.js';
import type { LiveIdentity, PlannedObject } from '../domain/plan.js';
import { fieldsOf, wholeOf } from './fields-at-stake.js';
import type { LiveObjects } from './live-objects.js';
import { needsLive, rehearse, withTakeOver, type Rehearsed, type RehearsalRequest } from './rehearsal.js';
import type { ScopedObject } from './scoped-set.js';
import type { TerminatingNamespaces } from './terminating-namespaces.js';

export interface DryRunContext {
  readonly cluster: Cluster;
  readonly live: LiveObjects;
  readonly namespaces: TerminatingNamespaces;
  readonly app: string;
  readonly resolution: ConflictResolution;
  readonly ignoreDifferences: readonly IgnoreRule[];
  readonly syncOptions: readonly string[];
  /** An existing object that nobody owns is a conflict instead of being adopted. */
  readonly strict: boolean;
  readonly leavesAdded?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** One object of the plan, with both of its states for the report. */
export interface Decided {
  readonly planned: PlannedObject;
  readonly before: KubernetesObject | undefined;
  readonly after: KubernetesObject | undefined;
  readonly conflict?: FoundConflict;
  readonly note?: string;
}

/** Controllers write an object between our two reads of it; so often we look again before we call that a change. */
const looks = 3;

/** @throws GitOpsError when the server refuses the object, or does not answer */
export async function decide(scoped: ScopedObject, context: DryRunContext): Promise<Decided> {
  const request = requestOf(scoped, context);
  const { reference } = scoped;
  const before = needsLive(request) ? await context.live.find(reference) : undefined;
  if (before !== undefined && request.options.onlyWhenMissing)
    return foreignOwner(scoped, context, before) ?? unchanged(scoped, before);
  try {
    return await compareSteadily(scoped, request, context, before);
  } catch (error) {
    if (!(error instanceof FieldConflictError)) throw error;
    return fieldConflict(scoped, error, await context.live.find(reference));
  }
}

/** A replacement is rehearsed for one version of the object, which others may overtake. */
async function compareSteadily(
  scoped: ScopedObject,
  request: RehearsalRequest,
  context: DryRunContext,
  known: KubernetesObject | undefined,
): Promise<Decided> {
  let before = known;
  for (let look = 1; ; look++) {
    try {
      return await compare(scoped, request, context, before);
    } catch (error) {
      if (!hasCode(error, 'PlanOutdated') || look === looks) throw error;
      before = await context.live.read(scoped.reference);
    }
  }
}

function requestOf({ object, reference }: ScopedObject, context: DryRunContext): RehearsalRequest {
  const { cluster, app, signal, ignoreDifferences, syncOptions, leavesAdded } = context;
  const options = optionsOf(object, syncOptions);
  const ignored = rulesFor(ignoreDifferences, reference);
  const resolution = resolutionOf(options, context);
  return { cluster, app, object, options, ignored, resolution, leavesAdded, signal };
}

/** A rollback, which forces, leaves to its owner only what the object itself leaves to it. */
function resolutionOf({ conflictResolution: own }: ObjectOptions, { resolution }: DryRunContext): ConflictResolution {
  if (own === undefined) return resolution;
  if (resolution === 'reclaim') return toRestore(own);
  return resolution === 'force' && own === 'fail' ? 'force' : own;
}

/** An object whose Namespace or definition does not exist yet: all that is known is that it will be created. */
export function deferred(scoped: ScopedObject): Decided {
  const { object } = scoped;
  const planned: PlannedObject = { ...place(scoped), action: 'create', desired: object, deferred: true };
  return { planned, before: undefined, after: object };
}

async function compare(
  scoped: ScopedObject,
  request: RehearsalRequest,
  context: DryRunContext,
  known: KubernetesObject | undefined,
): Promise<Decided> {
  let rehearsed = await rehearse(request, known);
  if (rehearsed.created) return write(scoped, rehearsed, undefined);
  let before = known ?? (await context.live.find(scoped.reference));
  for (let look = 1; before !== undefined; look++) {
    rehearsed = await withTakeOver(request, rehearsed, before);
    if (equal(before, rehearsed.after)) return unchanged(scoped, before, rehearsed);
    const { after, manner } = rehearsed;
    if (manner.recreate || before.metadata.resourceVersion === after.metadata.resourceVersion || look === looks) break;
    before = await context.live.read(scoped.reference);
    rehearsed = await rehearse(request, before);
  }
  if (before === undefined) return write(scoped, rehearsed, before);
  await context.namespaces.refuseUpdate(before);
  const inTheWay = foreignOwner(scoped, context, before) ?? unowned(scoped, context, before, rehearsed);
  return inTheWay ?? write(scoped, rehearsed, before);
}

function equal(a: KubernetesObject, b: KubernetesObject): boolean {
  return semanticallyEqual(normalise(a), normalise(b));
}

export function place(scoped: ScopedObject): Omit<PlannedObject, 'action'> {
  const { object, reference, phase, wave, syncWave, source } = scoped;
  const { healthIgnored } = optionsOf(object);
  return {
    ...{ reference, phase, wave, syncWave },
    ...(source === undefined ? {} : { source }),
    ...(healthIgnored ? { healthIgnored } : {}),
  };
}

/** @param rehearsed absent when nothing was tried: the object is left alone whatever it holds */
function unchanged(scoped: ScopedObject, live: KubernetesObject, rehearsed?: Rehearsed): Decided {
  const { after = live, settledFields = 0 } = rehearsed ?? {};
  const placed = place(scoped);
  const unsettled = !placed.healthIgnored && healthOf(live, nothingRelated).status !== 'Healthy';
  const planned: PlannedObject = {
    ...placed,
    action: 'unchanged',
    ...(unsettled ? { unsettled } : {}),
    ...(ownsLess(live, after) ? { unowned: true } : {}),
    ...(settledFields > 0 ? { yielded: true } : {}),
  };
  return { planned, before: live, after: live };
}

function write(scoped: ScopedObject, rehearsed: Rehearsed, before: KubernetesObject | undefined): Decided {
  const { desired, force, settledFields, after, manner } = rehearsed;
  const planned: PlannedObject = {
    ...place(scoped),
    action: before === undefined ? 'create' : 'update',
    desired,
    ...(force ? { force } : {}),
    ...(settledFields > 0 ? { settledFields } : {}),
    ...manner,
    ...(before === undefined ? {} : { live: planningOn(before, rehearsed) }),
  };
  return { planned, before, after, ...noteOn(scoped, before) };
}

/** A recreation replaces that very object, whatever it holds by then. */
function planningOn(before: KubernetesObject, { after, manner }: Rehearsed): LiveIdentity {
  if (manner.recreate) return identityOf(before);
  return { ...identityOf(before), fields: manner.replace ? wholeOf(before, after) : fieldsOf(before, after) };
}

function noteOn({ reference }: ScopedObject, before: KubernetesObject | undefined): { note?: string } {
  const name = shortName(reference);
  if (before === undefined) return {};
  if (ownerOf(before) === undefined) return { note: `${name} exists already and is adopted` };
  const { deletionTimestamp } = before.metadata;
  if (deletionTimestamp === undefined) return {};
  return {
    note: `${name} is being deleted since ${deletionTimestamp}; once it is gone, a further sync creates it anew`,
  };
}

export function identityOf({ metadata }: KubernetesObject): LiveIdentity {
  return { uid: metadata.uid ?? '', resourceVersion: metadata.resourceVersion ?? '' };
}

function ownerOf({ metadata }: KubernetesObject): string | undefined {
  return metadata.annotations?.[tracking.appAnnotation];
}

// Conflicts

/** The owner of a field that nobody settled; of an object that is not ours yet, the object as a whole is in the way. */
function fieldConflict(
  scoped: ScopedObject,
  { fields }: FieldConflictError,
  before: KubernetesObject | undefined,
): Decided {
  const adopted = before !== undefined && ownerOf(before) === undefined;
  const description = describeFields(fields);
  return conflicting(scoped, before, {
    type: adopted ? 'resource_exists' : 'field_owner',
    description: adopted ? `it exists already, and ${description}` : description,
    fields,
  });
}

function foreignOwner(scoped: ScopedObject, { app }: DryRunContext, before: KubernetesObject): Decided | undefined {
  const owner = ownerOf(before);
  if (owner === undefined || owner === app) return undefined;
  return conflicting(scoped, before, {
    type: 'resource_exists',
    description: `it belongs to application ${owner}`,
    owner,
  });
}

/** Nobody's object is adopted, unless that is asked to be strict about, or would delete it. */
function unowned(
  scoped: ScopedObject,
  { strict }: DryRunContext,
  before: KubernetesObject,
  { manner }: Rehearsed,
): Decided | undefined {
  if (ownerOf(before) !== undefined || !(strict || manner.recreate)) return undefined;
  const why = manner.recreate ? 'it could only be deleted and created anew' : 'validation_required does not adopt it';
  const description = `it exists already and belongs to no application; ${why}`;
  return conflicting(scoped, before, { type: 'resource_exists', description });
}

export function conflicting(
  scoped: ScopedObject,
  before: KubernetesObject | undefined,
  found: Omit<FoundConflict, 'reference' | 'before' | 'after'>,
): Decided {
  const { reference, object: after } = scoped;
  const conflict: FoundConflict = { reference, before, after, ...found };
  return { planned: { ...place(scoped), action: 'conflict' }, before, after, conflict };
}
