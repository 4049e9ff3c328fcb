/**
 * What render makes and everything after it reads: the objects an application wants, in apply order.
 */
import { GitOpsError } from './errors.js';
import { optionsOf } from './object-options.js';
import { compareOrder, type Placed } from './order.js';
import { describeReference, keyOf, referenceOf, tracking, type KubernetesObject } from './object.js';

export interface RenderedObject {
  readonly object: KubernetesObject;
  /** Where the user wrote it, `file:line` relative to the repository's root; absent when a renderer lost track. */
  readonly source?: string;
}

/** The artifact `RenderResult.manifests` points to. */
export type RenderedSet = readonly RenderedObject[];

/** @throws GitOpsError DuplicateObject that names both places */
export function refuseDuplicates(objects: readonly RenderedObject[]): void {
  const seen = new Map<string, string | undefined>();
  for (const { object, source } of objects) {
    const reference = referenceOf(object);
    const key = keyOf(reference);
    if (seen.has(key)) {
      const places = [seen.get(key), source].filter((place) => place !== undefined).join(' and ');
      throw new GitOpsError('DuplicateObject', `${describeReference(reference)} is defined twice: ${places}`, {
        hint: 'remove one of them',
      });
    }
    seen.set(key, source);
  }
}

export interface MergedSources {
  readonly objects: readonly RenderedObject[];
  /** One for each object that a later source defined again. */
  readonly warnings: readonly string[];
}

/** @param sources in the order of the declaration, what each is called and what it rendered: the later wins */
export function mergeSources(
  sources: readonly { readonly name: string; readonly objects: readonly RenderedObject[] }[],
): MergedSources {
  const merged = new Map<string, { readonly entry: RenderedObject; readonly place: string }>();
  const warnings: string[] = [];
  for (const { name, objects } of sources) {
    for (const entry of objects) {
      const reference = referenceOf(entry.object);
      const place = entry.source === undefined ? name : `${name} ${entry.source}`;
      const earlier = merged.get(keyOf(reference));
      if (earlier !== undefined)
        warnings.push(
          `${describeReference(reference)} of ${place} takes the place of the one of ${earlier.place}: the later source wins`,
        );
      merged.set(keyOf(reference), { entry, place });
    }
  }
  return { objects: [...merged.values()].map(({ entry }) => entry), warnings };
}

/** Marked as the application's own. */
export function tracked(object: KubernetesObject, app: string): KubernetesObject {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, [tracking.managedByLabel]: tracking.managedBy },
      annotations: { ...annotations, [tracking.appAnnotation]: app },
    },
  };
}

export function inApplyOrder(objects: readonly RenderedObject[]): RenderedObject[] {
  return [...objects].sort((a, b) => compareOrder(placed(a), placed(b)));
}

/** A hook stands where its first moment is. */
function placed({ object }: RenderedObject): Placed {
  const { wave: syncWave, hook } = optionsOf(object);
  return { reference: referenceOf(object), phase: hook?.moments[0] ?? 'Sync', syncWave };
}
