/**
 * N applications that follow one branch, each with a folder of its own in one repository: pushed to, hinted at, and
 * waited for.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { ApplicationSpec, GitOpsClient } from '../../src/client/index.js';
import { createRepository, type TestRepository } from '../../test/support/repository.js';
import { applicationName, declare } from '../applications.js';
import { createNamespaces } from '../kubectl.js';
import { fourObjects } from '../manifests.js';
import { observed } from '../observed.js';
import { untilIdle } from '../process-cost.js';
import type { ClusterSetting } from '../setting.js';

export interface Fleet {
  readonly setting: ClusterSetting;
  readonly client: GitOpsClient;
  readonly repository: TestRepository;
  /** Of the applications, in their order. */
  readonly names: readonly string[];
  /** By name; empty before `declareAll`. */
  readonly specs: Map<string, ApplicationSpec>;
  /** The first of the repository. */
  readonly commit: string;
  /** Of the manifests pushed last; two pushes never hold the same. */
  version: number;
  /** Seconds of an upgrade of all, once there was one. */
  undisturbedUpgrade?: number;
}

/** The Schedules exist and tick when a scenario says so: by themselves they would tick into another's figures. */
export const interval = { ms: 86_400_000, config: '24h' } as const;

/** How long an application that does not become healthy is waited for. */
const healthTimeout = '20s';
const callsAtATime = 50;
const pollMs = 50;
const namespace = 'continuous';

export async function openFleet(setting: ClusterSetting, size: number): Promise<Fleet> {
  const names = Array.from({ length: size }, (_, i) => applicationName(i));
  await createNamespaces(setting.plane, [namespace]);
  const repository = createRepository();
  const commit = repository.commit(filesOf(names, 1));
  return { setting, client: setting.client, repository, names, specs: new Map(), commit, version: 1 };
}

/** Each syncs once by itself. */
export async function declareAll({ client, repository, names, specs }: Fleet): Promise<void> {
  const policy = { auto_prune: true, health_check: { timeout: healthTimeout } };
  const more = { auto_sync: true, sync_interval: interval.config, sync_policy: policy };
  const place = { url: repository.url, namespace };
  await each(names, async (name) => specs.set(name, await declare(client, { ...place, name, path: name }, more)));
}

export function each<T>(names: readonly string[], act: (name: string) => Promise<T>): Promise<T[]> {
  const limit = pLimit(callsAtATime);
  return Promise.all(names.map((name) => limit(() => act(name))));
}

/**
 * A commit that changes these applications and no others.
 * @param edit makes of the manifests of an application something else
 */
export function push(fleet: Fleet, names: readonly string[], edit = (_name: string, text: string) => text): string {
  const files = filesOf(names, ++fleet.version, edit);
  return fleet.repository.commit(files);
}

function filesOf(names: readonly string[], version: number, edit = (_name: string, text: string) => text) {
  return Object.fromEntries(names.map((name) => [`${name}/all.yaml`, edit(name, fourObjects(name, version))]));
}

/** What the API does with a hook it has accepted. */
export async function hint({ client, repository }: Fleet): Promise<void> {
  const looking = await client.repositories.lookNow([repository.url]);
  if (looking.length !== 1) throw new Error(`${looking.length} repositories took the hint`);
}

/** Applications synced at the commit, as Temporal's index knows it: that wakes no workflow. */
export async function countSynced({ client }: Fleet, commit: string): Promise<number> {
  const query = `WorkflowType = 'application' AND GitopsStatus = 'synced' AND GitopsRevision = '${commit}'`;
  return (await client.temporal.workflow.count(query)).count;
}

export async function untilSynced(fleet: Fleet, commit: string, count: number): Promise<void> {
  while ((await countSynced(fleet, commit)) < count) await delay(pollMs);
}

/** Syncs there have been, of all applications. */
export async function countSyncs({ client }: Fleet): Promise<number> {
  return (await client.temporal.workflow.count(`WorkflowType = 'sync'`)).count;
}

/** What the index said is what each application says. @throws when one of them is not synced at the commit */
export async function checkSynced({ client, specs }: Fleet, names: readonly string[], commit: string): Promise<void> {
  const statuses = await each(names, (name) => client.status(specs.get(name)?.id ?? name));
  const bad = statuses.find(
    ({ lastSync, health }) => lastSync?.status !== 'succeeded' || lastSync.revision !== commit || health !== 'Healthy',
  );
  if (bad === undefined) return;
  const { status, revision, message } = bad.lastSync ?? {};
  throw new Error(`${bad.spec.name} is not synced at ${commit}: ${status} at ${revision}, ${bad.health}: ${message}`);
}

/** Until the repository has told its followers of the commit. */
export async function untilTold({ client, repository }: Fleet, commit: string): Promise<void> {
  const isSeen = async (): Promise<boolean> =>
    (await client.repositories.list()).some((r) => r.url === repository.url && r.heads['main'] === commit);
  while (!(await isSeen())) await delay(pollMs);
}

/** Until nothing is left to do of what came before. */
export function untilQuiet({ setting }: Fleet): Promise<void> {
  const { bench: _us, ...servers } = observed(setting).pids;
  return untilIdle(Object.values(servers));
}
