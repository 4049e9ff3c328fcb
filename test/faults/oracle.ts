/**
 * What must be true once a fault is over, whatever it was. Each check gives the list of what is wrong, so that a failed
 * test shows all of it at once; witnesses are kubectl, the audit log, Temporal's histories and the file system.
 */
import { expect } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { getJson } from '../../src/adapters/artifacts/artifact-store.js';
import { parseInventory } from '../../src/domain/inventory.js';
import { shortName, tracking, type KubernetesObject } from '../../src/domain/object.js';
import type { ObjectOutcome } from '../../src/domain/sync.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { kubectlJson } from '../support/cluster.js';
import type { ApplicationUnderTest } from './application-under-test.js';
import { engineWritesOf, isInventory, type AuditedWrite } from './audit-witness.js';
import { historiesOf, repeatedSteps, replayAll } from './histories.js';
import { strayProcesses, temporaryFiles } from './leftovers.js';
import type { Rig } from './rig.js';

/** Fails with everything that is wrong. @param since first sync whose histories are looked at; older ones were before */
export async function expectSound(app: ApplicationUnderTest, since: number): Promise<void> {
  const records = await app.rig.client.history(app.id);
  const writes = engineWritesOf(app);
  const histories = await historiesOf(app, since);
  expect({
    live: await liveDifferences(app),
    dryRun: await dryRunChanges(app),
    records: await recordFaults(app, records),
    reports: await reportFaults(app, records, writes),
    fences: staleWrites(writes),
    strangers: await outsideInventory(app),
    repeated: repeatedSteps(histories),
    leftovers: await leftovers(app),
  }).toEqual({
    ...{ live: [], dryRun: [], records: [], reports: [], fences: [] },
    ...{ strangers: [], repeated: [], leftovers: [] },
  });
}

/** Once at the end of a file, when all histories are there. */
export async function expectReplays(rig: Rig): Promise<void> {
  const { replayed, failures } = await replayAll(rig);
  expect(failures).toEqual([]);
  expect(replayed).toBeGreaterThan(1);
}

// Live state

/** Seen by kubectl: the accepted objects and no others, with the accepted values. */
async function liveDifferences(app: ApplicationUnderTest): Promise<string[]> {
  const { greeting, image, extras } = app.accepted;
  const wanted = ['web', ...extras].map((name) => `ConfigMap/${name} ${greeting}`);
  wanted.push('ServiceAccount/web ', 'Service/web ', `Deployment/web registry.example/web:${image}`);
  wanted.push(`Namespace/${app.sideNamespace} ${greeting}`);
  const found = (await ownedObjects(app)).map(seen);
  return [
    ...without(wanted, found).map((o) => `missing ${o}`),
    ...without(found, wanted).map((o) => `not wanted ${o}`),
  ];
}

/** `Kind/name` and the one value by which the test knows its state. */
function seen({ kind, metadata, ...object }: KubernetesObject): string {
  const { greeting } = (object['data'] ?? metadata.annotations ?? {}) as { greeting?: string };
  const image = kind === 'Deployment' ? /"image":"([^"]*)"/.exec(JSON.stringify(object['spec']))?.[1] : undefined;
  return `${shortName({ kind, name: metadata.name })} ${image ?? greeting ?? ''}`;
}

const ownedKinds = 'serviceaccounts,configmaps,services,deployments';

/** Everything that bears the application's annotation. */
async function ownedObjects(app: ApplicationUnderTest): Promise<KubernetesObject[]> {
  const inside = await kubectlJson<{ items: KubernetesObject[] }>('get', ownedKinds, '-n', app.namespace);
  const around = await kubectlJson<{ items: KubernetesObject[] }>('get', 'namespaces');
  const all = [...inside.items, ...around.items];
  return all.filter(({ metadata }) => metadata.annotations?.[tracking.appAnnotation] === app.id);
}

/** The engine's own verdict: a dry run of what was accepted would change nothing. */
async function dryRunChanges(app: ApplicationUnderTest): Promise<string[]> {
  const { revision } = await app.rig.client.status(app.id);
  const { counts } = await app.rig.client.preview(app.id, revision === undefined ? {} : { revision });
  return Object.entries(counts).flatMap(([what, n]) => (what === 'unchanged' || n === 0 ? [] : [`${n} ${what}`]));
}

