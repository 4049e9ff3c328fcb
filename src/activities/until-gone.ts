import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../adapters/cluster/cluster.js';
import type { ObjectReference } from '../domain/object.js';

const pollMs = { first: 50, longest: 1000 } as const;

/** Waits until the object of that uid no longer exists. @param deadline on the clock of `performance` */
export async function isGoneBy(
  cluster: Cluster,
  reference: ObjectReference,
  uid: string,
  deadline: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (let pause: number = pollMs.first; ; pause = Math.min(pause * 1.5, pollMs.longest)) {
    const live = await cluster.get(reference, { signal });
    if (live === undefined || live.metadata.uid !== uid) return true;
    if (performance.now() >= deadline) return false;
    await delay(pause, undefined, { signal });
  }
}
