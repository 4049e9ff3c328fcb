import type { Related } from '../domain/health/status.js';
import type { KubernetesObject } from '../domain/object.js';

/** Pods and ReplicaSets by who controls them, so that a workload finds its own among thousands. */
export class PodIndex {
  private readonly objects = new Map<string, KubernetesObject>();
  private readonly byOwner = new Map<string, Set<string>>();

  /** @param object undefined when it is gone */
  changed(key: string, object: KubernetesObject | undefined): void {
    const owner = ownerOf(object ?? this.objects.get(key));
    if (object === undefined) {
      this.objects.delete(key);
      this.byOwner.get(owner)?.delete(key);
      return;
    }
    this.objects.set(key, object);
    const owned = this.byOwner.get(owner) ?? new Set();
    this.byOwner.set(owner, owned.add(key));
  }

  /** What a workload controls: pods, or ReplicaSets and their pods. */
  relatedTo(uid: string): Related {
    const own = this.ownedBy(uid);
    const replicaSets = own.filter((o) => o.kind === 'ReplicaSet');
    const pods = [
      ...own.filter((o) => o.kind === 'Pod'),
      ...replicaSets.flatMap((r) => this.ownedBy(r.metadata.uid ?? '')),
    ];
    return { replicaSets, pods };
  }

  private ownedBy(uid: string): KubernetesObject[] {
    return [...(this.byOwner.get(uid) ?? [])].flatMap((key) => this.objects.get(key) ?? []);
  }
}

function ownerOf(object: KubernetesObject | undefined): string {
  return object?.metadata.ownerReferences?.find((r) => r.controller)?.uid ?? '';
}
