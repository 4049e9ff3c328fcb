/**
 * A worker that is cut off from Temporal while it still reaches the cluster, one that is asked to stop, and one killed
 * while it fetches, with what git leaves behind then: another goes on, nothing is written by the one that was replaced.
 * And workers that reach Temporal but not the cluster (F8).
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { ApplicationUnderTest } from './application-under-test.js';
import { engineWritesOf, isInventory, type AuditedWrite } from './audit-witness.js';
import { expectReplays, expectSound } from './oracle.js';
import { OwnLines } from './own-lines.js';
import type { Rig } from './rig.js';

/** Of the steps that write, see src/workflows/steps.ts. */
const heartbeatTimeoutMs = 3000;

let parts: OwnLines;
let rig: Rig;
let app: ApplicationUnderTest;

beforeAll(async () => {
  parts = await OwnLines.open();
  ({ rig } = parts);
  app = await ApplicationUnderTest.create(rig);
});

afterAll(async () => {
  await parts.close();
  app.repository.remove();
});

describe('a worker cut off from Temporal in the middle of apply', () => {
  it('writes no more; another takes over, and finishes', async () => {
    rig.arm({ activity: 'apply', when: 'after fence', nth: 2, action: 'hold' });
    const ticket = await app.change({ greeting: 'cut off' });
    await rig.fired();
    const index = lastWriter();
    const { worker } = engineWritesOf(app).at(-1) as AuditedWrite;
    parts.lines[index]?.set('blackHole');
    await delay(heartbeatTimeoutMs + 1000); // later the SDK gives the attempt up by itself
    const released = new Date().toISOString();
    rig.release();
    const record = await app.finish(ticket);
    expect(record.status).toBe('succeeded');
    expect(engineWritesOf(app).filter((write) => write.worker === worker && write.at > released)).toEqual([]);
    parts.lines[index]?.set('pass');
    await expectSound(app, record.number);
  });
});

describe('workers cut off from the cluster in the middle of apply', () => {
  it('wait and say for what; when no retry is left the sync fails and lists what was written', async () => {
    const patient = await ApplicationUnderTest.create(rig, { retries: 2, noRollback: true });
    rig.arm({ activity: 'apply', when: 'before write', nth: 3, action: 'hold' });
    const before = objectsWritten(patient).length;
    const ticket = await patient.change({ greeting: 'out of reach' });
    await rig.fired();
    await eventually(async () => (objectsWritten(patient).length === before + 5 ? true : undefined)); // all but the held one
    await delay(200); // the last answer is on its way
    rig.toCluster.set('refuse');
    rig.release();
    const said = /^apply: attempt 3 of 3 in .*, after ClusterUnreachable$/;
    await eventually(async () => (await waits(ticket.workflowId)).find((summary) => said.test(summary)));
    expect(await rig.client.progress(ticket)).toMatchObject({ status: 'running' });
    const record = await patient.finish(ticket);
    rig.toCluster.set('pass');
    expect(record).toMatchObject({ status: 'failed', errorCode: 'ClusterUnreachable', metrics: { applied: 5 } });
    expect(await patient.finish(await patient.askForSync())).toMatchObject({ status: 'succeeded' });
    await expectSound(patient, record.number); // every write is in the report of its run
    patient.repository.remove();
  });
});

describe('a worker that is asked to stop in the middle of apply', () => {
  it('hands over: it is gone soon, another goes on at once, and no finished wave is applied again', async () => {
    rig.arm({ activity: 'apply', when: 'before write', nth: 3, action: 'hold' });
    const before = engineWritesOf(app).length;
    const ticket = await app.change({ greeting: 'handed over' });
    await rig.fired();
    const worker = rig.workers[lastWriter(before)];
    worker?.signal('SIGTERM');
    await delay(2500); // its time of grace
    rig.release();
    const released = Date.now();
    const record = await app.finish(ticket);
    expect(Date.now() - released).toBeLessThan(15_000);
    expect(record.status).toBe('succeeded');
    await eventually(async () => (worker?.restarts === 1 ? true : undefined)); // its service starts it anew
    const writes = engineWritesOf(app).slice(before);
    expect(new Set(writes.map((write) => write.attempt)).size).toBe(2);
    expect(new Set(writes.map((write) => write.worker)).size).toBe(2);
    const firstWave = writes.filter((write) => write.object === `namespaces/${app.sideNamespace}`);
    expect(firstWave).toHaveLength(1);
    await expectSound(app, record.number);
  });
});

describe('locks and half a clone that a killed git left in the mirror', () => {
  it('are met by no fetch', async () => {
    const mirrors = join(rig.folder, 'mirrors');
    const left = readdirSync(mirrors).flatMap((name) => [
      ...['index.lock', 'shallow.lock', 'packed-refs.lock', 'config.lock'].map((lock) => join(mirrors, name, lock)),
      join(mirrors, name, 'objects', 'pack', 'tmp_pack_half'),
    ]);
    expect(left.length).toBeGreaterThan(0);
    for (const path of left) writeFileSync(path, 'half');
    mkdirSync(join(mirrors, '0'.repeat(32)), { recursive: true }); // half a clone of another repository
    const record = await app.finish(await app.change({ greeting: 'in spite of locks' }));
    expect(record.status).toBe('succeeded');
  });
});

it('every history replays', () => expectReplays(rig));

/** What the pauses of a run say that they wait for. */
async function waits(workflowId: string): Promise<string[]> {
  const steps = await rig.client.workflows.steps(workflowId);
  return steps.filter(({ kind }) => kind === 'timer').map(({ summary }) => summary);
}

function objectsWritten(of: ApplicationUnderTest): AuditedWrite[] {
  return engineWritesOf(of).filter((write) => write.done && !isInventory(write));
}

/** Index of the worker that wrote last. */
function lastWriter(since = 0): number {
  const last = engineWritesOf(app).slice(since).findLast(ofApply);
  return Number(last?.worker.split('-')[1]) - 1;
}

function ofApply(write: AuditedWrite): boolean {
  return write.activity === 'apply' && (isInventory(write) || write.done);
}
