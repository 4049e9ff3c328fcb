/**
 * The live state of many objects in few requests: a list for each kind and namespace that has many of them, a GET for
 * the others.
 */
import type { Cluster, Selection } from '../adapters/cluster/cluster.js';
import { hasCode } from '../domain/errors.js';
import { keyOf, referenceOf, tracking, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import { bounded } from './bounded.js';

/**
 * From how many objects on a list is cheaper than to GET each. A list also carries what other applications have in
 * that namespace, so small groups are better off alone.
 */
const worthAList = 8;

export const managedSelector = `${tracking.managedByLabel}=${tracking.managedBy}`;

export class LiveObjects {
  private readonly listed = new Map<string, KubernetesObject>();

  private constructor(
    private readonly cluster: Cluster,
    private readonly signal: AbortSignal,
  ) {}

  /** Lists what is worth a list among the objects that will be asked for. */
  static async prepare(
    cluster: Cluster,
    references: readonly ObjectReference[],
    signal: AbortSignal,
  ): Promise<LiveObjects> {
    const live = new LiveObjects(cluster, signal);
    const groups = [...groupByCollection(references).values()].filter((g) => g.references.length >= worthAList);
    await bounded(groups, ({ selection }) => live.list(selection));
    return live;
  }

  /** Undefined when the cluster says it does not exist. One that lost our label is missing in the list, so it is asked for. */
  async find(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    return this.listed.get(keyOf(reference)) ?? this.read(reference);
  }

  /** Asks the cluster, whatever is cached. */
  read(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    return this.cluster.get(reference, { signal: this.signal });
  }

  private async list(selection: Selection): Promise<void> {
    try {
      const { items } = await this.cluster.list(
        { ...selection, labelSelector: managedSelector },
        { signal: this.signal },
      );
      for (const item of items) this.listed.set(keyOf(referenceOf(item)), item);
    } catch (error) {
      if (!hasCode(error, 'UnknownKind') && !hasCode(error, 'Forbidden')) throw error; // a GET of each will tell
    }
  }
}

export interface Collection {
  readonly selection: Selection;
  readonly references: ObjectReference[];
}

/** The references by kind and namespace, under a key that names these. */
export function groupByCollection(references: Iterable<ObjectReference>): ReadonlyMap<string, Collection> {
  const groups = new Map<string, Collection>();
  for (const reference of references) {
    const { name: _name, ...selection } = reference;
    const key = `${selection.apiVersion} ${selection.kind} ${selection.namespace ?? ''}`;
    const group: Collection = groups.get(key) ?? { selection, references: [] };
    groups.set(key, group);
    group.references.push(reference);
  }
  return groups;
}
