/**
 * Deleting one object of the plan, and seeing it gone.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import { hasCode } from '../domain/errors.js';
import { release } from './hook-finalizer.js';
import type { KubernetesObject, ObjectReference } from '../domain/object.js';
import type { PlannedObject } from '../domain/plan.js';
import type { ObjectOutcome } from '../domain/sync.js';
import { isGoneBy } from './until-gone.js';

export interface DeletionContext {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  /** On the clock of `performance.now`. */
  readonly deadline: number;
}

const stillThere = 'a finalizer or grace period holds it';

/**
 * Deletes the object the plan saw, no other of its name, and waits until it is gone or the time is up. A hook whose sync
 * was cancelled still has our finalizer: nobody else would take that off.
 */
export async function deleteObject(
  { reference, live, propagation }: Pick<PlannedObject, 'reference' | 'live' | 'propagation'>,
  { cluster, signal, deadline }: DeletionContext,
): Promise<ObjectOutcome> {
  const uid = live?.uid ?? '';
  try {
    const { gone } = await cluster.delete(reference, { uid, signal, ...(propagation ? { propagation } : {}) });
    if (!gone) await release(reference, await ofUid(uid, reference, cluster, signal), { cluster, signal });
    return gone || (await isGoneBy(cluster, reference, uid, deadline, signal))
      ? { object: reference, outcome: 'deleted' }
      : { object: reference, outcome: 'deleting', message: stillThere };
  } catch (error) {
    if (hasCode(error, 'UnknownKind')) return { object: reference, outcome: 'deleted' };
    if (!hasCode(error, 'PlanOutdated')) throw error;
    return { object: reference, outcome: 'skipped', message: 'another object has taken its name since' };
  }
}

async function ofUid(
  uid: string,
  reference: ObjectReference,
  cluster: Cluster,
  signal: AbortSignal,
): Promise<KubernetesObject | undefined> {
  const live = await cluster.get(reference, { signal });
  return live?.metadata.uid === uid ? live : undefined;
}
