/**
 * SIGKILL of the worker between the calls of a Lua script: it goes on at the next call, and no call is made twice.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationUnderTest } from './application-under-test.js';
import { completedActivities } from './histories.js';
import { Lanes } from './lanes.js';
import { expectReplays, expectSound } from './oracle.js';
import type { FaultPoint } from './rig.js';

type Row = readonly [title: string, point: FaultPoint];

const rows: readonly Row[] = [
  ['between two calls, before the second is scheduled', { activity: 'requestSync', when: 'in task' }],
  ['after it asked for a sync, before it could say so', { activity: 'requestSync', when: 'after' }],
  ['while the sync it waits for applies', { activity: 'apply', when: 'after write', nth: 3 }],
];

const lanes = new Lanes<Row, void>(rows, killDuringScript, (rig) => ApplicationUnderTest.create(rig));
beforeAll(() => lanes.start(3));
afterAll(() => lanes.close());

describe('a worker killed', () => {
  it.each(rows)('%s', async (title) => lanes.resultOf(rows.find((row) => row[0] === title) as Row));

  it('and every history replays', async () => {
    for (const rig of await lanes.rigs()) await expectReplays(rig);
  });
});

async function killDuringScript(app: ApplicationUnderTest, [title, point]: Row): Promise<void> {
  const { rig, id } = app;
  app.commit({ greeting: title });
  rig.arm(point);
  const run = await rig.client.scripts.start({ name: 'sync.lua', source: syncScript(id) });
  await rig.fired();
  const { lines } = await rig.client.scripts.result(run);
  app.accept();
  const printed = lines.map(({ text }) => text).filter((text) => /^(before|after): /.test(text));
  expect(printed).toEqual(['before: synced', 'after: synced']);
  expect(await completedActivities(rig, run.workflowId)).toEqual(['readStatusTable', 'requestSync', 'readStatusTable']);
  expect((await rig.client.history(id)).map((record) => record.id)).toEqual(['sync-1', 'sync-2']);
  await expectSound(app, 2);
}

function syncScript(id: string): string {
  return `print("before: " .. gitops.get_workflow_status("${id}").status)
    assert(gitops.sync_workflow("${id}"))
    print("after: " .. gitops.get_workflow_status("${id}").status)`;
}
