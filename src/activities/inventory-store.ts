/**
 * Reading and writing the inventory object. Each write needs the version that was read, so that of two writers one
 * loses and has to look again.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import { hasCode } from '../domain/errors.js';
import {
  emptyInventory,
  inventoryObject,
  inventoryReference,
  parseInventory,
  type Inventory,
} from '../domain/inventory.js';
import { tracking, type KubernetesObject } from '../domain/object.js';

export interface StoredInventory {
  readonly inventory: Inventory;
  /** As it was read; null when there is none. */
  readonly object: KubernetesObject | null;
  readonly namespace: string;
}

/** How often a write is tried when others write as well. */
const rounds = 5;

export class InventoryStore {
  constructor(
    private readonly cluster: Cluster,
    private readonly app: string,
    private readonly signal: AbortSignal,
  ) {}

  /** The inventory in the first of the namespaces that holds one; an empty one, to be put into the first, otherwise. */
  async find(namespaces: readonly string[]): Promise<StoredInventory> {
    for (const namespace of new Set(namespaces)) {
      const object = await this.get(namespace);
      if (object) return { inventory: parseInventory(this.app, object), object, namespace };
    }
    const namespace = namespaces[0] ?? tracking.systemNamespace;
    return { inventory: emptyInventory(this.app), object: null, namespace };
  }

  /**
   * Writes what `change` makes of the current inventory; nothing when that is the same object.
   * @param known the inventory as it was read before; when it has changed since, the write fails and it is read again
   * @throws GitOpsError FenceLost when `change` does; PlanOutdated when others keep writing
   */
  async update(
    namespace: string,
    change: (inventory: Inventory) => Inventory,
    known?: KubernetesObject | null,
  ): Promise<void> {
    for (let round = 1; ; round++) {
      const object = round === 1 && known !== undefined ? known : await this.get(namespace);
      const before = object ? parseInventory(this.app, object) : emptyInventory(this.app);
      const after = change(before);
      if (after === before) return;
      try {
        return await this.write(inventoryObject(after, namespace, object?.metadata.resourceVersion));
      } catch (error) {
        if (!hasCode(error, 'PlanOutdated') || round === rounds) throw error;
      }
    }
  }

  /** Deletes the inventory object; the application is gone. */
  async remove(namespace: string): Promise<void> {
    const uid = (await this.get(namespace))?.metadata.uid;
    if (uid === undefined) return;
    await this.cluster.delete(inventoryReference(this.app, namespace), { uid, signal: this.signal });
  }

  private get(namespace: string): Promise<KubernetesObject | undefined> {
    return this.cluster.get(inventoryReference(this.app, namespace), { signal: this.signal });
  }

  private async write(object: KubernetesObject): Promise<void> {
    const options = { signal: this.signal };
    if (object.metadata.resourceVersion !== undefined) return void (await this.cluster.replace(object, options));
    try {
      await this.cluster.create(object, options);
    } catch (error) {
      if (!hasCode(error, 'NamespaceNotFound') || object.metadata.namespace !== tracking.systemNamespace) throw error;
      await this.createSystemNamespace();
      await this.cluster.create(object, options);
    }
  }

  private async createSystemNamespace(): Promise<void> {
    const metadata = { name: tracking.systemNamespace, labels: { [tracking.managedByLabel]: tracking.managedBy } };
    await this.cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, { signal: this.signal });
  }
}
