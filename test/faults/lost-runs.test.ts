/**
 * Runs that Temporal's own tools end or begin anew (F43), and a Temporal that has forgotten everything (F6): the next
 * run plans from what is live and from the inventory beside it. Each row ends with the oracle.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getJson } from '../../src/adapters/artifacts/artifact-store.js';
import { readAccepted } from '../../src/activities/drift-memory.js';
import type { DiffReport } from '../../src/domain/diff/report.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { SyncTicket } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import { ApplicationUnderTest } from './application-under-test.js';
import { engineWritesOf, isInventory, type AuditedWrite } from './audit-witness.js';
import { expectReplays, expectSound } from './oracle.js';
import { Rig } from './rig.js';

/** Objects of the application that bear its greeting. */
const greeted = 6;

let rig: Rig;
let app: ApplicationUnderTest;

beforeAll(async () => {
  rig = await Rig.open();
  app = await ApplicationUnderTest.create(rig);
});

afterAll(() => app.close());

/** A sync that stands before its third write while something is done to it, and stays there. */
async function inItsMiddle(greeting: string, act: (ticket: SyncTicket) => Promise<unknown>): Promise<SyncTicket> {
  rig.arm({ activity: 'apply', when: 'before write', nth: 3, action: 'hold' });
  const ticket = await app.change({ greeting });
  await rig.fired();
  await act(ticket);
  return ticket;
}

function objectsWritten({ number }: SyncRecord): AuditedWrite[] {
  return engineWritesOf(app).filter((write) => write.sync === number && write.done && !isInventory(write));
}

/** The attempt that was held goes on, once Temporal has told it that nobody waits for it. */
async function wakeUp(): Promise<void> {
  await rig.told();
  rig.release();
  await rig.wentOn();
}

/** What the application makes of it, once no run of that name is open. */
async function outcomeOf({ sync, workflowId }: SyncTicket): Promise<SyncRecord> {
  const handle = rig.client.temporal.workflow.getHandle(workflowId);
  await eventually(async () => ((await handle.describe()).status.name === 'RUNNING' ? undefined : true));
  return eventually(async () => (await rig.client.history(app.id)).find((r) => r.id === sync));
}

/** What its plan says besides the changes. */
async function notesOf({ diffReport = '' }: SyncRecord): Promise<string> {
  const { warnings } = await getJson<DiffReport>(rig.client.artifacts, diffReport);
  return warnings.join('\n');
}

async function reset({ workflowId }: SyncTicket): Promise<void> {
  const { workflow, workflowService } = rig.client.temporal;
  const { events } = await workflow.getHandle(workflowId).fetchHistory();
  const first = events?.find((e) => e.workflowTaskCompletedEventAttributes);
  await workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    ...{ reason: 'test', requestId: randomUUID() },
    ...(first?.eventId ? { workflowTaskFinishEventId: first.eventId } : {}),
  });
}

describe('a sync in the middle of its writes that is', () => {
  it('terminated is on record as interrupted; the next one finds what it wrote, and finishes', async () => {
    const ticket = await inItsMiddle('terminated', ({ workflowId }) =>
      rig.client.temporal.workflow.getHandle(workflowId).terminate('test'),
    );
    const record = await outcomeOf(ticket);
    expect(record).toMatchObject({ status: 'interrupted', message: expect.stringContaining('ended from outside') });
    expect(await readAccepted(rig.client.artifacts, app.id)).toBeUndefined(); // nobody can say what should be live
    const written = objectsWritten(record).length;
    expect(written).toBeGreaterThan(0);
    const next = await app.finish(await app.askForSync());
    const rest = { applied: greeted - written };
    expect(next).toMatchObject({ status: 'succeeded', number: record.number + 1, metrics: rest });
    await wakeUp();
    await expectSound(app, record.number);
  });

  it('reset runs anew from its beginning, and the attempt of before writes no more', async () => {
    const ticket = await inItsMiddle('reset', reset);
    const record = await outcomeOf(ticket);
    expect(record).toMatchObject({ status: 'succeeded' });
    await wakeUp();
    const next = await app.finish(await app.askForSync());
    expect(next).toMatchObject({ status: 'succeeded' });
    await expectSound(app, record.number);
  });
});

it('every history replays', () => expectReplays(rig));

describe('a Temporal whose database is gone', () => {
  it('knows no application; declared again it takes over what is live, by its inventory and without a write', async () => {
    await rig.loseTemporal();
    await app.declareAnew();
    const record = await app.finish(await app.askForSync());
    expect(record).toMatchObject({
      ...{ id: 'sync-1', status: 'succeeded' },
      changes: { created: 0, updated: 0, deleted: 0, unchanged: 9, conflicts: 0 },
    });
    expect(engineWritesOf(app).filter((write) => !isInventory(write))).toEqual([]);
    await expectSound(app, record.number);
  });

  it('lost again while the repository moved on: what has to go is kept at first, and known from the inventory', async () => {
    await rig.loseTemporal();
    await app.declareAnew();
    const first = await app.finish(await app.change({ greeting: 'moved on', extras: [] }));
    expect(first).toMatchObject({ id: 'sync-1', status: 'succeeded', metrics: { applied: 2, deleted: 0 } });
    expect(await notesOf(first)).toMatch(/extra-4.* is kept: a first sync deletes nothing/);
    const held = await app.finish(await app.askForSync());
    expect(held).toMatchObject({ status: 'failed', errorCode: 'ShrinkHeld', metrics: { applied: 0, deleted: 0 } });
    const pruned = await app.finish(await app.askForSync({ allowShrink: true }));
    expect(pruned).toMatchObject({ status: 'succeeded', metrics: { deleted: 4 } });
    await expectSound(app, first.number);
  });
});
