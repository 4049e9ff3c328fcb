/**
 * The object that somebody named for an action: one of the application's inventory, or one that such an object owns, as
 * a Deployment its pods.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import { GitOpsError, hasCode } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';
import {
  describeReference,
  groupOf,
  keyOf,
  referenceOf,
  tracking,
  type KubernetesObject,
  type ObjectReference,
} from '../domain/object.js';
import { isPicked, resourcePick, resourceText, type ResourcePick } from '../domain/resource-selection.js';
import type { Target } from '../domain/target.js';
import { InventoryStore } from './inventory-store.js';

/** How many owners lie between an object and its application at most: a Pod, its Job, its CronJob. */
const furthestOwner = 6;

export class OwnedObjects {
  private constructor(
    private readonly cluster: Cluster,
    private readonly target: Target,
    private readonly inventory: ReadonlyMap<string, ObjectReference>,
    private readonly signal: AbortSignal,
  ) {}

  static async of(cluster: Cluster, target: Target, signal: AbortSignal): Promise<OwnedObjects> {
    const { namespace } = target.destination;
    const places = [...(namespace === undefined ? [] : [namespace]), tracking.systemNamespace];
    const { inventory } = await new InventoryStore(cluster, target.app, signal).find(places);
    return new OwnedObjects(cluster, target, inventory.objects, signal);
  }

  get references(): readonly ObjectReference[] {
    return [...this.inventory.values()];
  }

  /** @throws GitOpsError UnknownObject, with the nearest name; InvalidInput when several are meant */
  async find(text: string): Promise<KubernetesObject> {
    const pick = resourcePick(text);
    const [picked, ...others] = this.references.filter((reference) => isPicked(pick, reference));
    if (picked === undefined) return this.findOwned(pick, text);
    if (others.length > 0) throw severalMeant(text, [picked, ...others]);
    const live = await this.cluster.get(picked, { signal: this.signal });
    if (live === undefined) throw unknownObject(`${describeReference(picked)} does not exist in the cluster`);
    this.requireOurs(live);
    return live;
  }

  private async findOwned(pick: ResourcePick, text: string): Promise<KubernetesObject> {
    for (const reference of await this.candidates(pick)) {
      const live = await this.read(reference);
      if (live !== undefined && (await this.isOwned(live))) return live;
    }
    throw this.notOurs(text, pick);
  }

  /** Of every served version one is enough. */
  private async candidates({ group, kind, namespace, name }: ResourcePick): Promise<ObjectReference[]> {
    const served = (await this.cluster.apiVersions({ signal: this.signal })).filter((one) => one.endsWith(`/${kind}`));
    const versions = served.map((one) => one.slice(0, -kind.length - 1));
    const byGroup = new Map(versions.map((apiVersion) => [groupOf(apiVersion), apiVersion]));
    const wanted = [...byGroup].filter(([itsGroup]) => group === undefined || itsGroup === group);
    const found = await Promise.all(
      wanted.map(([, apiVersion]) => this.cluster.resource(apiVersion, kind, { signal: this.signal })),
    );
    const place = namespace ?? this.target.destination.namespace;
    return found.flatMap((resource) => {
      if (resource === undefined) return [];
      const { apiVersion, namespaced } = resource;
      if (!namespaced) return [{ apiVersion, kind, name }];
      return place === undefined ? [] : [{ apiVersion, kind, namespace: place, name }];
    });
  }

  /** Up the owners, each the very object that is meant, to one of the inventory. */
  private async isOwned(object: KubernetesObject, steps = 1): Promise<boolean> {
    if (steps > furthestOwner) return false;
    for (const { apiVersion, kind, name, uid } of object.metadata.ownerReferences ?? []) {
      const { namespace } = object.metadata;
      const owner = await this.readOwner({ apiVersion, kind, name }, namespace);
      if (owner === undefined || owner.metadata.uid !== uid) continue;
      if (this.inventory.has(keyOf(referenceOf(owner)))) return this.isOurs(owner);
      if (await this.isOwned(owner, steps + 1)) return true;
    }
    return false;
  }

  /** In the namespace of what it owns, unless its kind has none. */
  private async readOwner(owner: ObjectReference, namespace?: string): Promise<KubernetesObject | undefined> {
    const resource = await this.cluster.resource(owner.apiVersion, owner.kind, { signal: this.signal });
    if (resource === undefined) return undefined;
    return this.read(resource.namespaced && namespace !== undefined ? { ...owner, namespace } : owner);
  }

  /** What the engine's account may not read is nothing it could act on. */
  private async read(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    try {
      return await this.cluster.get(reference, { signal: this.signal });
    } catch (error) {
      if (hasCode(error, 'Forbidden') || hasCode(error, 'UnknownKind')) return undefined;
      throw error;
    }
  }

  private isOurs({ metadata }: KubernetesObject): boolean {
    const owner = metadata.annotations?.[tracking.appAnnotation];
    return owner === undefined || owner === this.target.app;
  }

  private requireOurs(live: KubernetesObject): void {
    if (this.isOurs(live)) return;
    const owner = live.metadata.annotations?.[tracking.appAnnotation] ?? '';
    throw new GitOpsError(
      'OwnershipConflict',
      `${describeReference(referenceOf(live))} belongs to application ${owner}`,
    );
  }

  private notOurs(text: string, pick: ResourcePick): GitOpsError {
    const near = nearestReference(pick, this.references);
    const hint =
      near === undefined
        ? `sloth-runner app actions ${this.target.appName} lists what it has`
        : `did you mean '${resourceText(near)}'?`;
    const what = `'${text}' is no object of ${this.target.appName}, and none of its objects owns it`;
    return new GitOpsError('UnknownObject', what, { hint });
  }
}

/** Of the same kind first, by its name alone; else by all that was typed. */
function nearestReference(
  { kind, name }: ResourcePick,
  references: readonly ObjectReference[],
): ObjectReference | undefined {
  const sameKind = references.filter((reference) => reference.kind === kind);
  const near = nearest(
    name,
    sameKind.map((reference) => reference.name),
  );
  if (near !== undefined) return sameKind.find((reference) => reference.name === near);
  const short = (reference: Pick<ObjectReference, 'kind' | 'name'>): string => `${reference.kind}:${reference.name}`;
  const any = nearest(short({ kind, name }), references.map(short));
  return references.find((reference) => short(reference) === any);
}

function severalMeant(text: string, references: readonly ObjectReference[]): GitOpsError {
  return new GitOpsError('InvalidInput', `'${text}' names ${references.length} objects`, {
    hint: `name one of ${references.slice(0, 5).map(resourceText).join(', ')}`,
  });
}

function unknownObject(message: string): GitOpsError {
  return new GitOpsError('UnknownObject', message, { hint: 'sync the application, or look at it with app get' });
}
