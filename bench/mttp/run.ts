/**
 * The measured part of `mttp`, shared with the profile.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { ApplicationSpec, GitOpsClient } from '../../src/client/index.js';
import { createRepository } from '../../test/support/repository.js';
import { applicationName, declare, type Place } from '../applications.js';
import type { RequestCounts } from '../audit-log.js';
import { createNamespaces } from '../kubectl.js';
import { fourObjects } from '../manifests.js';
import { measure } from '../measurement.js';
import { observed } from '../observed.js';
import { cpuOf, threadCpu, untilIdle } from '../process-cost.js';
import { say, type ClusterSetting } from '../setting.js';

export interface MttpResult {
  readonly apps: number;
  readonly namespaces: number;
  readonly seconds: number;
  /** By process; the worker's includes the git commands it ran. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  readonly worker: WorkerShare;
  readonly requests: RequestCounts;
}

export interface WorkerShare {
  readonly gitCpuSeconds: number;
  readonly peakMb: number;
  /** CPU-seconds by name of thread. */
  readonly threads: Readonly<Record<string, number>>;
}

const callsAtATime = 50;
const pollMs = 100;

export async function runMttp(setting: ClusterSetting, apps: number, namespaces = 1): Promise<MttpResult> {
  const { worker, client, plane } = setting;
  const repository = createRepository(folders(apps));
  try {
    const specs = await declareAll(setting, repository.url, apps, namespaces);
    await untilIdle([worker.pid, setting.temporal.pid, ...Object.values(plane.processes)]);
    say(`syncing ${apps} applications`);
    const [gitBefore, threadsBefore] = [cpuOf(worker.pid).children, threadCpu(worker.pid)];
    const { seconds, cpuSeconds, peakMb, requests } = await measure(() => syncAll(client, specs), observed(setting));
    const gitCpuSeconds = cpuOf(worker.pid).children - gitBefore;
    const threads = difference(threadCpu(worker.pid), threadsBefore);
    await checkAll(client, specs);
    return { apps, namespaces, seconds, cpuSeconds, worker: { gitCpuSeconds, peakMb, threads }, requests };
  } finally {
    repository.remove();
  }
}

function difference(after: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...after].map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)]));
}

function folders(apps: number): Record<string, string> {
  const entries = Array.from(
    { length: apps },
    (_, i) => [`${applicationName(i)}/all.yaml`, fourObjects(applicationName(i))] as const,
  );
  return Object.fromEntries(entries);
}

async function declareAll(setting: ClusterSetting, url: string, apps: number, namespaces: number) {
  const names = Array.from({ length: namespaces }, (_, i) => `mttp-${i}`);
  await createNamespaces(setting.plane, names);
  say(`declaring ${apps} applications in ${namespaces} namespaces`);
  const places = Array.from({ length: apps }, (_, i): Place => {
    return { name: applicationName(i), url, path: applicationName(i), namespace: names[i % namespaces] ?? '' };
  });
  const limit = pLimit(callsAtATime);
  return Promise.all(places.map((place) => limit(() => declare(setting.client, place))));
}

async function syncAll(client: GitOpsClient, specs: readonly ApplicationSpec[]): Promise<void> {
  const limit = pLimit(callsAtATime);
  await Promise.all(specs.map((spec) => limit(() => client.sync(spec.id, { who: 'bench' }))));
  while ((await countDone(client)) < specs.length) await delay(pollMs);
}

/** Asked of Temporal's index, which applications write last of all: that wakes no workflow, so it costs little. */
async function countDone(client: GitOpsClient): Promise<number> {
  const query = `WorkflowType = 'application' AND GitopsStatus IN ('synced', 'failed', 'degraded')`;
  return (await client.temporal.workflow.count(query)).count;
}

/** Not timed: what the index said is what each application says. */
async function checkAll(client: GitOpsClient, specs: readonly ApplicationSpec[]): Promise<void> {
  const limit = pLimit(callsAtATime);
  const statuses = await Promise.all(specs.map((spec) => limit(() => client.status(spec.id))));
  const bad = statuses.filter((s) => s.lastSync?.status !== 'succeeded' || s.health !== 'Healthy');
  if (bad.length === 0) return;
  const [first] = bad;
  throw new Error(
    `${bad.length} of ${specs.length} did not end well; ${first?.spec.name}: ${first?.lastSync?.message}, ${first?.health}`,
  );
}
