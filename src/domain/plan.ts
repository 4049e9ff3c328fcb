/**
 * The plan of one sync: what diff decided, object by object, and the only thing apply and prune act upon. Stored as an
 * artifact; the history carries its digest.
 */
import { canonicalJson } from './canonical-json.js';
import type { HookDeletePolicy, HookMoment } from './object-options.js';
import type { FieldSet } from './diff/field-set.js';
import { keyOf, type KubernetesObject, type ObjectReference } from './object.js';
import { isDefinition } from './definitions.js';
import { needsCleanup } from './hooks.js';
import { comparePlaces } from './order.js';
import type { ChangeCounts } from './sync-record.js';
import type { WaveSummary } from './sync.js';

export type PlanAction = 'create' | 'update' | 'delete' | 'unchanged' | 'conflict' | 'hook';

export interface LiveIdentity {
  readonly uid: string;
  readonly resourceVersion: string;
  /** What the plan rests on, on updates only: a write to a live object that fits neither digest is refused. */
  readonly fields?: PlannedFields;
}

/** The fields of a live object that matter to a write, and digests of what they hold before and after it. */
export interface PlannedFields {
  /** As in `managedFields`; absent: the whole object without its status. */
  readonly set?: FieldSet;
  readonly before: string;
  readonly after: string;
}

export interface PlannedObject {
  readonly reference: ObjectReference;
  readonly action: PlanAction;
  readonly phase: HookMoment;
  /** The stage it is written in, see stages.ts; what apply takes. */
  readonly wave: number;
  /** The wave as the user numbers it. */
  readonly syncWave: number;
  /** What to apply; on `create`, `update` and `hook` only. Fields yielded to another manager are already taken out. */
  readonly desired?: KubernetesObject;
  /** Take over fields that another manager owns (conflict resolution decided so). */
  readonly force?: true;
  /** Fields whose conflict was settled, taken over or left to their owner. */
  readonly settledFields?: number;
  /** The live object the plan was made against; writes are refused when its uid is another by then. */
  readonly live?: LiveIdentity;
  /** Deleted and created anew: a field that cannot be changed in place was changed. */
  readonly recreate?: true;
  /** Put in place of the live object instead of merged into it. */
  readonly replace?: true;
  /** Make the fields ours that kubectl owns, before the object is applied. */
  readonly takeOver?: true;
  /** Of a deletion, when not in the background. */
  readonly propagation?: 'Foreground' | 'Orphan';
  /** Not dry-run yet: its Namespace or definition comes in the same plan. Apply does so once that exists. */
  readonly deferred?: true;
  /** Not changed, and not healthy either when the plan was made: the next wave waits for it. */
  readonly unsettled?: true;
  /** Not changed, but some of what it should hold was put there by others: see drift/fingerprint.ts. */
  readonly unowned?: true;
  /** Not changed, as some of its fields were left to their owners. */
  readonly yielded?: true;
  /** It holds up no wave, however it is. */
  readonly healthIgnored?: true;
  /** On a hook. */
  readonly deletePolicies?: readonly HookDeletePolicy[];
  /** `file:line` of the manifest. */
  readonly source?: string;
}

export interface Plan {
  readonly version: 1;
  readonly app: string;
  /** Namespace of the application's inventory object. */
  readonly inventoryNamespace: string;
  /** The inventory object as the plan found it, null when there was none: the first write needs not read it again. */
  readonly inventory?: KubernetesObject | null;
  /** Whether the plan removes everything, so that the inventory object goes as well in the end. */
  readonly removesApplication: boolean;
  /** Every object of the set, in apply order, then the deletions, in the order to delete. */
  readonly objects: readonly PlannedObject[];
  /** Inventory entries with nothing left to delete: gone from the cluster, or taken over by another application. */
  readonly forget: readonly ObjectReference[];
}

/** A planned object that is to be written, so that has its desired state. */
export type PlannedWrite = PlannedObject & { readonly desired: KubernetesObject };

export function isWrite(planned: PlannedObject): planned is PlannedWrite {
  return planned.action === 'create' || planned.action === 'update';
}

