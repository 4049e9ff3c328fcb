/**
 * The rendered set in terms of one cluster: each object with the namespace it really has there.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import type { Destination } from '../domain/application.js';
import { definedScopes } from '../domain/definitions.js';
import { GitOpsError } from '../domain/errors.js';
import {
  describeReference,
  keyOf,
  referenceOf,
  type KubernetesObject,
  type ObjectReference,
} from '../domain/object.js';
import { optionsOf, type HookMoment } from '../domain/object-options.js';
import type { RenderedObject, RenderedSet } from '../domain/rendered-set.js';
import { arrange, type Staged } from '../domain/stages.js';
import type { Refusal } from './refusals.js';

export interface ScopedObject extends Staged {
  readonly object: KubernetesObject;
  readonly reference: ObjectReference;
  readonly source?: string;
}

export interface ScopedSet {
  /** In apply order; a hook of several moments appears in each. */
  readonly objects: readonly ScopedObject[];
  /** One for each object whose kind neither the cluster nor the set itself defines, or that appears twice. */
  readonly failures: readonly Refusal[];
}

/** @param moments which hooks to take; those of a sync by default */
export async function scopeSet(
  cluster: Cluster,
  set: RenderedSet,
  destination: Destination,
  signal: AbortSignal,
  syncOptions: readonly string[] = [],
  moments?: readonly HookMoment[],
): Promise<ScopedSet> {
  const scopes = await scopesOf(cluster, set, signal);
  const objects = new Map<string, Scoped>();
  const failures: Refusal[] = [];
  for (const rendered of set) {
    const namespaced = scopes.get(kindKey(rendered.object)) ?? guessedScope(rendered, syncOptions);
    if (namespaced === undefined) {
      failures.push({ ...subjectOf(rendered), error: unknownKind(rendered, cluster) });
      continue;
    }
    const scoped = place(rendered, namespaced, destination);
    const key = keyOf(scoped.reference);
    const twin = objects.get(key);
    if (twin) failures.push({ ...subjectOf(rendered), error: duplicate(scoped, twin) });
    objects.set(key, scoped);
  }
  return { objects: arrange([...objects.values()], moments), failures };
}

function subjectOf({ object }: RenderedObject): Omit<Refusal, 'error'> {
  return { reference: referenceOf(object), object };
}

/** Of a kind that nobody knows yet: most definitions are namespaced. */
function guessedScope({ object }: RenderedObject, syncOptions: readonly string[]): true | undefined {
  return optionsOf(object, syncOptions).dryRunSkippedWhenKindMissing ? true : undefined;
}

/** Whether each kind is namespaced: as the cluster says, else as a definition in the set says. */
async function scopesOf(
  cluster: Cluster,
  set: RenderedSet,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, boolean>> {
  const scopes = definedScopes(set.map(({ object }) => object));
  const kinds = new Map(set.map(({ object }) => [kindKey(object), object] as const));
  await Promise.all(
    [...kinds].map(async ([key, { apiVersion, kind }]) => {
      const resource = await cluster.resource(apiVersion, kind, { signal });
      if (resource) scopes.set(key, resource.namespaced);
    }),
  );
  return scopes;
}

function kindKey({ apiVersion, kind }: KubernetesObject): string {
  return `${apiVersion} ${kind}`;
}

type Scoped = Omit<ScopedObject, keyof Staged> & Pick<ScopedObject, 'reference'>;

/** Cluster-scoped objects lose a namespace that somebody wrote; the others get the application's. */
function place({ object, source }: RenderedObject, namespaced: boolean, destination: Destination): Scoped {
  const { namespace: written, ...metadata } = object.metadata;
  const namespace = namespaced ? (written ?? destination.namespace ?? 'default') : undefined;
  const unchanged = namespace === written;
  const scoped = unchanged
    ? object
    : { ...object, metadata: namespace === undefined ? metadata : { ...metadata, namespace } };
  return { object: scoped, reference: referenceOf(scoped), ...(source === undefined ? {} : { source }) };
}

function unknownKind({ object, source }: RenderedObject, cluster: Cluster): GitOpsError {
  const what = `${describeReference(referenceOf(object))}${at(source)}`;
  return new GitOpsError(
    'UnknownKind',
    `${what}: cluster ${cluster.name} knows no kind ${object.kind} in ${object.apiVersion}`,
    {
      hint: 'check apiVersion and kind, or add the CustomResourceDefinition to the repository',
    },
  );
}

function duplicate(scoped: Scoped, twin: Scoped): GitOpsError {
  const places = [twin.source, scoped.source].filter(Boolean).join(' and ');
  return new GitOpsError(
    'DuplicateObject',
    `${describeReference(scoped.reference)} is defined twice${places && `: ${places}`}`,
  );
}

/** ` (web.yaml:12)`, or nothing when the source is not known. */
export function at(source: string | undefined): string {
  return source === undefined ? '' : ` (${source})`;
}
