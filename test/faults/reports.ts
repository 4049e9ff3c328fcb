/**
 * What the records of an application say, held against the artifact store and the audit log.
 */
import { WorkflowNotFoundError } from '@temporalio/client';
import { getJson } from '../../src/adapters/artifacts/artifact-store.js';
import { shortName } from '../../src/domain/object.js';
import type { ObjectOutcome } from '../../src/domain/sync.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { workflowIds } from '../../src/workflows/messages.js';
import type { ApplicationUnderTest, Wanted } from './application-under-test.js';
import { isInventory, type AuditedWrite } from './audit-witness.js';
import type { Standing } from './oracle.js';
import { without } from './differences.js';

/** A request that another one replaced before it became a run: the application alone knows of it. */
export function neverRan({ status, steps }: SyncRecord): boolean {
  return status === 'superseded' && steps.length === 0;
}

/** One terminal record for each number, those of runs in their order, and the same ones in the artifact store. */
export async function recordFaults(app: ApplicationUnderTest, records: readonly SyncRecord[]): Promise<string[]> {
  const faults = outOfPlace(records);
  for (const record of records) {
    if (record.finishedAt === undefined || record.status === 'running') faults.push(`${record.id} has no end`);
    const stored = neverRan(record) ? record : await storedRecord(app, record);
    if (stored?.status !== record.status) faults.push(`${record.id} is ${record.status}, stored as ${stored?.status}`);
  }
  return faults;
}

/** So many runs an application remembers: before that its first record is the first of all. */
const remembered = 50;

function outOfPlace(records: readonly SyncRecord[]): string[] {
  const numbers = records.map((r) => r.number);
  const first = records.length < remembered ? 1 : Math.min(...numbers);
  const runs = records.filter((record) => !neverRan(record)).map((r) => r.number);
  const misplaced = [
    ...numbers.toSorted((a, b) => a - b).filter((n, i) => n !== first + i),
    ...runs.filter((n, i) => n < (runs[i - 1] ?? 0)),
  ];
  return misplaced.map((n) => `sync-${n} is out of its place in ${numbers.join()}`);
}

async function storedRecord(app: ApplicationUnderTest, { id }: SyncRecord): Promise<SyncRecord | undefined> {
  const { artifacts } = app.rig.client;
  const digest = await artifacts.resolve(`records/${app.id}/${id}`);
  return digest === undefined ? undefined : getJson<SyncRecord>(artifacts, digest);
}

/**
 * Both ways: what a run reports as written was written by that run, and the other way round. One that somebody ended from
 * outside reports nothing.
 */
export async function reportFaults(
  app: ApplicationUnderTest,
  records: readonly SyncRecord[],
  writes: readonly AuditedWrite[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const record of records) {
    const reported = await reportedWrites(app, record);
    const run = await runToItsEnd(app, record);
    const audited = writes.filter((w) => w.run === run && w.done && !isInventory(w)).map((w) => w.object);
    faults.push(...without(audited, reported).map((o) => `${record.id} wrote ${o} and does not report it`));
    faults.push(...without(reported, audited).map((o) => `${record.id} reports ${o} and did not write it`));
  }
  return faults;
}

/** Id of the run that left the record; undefined when none came so far. */
async function runToItsEnd({ rig, id }: ApplicationUnderTest, { number }: SyncRecord): Promise<string | undefined> {
  try {
    const last = await rig.client.temporal.workflow.getHandle(workflowIds.sync(id, number)).describe();
    return last.status.name === 'COMPLETED' ? last.runId : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined; // it did not start
    throw error;
  }
}

const plurals: Record<string, string> = {
  ServiceAccount: 'serviceaccounts',
  ConfigMap: 'configmaps',
  Service: 'services',
  Deployment: 'deployments',
  Namespace: 'namespaces',
};
const written: ReadonlySet<string> = new Set(['created', 'configured', 'deleted', 'deleting']);

async function reportedWrites(app: ApplicationUnderTest, record: SyncRecord): Promise<string[]> {
  const outcomes = (await outcomesOf(app, record)).flat();
  const changed = outcomes.filter(({ outcome }) => written.has(outcome));
  return changed.map(({ object }) => `${plurals[object.kind]}/${object.name}`);
}

/** Of each step of the run that wrote, in order. */
export async function outcomesOf(app: ApplicationUnderTest, { reports }: SyncRecord): Promise<ObjectOutcome[][]> {
  const contents = await Promise.all(reports.map((digest) => getJson<unknown>(app.rig.client.artifacts, digest)));
  return contents.filter((content): content is ObjectOutcome[] => Array.isArray(content));
}

/**
 * Where a rollback that failed left the application: neither here nor there, but object by object as its last report
 * says. @param from what was live before it @param to the set it was on its way to, and that set's commit
 */
export async function standingOf(
  app: ApplicationUnderTest,
  record: SyncRecord,
  from: Wanted,
  to: { readonly wanted: Wanted; readonly revision: string },
): Promise<Standing> {
  const report = (await outcomesOf(app, record)).at(-1) ?? [];
  const left = report.filter(({ outcome }) => !written.has(outcome)).map(({ object }) => shortName(object));
  const isLeft = (object: string): boolean => left.includes(object.split(' ')[0] ?? '');
  const live = [...app.objectsOf(to.wanted).filter((object) => !isLeft(object)), ...app.objectsOf(from).filter(isLeft)];
  return { live, revision: to.revision, changes: left };
}
