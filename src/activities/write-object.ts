/**
 * Writes one planned object, in the manner the plan says, and only onto what the plan was made against.
 *
 * Each write names the version it is for. When the object has another by then (its status, a field of somebody else),
 * we look: is all that matters as planned, it is written all the same; is it not, the plan is outdated.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ApplyOptions, Cluster } from '../adapters/cluster/cluster.js';
import { GitOpsError, hasCode } from '../domain/errors.js';
import { describeReference, type KubernetesObject } from '../domain/object.js';
import type { PlannedWrite } from '../domain/plan.js';
import { takeOverPatch } from '../domain/diff/take-over.js';
import { isAsPlanned } from './fields-at-stake.js';
import { isGoneBy } from './until-gone.js';

/** How often others may write between our look and our write. */
const rounds = 10;
const pauseMs = 20;
/** From then on an apply no longer names a version: somebody writes all the time, and each look found our fields as planned. */
const roundsAtVersion = 4;

/** How long an object that is recreated may take to be gone, in ms. */
const goneMs = 60_000;

/** @throws GitOpsError PlanOutdated when the live object is no longer what the plan was made against */
export async function writeObject(
  cluster: Cluster,
  write: PlannedWrite,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  if (write.recreate) return recreate(cluster, write, signal);
  if (write.live?.fields === undefined) return applied(cluster, write, signal);
  return ontoPlanned(cluster, write, signal);
}

async function ontoPlanned(cluster: Cluster, write: PlannedWrite, signal: AbortSignal): Promise<KubernetesObject> {
  let version = write.live?.resourceVersion ?? '';
  if (write.takeOver) version = await takeOver(cluster, write, signal);
  for (let round = 1; ; round++) {
    try {
      if (write.replace) return await replaced(cluster, write, version, signal);
      return await applied(cluster, write, signal, round > roundsAtVersion ? {} : { resourceVersion: version });
    } catch (error) {
      if (hasCode(error, 'FieldConflict')) throw outdated(write, (error as Error).message);
      if (!hasCode(error, 'PlanOutdated') || round === rounds) throw error;
      version = versionOf(await lookAgain(cluster, write, signal));
      await delay(round * pauseMs * Math.random(), undefined, { signal });
    }
  }
}

function replaced(
  cluster: Cluster,
  { desired, live }: PlannedWrite,
  resourceVersion: string,
  signal: AbortSignal,
): Promise<KubernetesObject> {
  const identity = { uid: live?.uid ?? '', resourceVersion };
  return cluster.replace({ ...desired, metadata: { ...desired.metadata, ...identity } }, { signal });
}

async function applied(
  cluster: Cluster,
  { desired, force, live }: PlannedWrite,
  signal: AbortSignal,
  options: ApplyOptions = {},
): Promise<KubernetesObject> {
  const uid = live === undefined ? {} : { uid: live.uid };
  const { object } = await cluster.apply(desired, { signal, ...(force ? { force } : {}), ...uid, ...options });
  return object;
}

/** @throws GitOpsError PlanOutdated */
async function lookAgain(cluster: Cluster, write: PlannedWrite, signal: AbortSignal): Promise<KubernetesObject> {
  const found = await cluster.get(write.reference, { signal });
  if (found === undefined) throw outdated(write, 'it was deleted');
  if (isAsPlanned(write, found)) return found;
  throw outdated(write, found.metadata.uid === write.live?.uid ? 'it was changed' : 'another one has its name');
}

function versionOf({ metadata }: KubernetesObject): string {
  return metadata.resourceVersion ?? '';
}

function outdated({ reference }: PlannedWrite, why: string): GitOpsError {
  return new GitOpsError('PlanOutdated', `${describeReference(reference)}: since the plan was made, ${why}`, {
    hint: 'sync again: a new plan takes it into account',
  });
}

/** Makes kubectl's fields ours. @returns the version the object then stands at */
async function takeOver(cluster: Cluster, write: PlannedWrite, signal: AbortSignal): Promise<string> {
  for (let round = 1; ; round++) {
    const found = await lookAgain(cluster, write, signal);
    const patch = takeOverPatch(found);
    if (patch === undefined) return versionOf(found); // an earlier attempt was here
    try {
      return versionOf(await cluster.patch(write.reference, patch, { signal }));
    } catch (error) {
      if (!hasCode(error, 'PlanOutdated') || round === rounds) throw error;
    }
  }
}

/** An earlier attempt may have come as far as the deletion, or to the end. */
async function recreate(cluster: Cluster, write: PlannedWrite, signal: AbortSignal): Promise<KubernetesObject> {
  const { reference, desired, live } = write;
  const uid = live?.uid ?? '';
  const found = await cluster.get(reference, { signal });
  if (found?.metadata.uid === uid) {
    const { gone } = await cluster.delete(reference, { uid, signal });
    if (!gone && !(await isGoneBy(cluster, reference, uid, performance.now() + goneMs, signal))) throw held(write);
  }
  try {
    return (await cluster.apply(desired, { signal })).object;
  } catch (error) {
    throw error instanceof GitOpsError ? deletedOnly(write, error) : error;
  }
}

function held({ reference }: PlannedWrite): GitOpsError {
  return new GitOpsError(
    'ApplyFailed',
    `${describeReference(reference)} was deleted to be created anew, but a finalizer still holds it`,
    { hint: 'a further sync creates it once it is gone' },
  );
}

function deletedOnly({ reference }: PlannedWrite, error: GitOpsError): GitOpsError {
  const message = `${describeReference(reference)} was deleted, and could not be created anew: ${error.message}`;
  return new GitOpsError(error.code, message, {
    retryable: error.retryable,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}
