/**
 * What the server would make of one object, and what that means: the decision of the diff for a single object.
 */
import type { Applied, Cluster } from '../adapters/cluster/cluster.js';
import type { ConflictResolution } from '../domain/application.js';
import { describeFields, FieldConflictError, settle, type OwnedField } from '../domain/diff/field-conflict.js';
import { withoutField } from '../domain/diff/field-path.js';
import { normalise } from '../domain/diff/normalise.js';
import type { FoundConflict } from '../domain/diff/report.js';
import { semanticallyEqual } from '../domain/diff/semantic-equality.js';
import { ownsLess } from '../domain/drift/fingerprint.js';
import { healthOf } from '../domain/health/rules.js';
import { nothingRelated } from '../domain/health/status.js';
import { tracking, type KubernetesObject } from '../domain/object.js';
import type { PlannedObject } from '../domain/plan.js';
import type { LiveObjects } from './live-objects.js';
import type { ScopedObject } from './scoped-set.js';

export interface DryRunContext {
  readonly cluster: Cluster;
  readonly live: LiveObjects;
  readonly app: string;
  readonly resolution: ConflictResolution;
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

/** The object as it may be applied once its conflicts were settled. */
interface Settled {
  readonly desired: KubernetesObject;
  readonly force: boolean;
  readonly settledFields: number;
}

/** Controllers write an object between our two reads of it; so often we look again before we call that a change. */
const looks = 3;

/** @throws GitOpsError when the server refuses the object, or does not answer */
export async function decide(scoped: ScopedObject, context: DryRunContext): Promise<Decided> {
  try {
    return await compare(scoped, await dryRun(scoped.object, context), context);
  } catch (error) {
    if (!(error instanceof FieldConflictError)) throw error;
    return fieldConflict(scoped, error.fields, await context.live.find(scoped.reference));
  }
}

/** An object whose Namespace or definition does not exist yet: all that is known is that it will be created. */
export function deferred(scoped: ScopedObject): Decided {
  const { object } = scoped;
  const planned: PlannedObject = { ...place(scoped), action: 'create', desired: object, deferred: true };
  return { planned, before: undefined, after: object };
}

interface Rehearsed extends Settled {
  readonly answer: Applied;
}

async function dryRun(object: KubernetesObject, { cluster, resolution, signal }: DryRunContext): Promise<Rehearsed> {
  let attempt: Settled = { desired: object, force: false, settledFields: 0 };
  for (;;) {
    try {
      const { desired, force } = attempt;
      return { ...attempt, answer: await cluster.apply(desired, { dryRun: true, force, signal }) };
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

async function compare(scoped: ScopedObject, rehearsed: Rehearsed, context: DryRunContext): Promise<Decided> {
  if (rehearsed.answer.created) return write(scoped, rehearsed, undefined);
  let before = await context.live.find(scoped.reference);
  let { object: after } = rehearsed.answer;
  for (let look = 1; before !== undefined; look++) {
    if (equal(before, after))
      return unchanged(scoped, before, { ...rehearsed, answer: { object: after, created: false } });
    if (before.metadata.resourceVersion === after.metadata.resourceVersion || look === looks) break;
    before = await context.live.read(scoped.reference);
    ({ object: after } = (await dryRun(scoped.object, context)).answer);
  }
  const owner = before?.metadata.annotations?.[tracking.appAnnotation];
  if (owner !== undefined && owner !== context.app) return ownedByAnother(scoped, owner, before);
  return write(scoped, { ...rehearsed, answer: { object: after, created: false } }, before);
}

function equal(a: KubernetesObject, b: KubernetesObject): boolean {
  return semanticallyEqual(normalise(a), normalise(b));
}

export function place({ reference, phase, wave, syncWave, source }: ScopedObject): Omit<PlannedObject, 'action'> {
  return { reference, phase, wave, syncWave, ...(source === undefined ? {} : { source }) };
}

function unchanged(scoped: ScopedObject, live: KubernetesObject, { answer, settledFields }: Rehearsed): Decided {
  const unsettled = healthOf(live, nothingRelated).status !== 'Healthy';
  const planned: PlannedObject = {
    ...place(scoped),
    action: 'unchanged',
    ...(unsettled ? { unsettled } : {}),
    ...(ownsLess(live, answer.object) ? { unowned: true } : {}),
    ...(settledFields > 0 ? { yielded: true } : {}),
  };
  return { planned, before: live, after: live };
}

function write(scoped: ScopedObject, rehearsed: Rehearsed, before: KubernetesObject | undefined): Decided {
  const { desired, force, settledFields, answer } = rehearsed;
  const planned: PlannedObject = {
    ...place(scoped),
    action: before === undefined ? 'create' : 'update',
    desired,
    ...(force ? { force } : {}),
    ...(settledFields > 0 ? { settledFields } : {}),
    ...(before === undefined ? {} : { live: identityOf(before) }),
  };
  const adopted = before !== undefined && before.metadata.annotations?.[tracking.appAnnotation] === undefined;
  const note = `${scoped.reference.kind}/${scoped.reference.name} exists already and is adopted`;
  return { planned, before, after: answer.object, ...(adopted ? { note } : {}) };
}

export function identityOf({ metadata }: KubernetesObject): { uid: string; resourceVersion: string } {
  return { uid: metadata.uid ?? '', resourceVersion: metadata.resourceVersion ?? '' };
}

function fieldConflict(
  scoped: ScopedObject,
  fields: readonly OwnedField[],
  before: KubernetesObject | undefined,
): Decided {
  return conflicting(scoped, 'field_owner', describeFields(fields), before);
}

function ownedByAnother(scoped: ScopedObject, owner: string, before: KubernetesObject | undefined): Decided {
  return conflicting(scoped, 'resource_exists', `it belongs to application ${owner}`, before);
}

export function conflicting(
  scoped: ScopedObject,
  type: FoundConflict['type'],
  description: string,
  before: KubernetesObject | undefined,
): Decided {
  const { reference, object: after } = scoped;
  const conflict: FoundConflict = { reference, type, description, before, after };
  return { planned: { ...place(scoped), action: 'conflict' }, before, after, conflict };
}