/** Objects of ours that the inventory does not hold, and entries of it without an object. */
async function outsideInventory(app: ApplicationUnderTest): Promise<string[]> {
  const name = `sloth-runner.${app.id}`;
  const book = await kubectlJson<KubernetesObject>('get', 'configmap', name, '-n', app.namespace);
  const listed = [...parseInventory(app.id, book).objects.values()].map(shortName);
  const live = (await ownedObjects(app)).map((o) => shortName({ kind: o.kind, name: o.metadata.name }));
  return [
    ...without(live, listed).map((o) => `unlisted ${o}`),
    ...without(listed, live).map((o) => `only listed ${o}`),
  ];
}

// Records

/** One terminal record for each number, and the same one in the artifact store. */
async function recordFaults(app: ApplicationUnderTest, records: readonly SyncRecord[]): Promise<string[]> {
  const numbers = records.map((r) => r.number);
  const faults = numbers.filter((n, i) => n !== i + 1).map((n) => `sync-${n} is out of its place in ${numbers.join()}`);
  for (const record of records) {
    if (record.finishedAt === undefined || record.status === 'running') faults.push(`${record.id} has no end`);
    const stored = await storedRecord(app, record);
    if (stored?.status !== record.status) faults.push(`${record.id} is ${record.status}, stored as ${stored?.status}`);
  }
  return faults;
}

async function storedRecord(app: ApplicationUnderTest, { id }: SyncRecord): Promise<SyncRecord | undefined> {
  const { artifacts } = app.rig.client;
  const digest = await artifacts.resolve(`records/${app.id}/${id}`);
  return digest === undefined ? undefined : getJson<SyncRecord>(artifacts, digest);
}

/** Both ways: what a run reports as written was written by that run, and the other way round. */
async function reportFaults(
  app: ApplicationUnderTest,
  records: readonly SyncRecord[],
  writes: readonly AuditedWrite[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const record of records) {
    const reported = await reportedWrites(app, record);
    const audited = writes.filter((w) => w.sync === record.number && w.done && !isInventory(w)).map((w) => w.object);
    faults.push(...without(audited, reported).map((o) => `${record.id} wrote ${o} and does not report it`));
    faults.push(...without(reported, audited).map((o) => `${record.id} reports ${o} and did not write it`));
  }
  return faults;
}

const plurals: Record<string, string> = {
  ServiceAccount: 'serviceaccounts',
  ConfigMap: 'configmaps',
  Service: 'services',
  Deployment: 'deployments',
  Namespace: 'namespaces',
};
const written: ReadonlySet<string> = new Set(['created', 'configured', 'deleted']);

async function reportedWrites(app: ApplicationUnderTest, { reports }: SyncRecord): Promise<string[]> {
  const contents = await Promise.all(reports.map((digest) => getJson<unknown>(app.rig.client.artifacts, digest)));
  const outcomes = contents.filter((content) => Array.isArray(content)).flat() as ObjectOutcome[];
  const changed = outcomes.filter(({ outcome }) => written.has(outcome));
  return changed.map(({ object }) => `${plurals[object.kind]}/${object.name}`);
}

// Fences

/** Writes that arrived after one of a later attempt or a later sync. */
function staleWrites(writes: readonly AuditedWrite[]): string[] {
  let newest = writes[0];
  const stale: string[] = [];
  for (const write of writes) {
    if (newest !== undefined && isOlder(write, newest)) stale.push(`${described(write)} after ${described(newest)}`);
    else newest = write;
  }
  return stale;
}

function isOlder(a: AuditedWrite, b: AuditedWrite): boolean {
  return a.sync !== b.sync ? a.sync < b.sync : a.scheduledAt < b.scheduledAt;
}

function described({ object, sync, activity, attempt, worker, at }: AuditedWrite): string {
  return `${object} by sync-${sync} ${activity} attempt ${attempt} on ${worker} at ${at}`;
}

// Leftovers

/** A git that lost its worker, or that a worker keeps for the next reading, ends by itself within a second or two. */
async function leftovers({ rig }: ApplicationUnderTest): Promise<string[]> {
  const look = (): string[] => [...strayProcesses(rig), ...temporaryFiles(rig)];
  for (let looks = 0; looks < 50 && look().length > 0; looks++) await delay(100);
  return look();
}

function without(these: readonly string[], those: readonly string[]): string[] {
  const known = new Set(those);
  return [...new Set(these)].filter((one) => !known.has(one));
}
