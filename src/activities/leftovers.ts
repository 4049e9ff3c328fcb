/**
 * What becomes of an object that the set no longer holds, as far as it has a say itself.
 */
import { optionsOf } from '../domain/object-options.js';
import { describeReference, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import type { PlannedObject } from '../domain/plan.js';
import { syncOption } from '../domain/sync-options.js';

export interface KeptLeftover {
  /** It stays, and nobody is in charge of it any more. */
  readonly forget: ObjectReference;
  readonly note: string;
}

/** Why it stays; undefined when it may go. @param deletion whether the whole application is deleted */
export function keptBecause(
  live: KubernetesObject,
  syncOptions: readonly string[],
  deletion: boolean,
): string | undefined {
  const options = optionsOf(live, syncOptions);
  if (options.ignored) return 'is ignored';
  if (deletion) return options.keptOnDelete ? 'is kept when the application is deleted' : undefined;
  return options.keptOnPrune ? 'is kept: it says that it is not to be pruned' : undefined;
}

/** Of an inventory from before the engine knew the application: its database was lost, or another engine had it. */
export const keptByFirstSync =
  'is kept: a first sync deletes nothing that was there before it; the next one does, or one with --prune';

/** With its application gone it is forgotten; else it stays in the inventory, and what it says is looked at again. */
export function keep(reference: ObjectReference, why: string, deletion: boolean): Partial<KeptLeftover> {
  const name = describeReference(reference);
  if (deletion) return { forget: reference, note: `${name} ${why}` };
  return { note: `${name} is no longer in the set; it ${why}` };
}

const propagations: Readonly<Record<string, PlannedObject['propagation']>> = {
  foreground: 'Foreground',
  orphan: 'Orphan',
};

/** `PrunePropagationPolicy`; in the background when nothing is said. */
export function propagationOf(syncOptions: readonly string[]): Pick<PlannedObject, 'propagation'> {
  const propagation = propagations[syncOption(syncOptions, 'PrunePropagationPolicy') ?? ''];
  return propagation === undefined ? {} : { propagation };
}
