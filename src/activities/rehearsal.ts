/**
 * What the server would make of one object: a dry run of the very requests that apply makes, in the way the object's
 * options ask for.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import type { ConflictResolution } from '../domain/application.js';
import { FieldConflictError, settle } from '../domain/diff/field-conflict.js';
import { withoutField } from '../domain/diff/field-path.js';
import { withIgnored, withLiveValues, type IgnoreRule } from '../domain/diff/ignore-rules.js';
import { immutableFields, immutableRefusal, mayRecreate } from '../domain/diff/immutable.js';
import { fieldsThatVanish, mayTakeOver, withoutFields } from '../domain/diff/take-over.js';
import type { GitOpsError } from '../domain/errors.js';
import { hasCode } from '../domain/errors.js';
import { tracking, type KubernetesObject } from '../domain/object.js';
import { optionsOf, type ObjectOptions } from '../domain/object-options.js';

export interface RehearsalRequest {
  readonly cluster: Cluster;
  readonly app: string;
  readonly object: KubernetesObject;
  readonly options: ObjectOptions;
  readonly resolution: ConflictResolution;
  /** What people added with kubectl stays. */
  readonly leavesAdded?: boolean | undefined;
  /** Those that speak of the object. */
  readonly ignored: readonly IgnoreRule[];
  readonly signal: AbortSignal;
}

/** What to apply, how, and what comes of it. */
export interface Rehearsed {
  readonly desired: KubernetesObject;
  readonly force: boolean;
  readonly settledFields: number;
  /** As the server would have it. */
  readonly after: KubernetesObject;
  readonly created: boolean;
  readonly manner: { readonly recreate?: true; readonly replace?: true; readonly takeOver?: true };
}

/** The object as it may be applied once its conflicts were settled. */
interface Settled {
  readonly desired: KubernetesObject;
  readonly force: boolean;
  readonly settledFields: number;
}

/** Whether the live object must be known before anything can be tried. */
export function needsLive({ options, ignored }: RehearsalRequest): boolean {
  return options.replaced || options.onlyWhenMissing || ignored.length > 0;
}

/**
 * @param before the live object, where it is known already
 * @throws FieldConflictError for fields that stay with their owners; GitOpsError when the server refuses the object
 */
export async function rehearse(request: RehearsalRequest, before: KubernetesObject | undefined): Promise<Rehearsed> {
  try {
    if (before !== undefined && request.options.replaced) return await rehearseReplace(request, before);
    return await rehearseApply(request, before);
  } catch (error) {
    const fields = immutableFields(error);
    if (fields.length === 0) throw error;
    return rehearseRecreation(request, error as GitOpsError, fields);
  }
}

async function rehearseReplace(request: RehearsalRequest, before: KubernetesObject): Promise<Rehearsed> {
  const { cluster, object, ignored, signal } = request;
  const desired = ignored.length === 0 ? object : withLiveValues(object, before, ignored);
  const after = await cluster.replace(atVersion(desired, before), { dryRun: true, signal });
  return { desired, force: false, settledFields: 0, after, created: false, manner: { replace: true } };
}

/** The object as a replacement of exactly that live one. */
function atVersion(object: KubernetesObject, { metadata: { uid, resourceVersion } }: KubernetesObject) {
  const identity = {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  return { ...object, metadata: { ...object.metadata, ...identity } };
}

async function rehearseApply(request: RehearsalRequest, before: KubernetesObject | undefined): Promise<Rehearsed> {
  const { cluster, object, ignored, resolution, signal } = request;
  const start = before === undefined || ignored.length === 0 ? object : withIgnored(object, before, ignored);
  let attempt: Settled = { desired: start, force: false, settledFields: 0 };
  for (;;) {
    try {
      const { desired, force } = attempt;
      const answer = await cluster.apply(desired, { dryRun: true, force, signal });
      return { ...attempt, after: answer.object, created: answer.created, manner: {} };
    } catch (error) {
      if (!(error instanceof FieldConflictError)) throw error;
      attempt = settleFields(attempt, error, resolution);
    }
  }
}

/** @throws the conflict itself when the resolution leaves a field open, or changes nothing about it */
function settleFields(attempt: Settled, conflict: FieldConflictError, resolution: ConflictResolution): Settled {
  const { yielded, taken, open } = settle(conflict.fields, resolution);
  if (open.length > 0) throw conflict;
  const desired = yielded.reduce<unknown>(
    (object, { field }) => withoutField(object, field),
    attempt.desired,
  ) as KubernetesObject;
  if (taken.length === 0 && desired === attempt.desired) throw conflict;
  return {
    desired,
    force: attempt.force || taken.length > 0,
    settledFields: attempt.settledFields + conflict.fields.length,
  };
}

/**
 * Only when it was asked for, and only once the server has judged the new object as one to be created.
 * @throws GitOpsError the refusal, with the way to allow it; or what the server has against the new object
 */
async function rehearseRecreation(
  { cluster, object, options, signal }: RehearsalRequest,
  refusal: GitOpsError,
  fields: readonly string[],
): Promise<Rehearsed> {
  const allowed = options.recreated && mayRecreate(object, optionsOf(object).recreated);
  if (!allowed) throw immutableRefusal(refusal, fields);
  await cluster.rehearseCreate(object, { signal });
  return { desired: object, force: false, settledFields: 0, after: object, created: false, manner: { recreate: true } };
}

/**
 * The same, once kubectl's fields are ours: those that are in no manifest then vanish, and the server fills in its
 * defaults. Where it would not accept what is left, they stay.
 */
export async function withTakeOver(
  request: RehearsalRequest,
  rehearsed: Rehearsed,
  before: KubernetesObject,
): Promise<Rehearsed> {
  const { cluster, app, resolution, leavesAdded, signal } = request;
  if (leavesAdded) return rehearsed;
  const owner = before.metadata.annotations?.[tracking.appAnnotation];
  if (rehearsed.manner.replace || rehearsed.manner.recreate || !mayTakeOver(resolution, owner, app)) return rehearsed;
  const vanishing = fieldsThatVanish(rehearsed.after);
  if (vanishing.length === 0) return rehearsed;
  try {
    const rest = withoutFields(rehearsed.after, vanishing);
    const after = await cluster.replace(atVersion(rest, before), { dryRun: true, signal });
    return { ...rehearsed, after, manner: { takeOver: true } };
  } catch (error) {
    if (!hasCode(error, 'ObjectInvalid')) throw error;
    return rehearsed;
  }
}
