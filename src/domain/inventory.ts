/**
 * The inventory: which objects of the cluster belong to an application, kept in the cluster itself.
 *
 * It is a write-ahead log. An object enters before it is applied and leaves when it was seen gone, so that whatever
 * was interrupted, nothing we may have created is forgotten. It also carries the fence: who wrote last. A worker that
 * wakes up late finds a newer fence and is refused, because every write needs the version it has read.
 *
 * Held in a ConfigMap, readable by eye: data.objects maps `apiVersion Kind namespace` to names, data.fence is the token.
 */
import { GitOpsError } from './errors.js';
import { keyOf, tracking, type KubernetesObject, type ObjectReference } from './object.js';
import type { FenceToken } from './sync.js';

/** Which attempt of which step of which run is speaking. */
export interface Fence extends FenceToken {
  /** Run id of the sync workflow. */
  readonly run: string;
  /** When Temporal scheduled this attempt of the activity, ms since 1970 on its server's clock. */
  readonly scheduledAt: number;
}

export interface Inventory {
  readonly app: string;
  /** Absent before the first write. */
  readonly fence?: Fence;
  /** By `keyOf`. */
  readonly objects: ReadonlyMap<string, ObjectReference>;
}

export function emptyInventory(app: string): Inventory {
  return { app, objects: new Map() };
}

export function inventoryReference(app: string, namespace: string): ObjectReference {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: `sloth-runner.${app}` };
}

/**
 * Where a new inventory goes: the application's namespace, so that whoever may write there may also sync; ours when it
 * has none, or when its Namespace is one of its own objects (deleting that would take the inventory along).
 */
export function inventoryNamespace(namespace: string | undefined, set: readonly ObjectReference[]): string {
  if (namespace === undefined) return tracking.systemNamespace;
  const owned = set.some((o) => o.apiVersion === 'v1' && o.kind === 'Namespace' && o.name === namespace);
  return owned ? tracking.systemNamespace : namespace;
}

export function withObjects(inventory: Inventory, added: Iterable<ObjectReference>): Inventory {
  const objects = new Map(inventory.objects);
  for (const reference of added) objects.set(keyOf(reference), reference);
  return { ...inventory, objects };
}

export function withoutObjects(inventory: Inventory, removed: Iterable<ObjectReference>): Inventory {
  const objects = new Map(inventory.objects);
  for (const reference of removed) objects.delete(keyOf(reference));
  return { ...inventory, objects };
}

/**
 * The inventory with `fence` as its last writer.
 * @throws GitOpsError FenceLost when a later one has written
 */
export function fenced(inventory: Inventory, fence: Fence): Inventory {
  if (inventory.fence === undefined || compareFences(inventory.fence, fence) <= 0) return { ...inventory, fence };
  const { sync, wave, attempt } = inventory.fence;
  throw new GitOpsError(
    'FenceLost',
    `sync ${sync} (wave ${wave}, attempt ${attempt}) has taken over ${inventory.app}`,
    {
      hint: 'nothing is wrong: a later write of this application is under way or done',
    },
  );
}

/**
 * Within a run: by sync, wave and attempt, where a step that its workflow started anew counts by its time. Between
 * runs: by time, because the numbers of syncs start again with a new Temporal database (`run --ephemeral`, a lost
 * disk). A worker that was taken for dead was silent for the whole heartbeat timeout, far more than clocks differ.
 */
export function compareFences(a: Fence, b: Fence): number {
  if (a.run !== b.run) return a.scheduledAt - b.scheduledAt || a.sync - b.sync;
  return a.sync - b.sync || a.wave - b.wave || a.scheduledAt - b.scheduledAt || a.attempt - b.attempt;
}

/** @throws GitOpsError Internal when somebody edited it into something we cannot read */
export function parseInventory(app: string, object: KubernetesObject): Inventory {
  const { fence, objects } = (object['data'] ?? {}) as { fence?: string; objects?: string };
  try {
    const entries = expand(JSON.parse(objects ?? '{}') as Record<string, string[]>);
    const inventory = withObjects(emptyInventory(app), entries);
    return fence === undefined ? inventory : { ...inventory, fence: JSON.parse(fence) as Fence };
  } catch (cause) {
    const { name, namespace } = object.metadata;
    throw new GitOpsError(
      'Internal',
      `inventory ConfigMap ${namespace}/${name} is damaged: ${(cause as Error).message}`,
      {
        cause,
        retryable: false,
        hint: 'restore it from a backup, or delete it: the next sync writes it anew, but forgets what was to be pruned',
      },
    );
  }
}

/**
 * The ConfigMap to write. It carries no `sloth-runner.dev/app`: that annotation marks the objects an application owns,
 * and whoever counts those must not count this one.
 */
export function inventoryObject(inventory: Inventory, namespace: string, resourceVersion?: string): KubernetesObject {
  const { name } = inventoryReference(inventory.app, namespace);
  const labels = { [tracking.managedByLabel]: tracking.managedBy, [tracking.inventoryLabel]: inventory.app };
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  const fence = inventory.fence === undefined ? {} : { fence: JSON.stringify(inventory.fence) };
  const objects = JSON.stringify(compact(inventory.objects.values()));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels, ...version },
    data: { ...fence, objects },
  };
}

/** Names grouped by `apiVersion Kind namespace`: a ConfigMap holds 1 MiB, which is then good for 40,000 objects. */
function compact(references: Iterable<ObjectReference>): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const { apiVersion, kind, namespace, name } of references) {
    (groups[[apiVersion, kind, namespace].filter(Boolean).join(' ')] ??= []).push(name);
  }
  return groups;
}

function expand(groups: Record<string, string[]>): ObjectReference[] {
  return Object.entries(groups).flatMap(([group, names]) => {
    const [apiVersion = '', kind = '', namespace] = group.split(' ');
    return names.map((name) =>
      namespace === undefined ? { apiVersion, kind, name } : { apiVersion, kind, namespace, name },
    );
  });
}