export function isDeletion(planned: PlannedObject): boolean {
  return planned.action === 'delete';
}

export function countChanges(objects: readonly PlannedObject[]): ChangeCounts {
  const count = (action: PlanAction): number => objects.filter((o) => o.action === action).length;
  const recreated = objects.filter((o) => o.recreate).length;
  return {
    created: count('create'),
    updated: count('update'),
    deleted: count('delete'),
    unchanged: count('unchanged'),
    conflicts: count('conflict'),
    ...(recreated > 0 ? { recreated } : {}),
  };
}

export type PlannedHook = PlannedWrite;

export function isHook(planned: PlannedObject): planned is PlannedHook {
  return planned.action === 'hook';
}

/** What a stage is about: hooks to run, objects to write, and those that are not well yet. */
function hasWork(planned: PlannedObject): boolean {
  return isWrite(planned) || isHook(planned) || planned.unsettled === true;
}

/** Stages that have something to do, in order. */
export function stagesToRun(objects: readonly PlannedObject[]): WaveSummary[] {
  const stages = new Map<number, PlannedObject[]>();
  for (const planned of objects.filter(hasWork))
    stages.set(planned.wave, [...(stages.get(planned.wave) ?? []), planned]);
  const inOrder = [...stages.values()].sort(([a], [b]) => (a?.wave ?? 0) - (b?.wave ?? 0));
  return inOrder
    .map((members, i) => summaryOf(members, inOrder.slice(i + 1).flat()))
    .filter(({ objects: count, hooks = 0, settles }) => count > 0 || hooks > 0 || settles);
}

/** The stage in which the first write happens; undefined when none does. */
export function firstWrittenStage(objects: readonly PlannedObject[]): number | undefined {
  return stagesToRun(objects).find(({ objects: count, hooks = 0 }) => count + hooks > 0)?.wave;
}

function summaryOf(members: readonly PlannedObject[], later: readonly PlannedObject[]): WaveSummary {
  const [{ wave, phase, syncWave }] = members as [PlannedObject];
  const hooks = members.filter(isHook);
  return {
    wave,
    objects: members.filter(isWrite).length,
    ...(phase === 'Sync' ? {} : { phase }),
    ...(syncWave === 0 ? {} : { syncWave }),
    ...(hooks.length === 0 ? {} : { hooks: hooks.length }),
    ...(hooks.length > 0 || bringsKinds(members) || isAwaited({ phase, syncWave }, later) ? { settles: true } : {}),
    ...(hooks.some((h) => needsCleanup(h.desired, h.deletePolicies ?? [])) ? { cleanup: true } : {}),
  };
}

/** A definition is established a moment after it was written; only then its objects are welcome. */
function bringsKinds(members: readonly PlannedObject[]): boolean {
  return members.some((m) => isWrite(m) && isDefinition(m.reference));
}

/** The health check of the whole set follows the last wave of a sync, so only waves before that are awaited by themselves. */
function isAwaited(place: Pick<PlannedObject, 'phase' | 'syncWave'>, later: readonly PlannedObject[]): boolean {
  return later.some((next) => (next.phase === 'Sync' || next.phase === 'PreSync') && comparePlaces(place, next) < 0);
}

/**
 * The text whose hash is the plan digest: what would change, and to what. Nothing that two equal plans could disagree
 * on (uids, resource versions, the order of a map) is part of it.
 */
export function planContent(objects: readonly PlannedObject[]): string {
  const changes = objects
    .filter((o) => o.action !== 'unchanged')
    .map((o) => canonicalJson([keyOf(o.reference), o.action, o.force ?? false, o.desired ?? null, ...mannerOf(o)]));
  return changes.sort().join('\n');
}

/** How an object is written, where that is not the usual way. */
function mannerOf({ recreate, replace, takeOver, propagation }: PlannedObject): object[] {
  const manner = { recreate, replace, takeOver, propagation };
  return Object.values(manner).every((value) => value === undefined) ? [] : [manner];
}
