/**
 * Stages: which objects of a set are written together, and in which order the stages follow.
 *
 * An object's place is its phase and wave. A hook has a place in each of its moments. A Namespace or a definition that
 * something earlier needs moves there (Argo CD does the same), and within a place they come first, as a stage of their
 * own.
 */
import { definedKind, isDefinition } from './definitions.js';
import { optionsOf, type Hook, type HookMoment } from './object-options.js';
import { groupOf, type KubernetesObject, type ObjectReference } from './object.js';
import { comparePlaces, compareOrder, compareStages, isDefining, type Placed } from './order.js';

export interface Stageable {
  readonly object: KubernetesObject;
  readonly reference: ObjectReference;
}

export interface Staged extends Placed {
  /** Number of its stage, from 0. */
  readonly wave: number;
  /** Present on a hook. */
  readonly hook?: Hook;
}

/** Moments of a sync; those of a deletion are the others. */
export const syncMoments: readonly HookMoment[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail'];
export const deletionMoments: readonly HookMoment[] = ['PreDelete', 'PostDelete'];

/** The objects in apply order, each with its stage; hooks of other moments are left out. */
export function arrange<T extends Stageable>(
  objects: readonly T[],
  moments: readonly HookMoment[] = syncMoments,
): (T & Staged)[] {
  return numbered(objects.flatMap((object) => placesOf(object, moments)));
}

/** The same for objects that are to go: they are deleted from the last stage to the first. A hook is one of them. */
export function arrangeForDeletion<T extends Stageable>(objects: readonly T[]): (T & Staged)[] {
  return numbered(objects.map((one) => ({ ...one, phase: 'Sync', syncWave: optionsOf(one.object).wave })));
}

function numbered<T extends Stageable>(placed: readonly Place<T>[]): (T & Staged)[] {
  const sorted = pulledForward(placed).sort(compareOrder);
  let wave = 0;
  return sorted.map((one, i) => {
    const previous = sorted[i - 1];
    if (previous !== undefined && compareStages(previous, one) !== 0) wave++;
    return { ...one, wave };
  });
}

type Place<T> = T & Placed & { readonly hook?: Hook };

function placesOf<T extends Stageable>(stageable: T, moments: readonly HookMoment[]): Place<T>[] {
  const { wave: syncWave, hook } = optionsOf(stageable.object);
  if (hook === undefined) return moments.includes('Sync') ? [{ ...stageable, phase: 'Sync', syncWave }] : [];
  const phases = hook.moments.filter((moment) => moments.includes(moment));
  return phases.map((phase) => ({ ...stageable, phase, syncWave, hook }));
}

function pulledForward<T extends Stageable>(placed: readonly Place<T>[]): Place<T>[] {
  const needed = new Map<string, Omit<Placed, 'reference'>>();
  for (const { reference, phase, syncWave } of placed) {
    for (const need of needsOf(reference)) {
      const earliest = needed.get(need);
      if (earliest === undefined || comparePlaces({ phase, syncWave }, earliest) < 0)
        needed.set(need, { phase, syncWave });
    }
  }
  return placed.map((one) => {
    const earliest = one.hook === undefined && isDefining(one.reference) ? needed.get(givenBy(one)) : undefined;
    return earliest !== undefined && comparePlaces(earliest, one) < 0 ? { ...one, ...earliest } : one;
  });
}

function needsOf({ apiVersion, kind, namespace }: ObjectReference): string[] {
  return [`kind ${groupOf(apiVersion)}/${kind}`, ...(namespace === undefined ? [] : [`namespace ${namespace}`])];
}

function givenBy({ object, reference }: Stageable): string {
  return isDefinition(reference) ? `kind ${definedKind(object)}` : `namespace ${reference.name}`;
}
