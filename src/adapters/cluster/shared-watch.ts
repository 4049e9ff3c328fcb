/**
 * Watches that many activities look through: one list and one watch for each cluster, kind, namespace and label
 * selector, however many subscribers there are.
 *
 * Invariants:
 * 1. A subscriber is told of every object that exists, then of every change, each at least once, in order.
 * 2. `undefined` (gone) is told only after a successful answer that lacks the object: a DELETED event (which a watch
 *    with a selector also sends for an object that lost its label) or a list without it. A failed read tells nothing.
 * 3. What is told may be older than what the subscriber has read itself: compare resource versions.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { GitOpsError } from '../../domain/errors.js';
import { keyOf, referenceOf, type KubernetesObject } from '../../domain/object.js';
import type { Cluster, Selection } from './cluster.js';

export interface Subscriber {
  /** @param object its newest state; undefined when it is gone */
  changed(key: string, object: KubernetesObject | undefined): void;
  /** The watch has ended for good: no right to it, or no such kind. */
  refused(error: GitOpsError): void;
}

/** Ends the subscription. */
export type Unsubscribe = () => void;

/** A watch nobody looks through is kept for the next one for that long, in ms. */
const idleMs = 5000;
/** Before the next connection of a watch that its server has ended. */
const reconnectMs = 50;
const backoffMs = { first: 500, longest: 15_000 } as const;

export class SharedWatches {
  private readonly watches = new Map<string, SharedWatch>();

  subscribe(cluster: Cluster, selection: Selection, subscriber: Subscriber): Unsubscribe {
    const { apiVersion, kind, namespace = '', labelSelector = '' } = selection;
    const key = JSON.stringify([cluster.name, apiVersion, kind, namespace, labelSelector]);
    const watch = this.watches.get(key) ?? new SharedWatch(cluster, selection, () => this.watches.delete(key));
    this.watches.set(key, watch);
    return watch.subscribe(subscriber);
  }

  /** How many are open now. */
  get size(): number {
    return this.watches.size;
  }
}

class SharedWatch {
  private readonly objects = new Map<string, KubernetesObject>();
  private readonly subscribers = new Set<Subscriber>();
  private readonly stop = new AbortController();
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly selection: Selection,
    private readonly onClose: () => void,
  ) {
    void this.run();
  }

  subscribe(subscriber: Subscriber): Unsubscribe {
    clearTimeout(this.idle);
    this.subscribers.add(subscriber);
    for (const [key, object] of this.objects) subscriber.changed(key, object);
    return () => {
      this.subscribers.delete(subscriber);
      if (this.subscribers.size === 0) this.idle = setTimeout(() => this.close(), idleMs).unref();
    };
  }

  private close(): void {
    this.onClose();
    this.stop.abort();
  }

  /** Lists and watches until closed; after a failure again, with pauses that double. */
  private async run(): Promise<void> {
    for (
      let pause: number = backoffMs.first;
      !this.stop.signal.aborted;
      pause = Math.min(pause * 2, backoffMs.longest)
    ) {
      const began = performance.now();
      try {
        await this.follow(await this.list());
      } catch (error) {
        if (this.stop.signal.aborted) return;
        if (error instanceof GitOpsError && !error.retryable) return this.refuse(error);
      }
      if (performance.now() - began > backoffMs.longest) pause = backoffMs.first; // it had worked
      await delay(pause * (0.5 + Math.random() / 2), undefined, { ref: false });
    }
  }

  private async list(): Promise<string> {
    const { items, resourceVersion } = await this.cluster.list(this.selection, { signal: this.stop.signal });
    const listed = new Map(items.map((item) => [keyOf(referenceOf(item)), item] as const));
    for (const key of this.objects.keys()) if (!listed.has(key)) this.tell(key, undefined);
    for (const [key, object] of listed) this.tell(key, object);
    return resourceVersion;
  }

  /** Watches from a version on, over as many connections as it takes, until the server has forgotten it. */
  private async follow(from: string): Promise<void> {
    for (let resourceVersion = from; ;) {
      for await (const event of this.cluster.watch(this.selection, { resourceVersion, signal: this.stop.signal })) {
        if (event.type === 'expired') return;
        if (event.type === 'bookmark') {
          resourceVersion = event.resourceVersion;
          continue;
        }
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        this.tell(keyOf(referenceOf(event.object)), event.type === 'gone' ? undefined : event.object);
      }
      await delay(reconnectMs, undefined, { ref: false });
    }
  }

  private tell(key: string, object: KubernetesObject | undefined): void {
    if (object === undefined) this.objects.delete(key);
    else this.objects.set(key, slim(object));
    for (const subscriber of this.subscribers) subscriber.changed(key, object);
  }

  private refuse(error: GitOpsError): void {
    for (const subscriber of this.subscribers) subscriber.refused(error);
    this.onClose();
  }
}

/** Nobody looks at field owners here, and they are half of an object. */
function slim(object: KubernetesObject): KubernetesObject {
  delete object.metadata.managedFields;
  return object;
}
