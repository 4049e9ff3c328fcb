/**
 * Workers of another build take over while runs are open, and are rolled back while others are (F51): at the gate, in
 * the middle of their writes, between two attempts. Every run is finished by the other build. Each ends with the oracle.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SyncTicket } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import { ApplicationUnderTest, untilAnswered } from './application-under-test.js';
import { expectReplays, expectSound } from './oracle.js';
import { Rig } from './rig.js';
import type { WorkerProcess } from './worker-process.js';

let rig: Rig;
let gated: ApplicationUnderTest;
let writing: ApplicationUnderTest;
let pausing: ApplicationUnderTest;
let today: WorkerProcess;

beforeAll(async () => {
  rig = await Rig.open({ workers: 0 });
  today = await rig.addWorker();
  const create = (): Promise<ApplicationUnderTest> => ApplicationUnderTest.create(rig, { retries: 10 });
  [gated, writing, pausing] = await Promise.all([create(), create(), create()]);
  const { spec } = await rig.client.status(gated.id);
  await rig.client.declare({ ...spec, approval: { approvals: 1 } }, { adopt: true });
});

afterAll(async () => {
  for (const app of [gated, writing, pausing]) app.repository.remove();
  await rig.close();
});

/** The same workflows in another text: Temporal takes it for another build. */
function anotherBuild(): string {
  const built = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
  const file = join(rig.folder, 'another-build.js');
  writeFileSync(file, `/* another build */ ${readFileSync(built, 'utf8')}`); // in front: behind it is the source map
  return file;
}

/** One run of each application, open at its place. */
async function openRuns(greeting: string): Promise<Map<ApplicationUnderTest, SyncTicket>> {
  const tickets = new Map([[gated, await gated.change({ greeting })]]);
  await eventually(async () => (await rig.client.status(gated.id)).lastSync?.gate);
  rig.arm({ activity: 'apply', when: 'before write', nth: 3, action: 'hold' });
  tickets.set(writing, await writing.change({ greeting }));
  await rig.fired();
  rig.toCluster.set('refuse');
  const waits = await pausing.change({ greeting });
  tickets.set(pausing, waits);
  await eventually(async () => (await timers(waits)).find((summary) => / of 11 in /.test(summary)));
  return tickets;
}

/** None before the run has begun. */
async function timers({ workflowId }: SyncTicket): Promise<string[]> {
  const steps = await rig.client.workflows.steps(workflowId).catch(() => []);
  return steps.filter(({ kind }) => kind === 'timer').map(({ summary }) => summary);
}

/** Which builds decided in a run. */
async function buildsOf({ workflowId }: SyncTicket): Promise<Set<string>> {
  const { events } = await rig.client.temporal.workflow.getHandle(workflowId).fetchHistory();
  const builds = (events ?? []).map((e) => e.workflowTaskCompletedEventAttributes?.workerVersion?.buildId);
  return new Set(builds.filter((build) => typeof build === 'string'));
}

async function takeOver(successor: WorkerProcess): Promise<void> {
  await today.stop();
  rig.toCluster.set('pass');
  today = successor;
  await untilAnswered(() => rig.client.approvals.approve(gated.id, { by: 'bob' })); // first asks the worker that is gone
}

async function expectAllDone(tickets: ReadonlyMap<ApplicationUnderTest, SyncTicket>): Promise<void> {
  for (const [app, ticket] of tickets) {
    const record = await app.finish(ticket);
    expect(record).toMatchObject({ status: 'succeeded' });
    expect((await buildsOf(ticket)).size).toBe(2);
    await expectSound(app, record.number);
  }
}

describe('open runs', () => {
  it('are finished by workers of another build, which ran beside the old ones before those stopped', async () => {
    const tickets = await openRuns('upgraded');
    await takeOver(await rig.addWorker(rig.toTemporal, anotherBuild()));
    await expectAllDone(tickets);
  });

  it('are finished by the old build again when the other is rolled back', async () => {
    const tickets = await openRuns('rolled back');
    await takeOver(await rig.addWorker());
    await expectAllDone(tickets);
  });

  it('replay on the build of today, whichever ran them', () => expectReplays(rig));
});
