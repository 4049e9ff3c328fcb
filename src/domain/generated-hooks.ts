/**
 * Hooks that the sync names (`generateName`), found again in the inventory by the names it gave them: each sync adds
 * another, which is neither a leftover of the set nor a change of it.
 */
import { namesOfRuns } from './hooks.js';
import type { Hook, HookMoment } from './object-options.js';
import { groupOf, type KubernetesObject, type ObjectReference } from './object.js';

export interface PlacedHook {
  readonly object: KubernetesObject;
  readonly reference: ObjectReference;
  readonly phase: HookMoment;
  readonly hook?: Hook;
}

export interface HookRun {
  /** Number of the sync. */
  readonly sync: number;
  /** Whether it makes room for the next run. */
  readonly makesRoom: boolean;
}

interface Generated {
  readonly kind: string;
  readonly names: RegExp;
  readonly makesRoom: boolean;
}

export class GeneratedHooks {
  private readonly hooks: readonly Generated[];

  constructor(objects: readonly PlacedHook[]) {
    this.hooks = objects.flatMap(generatedBy);
  }

  /** Undefined for an object that none of these hooks was. */
  runOf(reference: ObjectReference): HookRun | undefined {
    const kind = kindIn(reference);
    for (const { names, makesRoom } of this.hooks.filter((h) => h.kind === kind)) {
      const sync = names.exec(reference.name)?.[1];
      if (sync !== undefined) return { sync: Number(sync), makesRoom };
    }
    return undefined;
  }
}

function generatedBy({ object, reference, phase, hook }: PlacedHook): Generated[] {
  const { generateName } = object.metadata;
  if (hook === undefined || typeof generateName !== 'string') return [];
  const makesRoom = hook.deletePolicies.includes('BeforeHookCreation');
  return [{ kind: kindIn(reference), names: namesOfRuns(generateName, phase), makesRoom }];
}

function kindIn({ apiVersion, kind, namespace = '' }: ObjectReference): string {
  return [groupOf(apiVersion), kind, namespace].join(' ');
}
