/**
 * Deleting one object of the plan, and seeing it gone.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../adapters/cluster/cluster.js';
import { hasCode } from '../domain/errors.js';
import type { ObjectReference } from '../domain/object.js';
import type { PlannedObject } from '../domain/plan.js';
import type { ObjectOutcome } from '../domain/sync.js';

export interface DeletionContext {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** On the clock of `performance.now`. */
  readonly deadline: number;
}

const pollMs = { first: 50, longest: 1000 } as const;

/** Outcome message of what was deleted but is still there; prune lists these. */
export const stillThere = 'a finalizer or grace period holds it';

/** Deletes the object the plan saw, no other of its name, and waits until it is gone or the time is up. */
export async function deleteObject(
  { reference, live }: Pick<PlannedObject, 'reference' | 'live'>,
  context: DeletionContext,
): Promise<ObjectOutcome> {
  const uid = live?.uid ?? '';
  try {
    const { gone } = await context.cluster.delete(reference, { uid, signal: context.signal });
    return gone || (await isGone(reference, uid, context))
      ? { object: reference, outcome: 'deleted' }
      : { object: reference, outcome: 'skipped', message: stillThere };
  } catch (error) {
    if (hasCode(error, 'UnknownKind')) return { object: reference, outcome: 'deleted' };
    if (!hasCode(error, 'PlanOutdated')) throw error;
    return { object: reference, outcome: 'skipped', message: 'another object has taken its name since' };
  }
}

async function isGone(
  reference: ObjectReference,
  uid: string,
  { cluster, signal, deadline }: DeletionContext,
): Promise<boolean> {
  for (let pause: number = pollMs.first; ; pause = Math.min(pause * 1.5, pollMs.longest)) {
    const live = await cluster.get(reference, { signal });
    if (live === undefined || live.metadata.uid !== uid) return true;
    if (performance.now() >= deadline) return false;
    await delay(pause, undefined, { signal });
  }
}
