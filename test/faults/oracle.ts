/**
 * What must be true once a fault is over, whatever it was. Each check gives the list of what is wrong, so that a failed
 * test shows all of it at once; witnesses are kubectl, the audit log, Temporal's histories and the file system.
 */
import { expect } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { getJson } from '../../src/adapters/artifacts/artifact-store.js';
import type { DiffReport } from '../../src/domain/diff/report.js';
import { parseInventory } from '../../src/domain/inventory.js';
import { shortName, tracking, type KubernetesObject } from '../../src/domain/object.js';
import { kubectlJson } from '../support/cluster.js';
import type { ApplicationUnderTest } from './application-under-test.js';
import { engineWritesOf, type AuditedWrite } from './audit-witness.js';
import { without } from './differences.js';
import { historiesOf, repeatedSteps, replayAll } from './histories.js';
import { strayProcesses, temporaryFiles } from './leftovers.js';
import { recordFaults, reportFaults } from './reports.js';
import type { Rig } from './rig.js';

/** What should be in the cluster, by names and values that the test knows. */
export interface Standing {
  /** As of `ApplicationUnderTest.objectsOf`. */
  readonly live: readonly string[];
  /** The commit that the engine compares with, by default the one it says it stands on. */
  readonly revision?: string;
  /** `Kind/name` of the objects that differ from it. */
  readonly changes: readonly string[];
}

/** Fails with everything that is wrong. @param since first sync whose histories are looked at; older ones were before */
export async function expectSound(
  app: ApplicationUnderTest,
  since: number,
  standing: Standing = { live: app.objectsOf(app.accepted), changes: [] },
): Promise<void> {
  const records = await app.rig.client.history(app.id);
  const writes = engineWritesOf(app);
  const histories = await historiesOf(app, since);
  expect({
    live: await liveDifferences(app, standing),
    dryRun: await dryRunDifferences(app, standing),
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

/** Seen by kubectl: these objects and no others, with these values. */
async function liveDifferences(app: ApplicationUnderTest, { live }: Standing): Promise<string[]> {
  const found = (await ownedObjects(app)).map(seen);
  return [...without(live, found).map((o) => `missing ${o}`), ...without(found, live).map((o) => `not wanted ${o}`)];
}

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

/** The engine's own verdict: a dry run of what was accepted would change nothing, or what is known to differ. */
async function dryRunDifferences(app: ApplicationUnderTest, standing: Standing): Promise<string[]> {
  const { client } = app.rig;
  const revision = standing.revision ?? (await client.status(app.id)).revision;
  const { report } = await client.preview(app.id, revision === undefined ? {} : { revision });
  const { changes, conflicts } = await getJson<DiffReport>(client.artifacts, report);
  const found = [...changes, ...conflicts].map(({ resource }) => resource);
  return [
    ...without(found, standing.changes).map((o) => `would change ${o}`),
    ...without(standing.changes, found).map((o) => `would not change ${o}`),
  ];
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

// Fences

/** Writes that were done after one of a later attempt or a later sync. One that was refused took nothing over. */
function staleWrites(writes: readonly AuditedWrite[]): string[] {
  const done = writes.filter((write) => write.done);
  let newest = done[0];
  const stale: string[] = [];
  for (const write of done) {
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
