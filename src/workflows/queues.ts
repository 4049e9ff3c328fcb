/**
 * Which task queue a step is sent to: what reads git goes where the mirrors are, what speaks to a cluster to the workers
 * of that cluster, everything else stays on the queue of its workflow. Replay does not look at queues, so a step may
 * move; its name and its place in the history may not.
 */
import type { Activities } from '../activities/index.js';
import { clusterQueue, taskQueues } from './messages.js';

type Place = 'git' | 'cluster';

const places: Partial<Record<keyof Activities, Place>> = {
  clone: 'git',
  treeHashes: 'git',
  sweepRepositories: 'git',
  registerRepository: 'git',
  declareApplication: 'git',
  render: 'cluster', // charts ask what the cluster can do
  diff: 'cluster',
  planDeletion: 'cluster',
  backup: 'cluster',
  apply: 'cluster',
  finishHooks: 'cluster',
  healthCheck: 'cluster',
  liveHealth: 'cluster',
  listActions: 'cluster',
  planAction: 'cluster',
  performAction: 'cluster',
  prune: 'cluster',
  rollback: 'cluster',
  runHook: 'cluster',
  sweepDrift: 'cluster',
};

/** Where a step has to be done; undefined: wherever its workflow is. */
export type StepPlace = { readonly place: 'git' } | { readonly place: 'cluster'; readonly cluster: string } | undefined;

/** @param input the one argument of the activity */
export function placeOf(activity: string, input: unknown): StepPlace {
  const place = Object.hasOwn(places, activity) ? places[activity as keyof Activities] : undefined;
  if (place !== 'cluster') return place === undefined ? undefined : { place };
  const { target, cluster } = input as { target?: { destination: { cluster: string } }; cluster?: string };
  const name = target?.destination.cluster ?? cluster;
  return name === undefined ? undefined : { place, cluster: name };
}

export function queueOf(activity: string, input: unknown): string | undefined {
  const step = placeOf(activity, input);
  if (step === undefined) return undefined;
  return step.place === 'git' ? taskQueues.git : clusterQueue(step.cluster);
}
