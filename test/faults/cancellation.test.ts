/**
 * A person cancels a sync at each of its steps, while the worker stands at that point: the record says what was written
 * and what was not, and the next sync makes up for it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ApplicationUnderTest, extras } from './application-under-test.js';
import { Lanes } from './lanes.js';
import { expectReplays, expectSound } from './oracle.js';
import type { FaultPoint } from './rig.js';

/** A name, where the worker is held, and what the record says. */
type Row = readonly [title: string, point: FaultPoint, says: RegExp];

const nothing = /^Cancelled; nothing was written$/;
/** Six objects change, one of them a Namespace in a stage of its own. The object under way is finished. */
const rows: readonly Row[] = [
  ['before clone', { activity: 'clone', when: 'before' }, nothing],
  ['after render', { activity: 'render', when: 'after' }, nothing],
  ['after diff', { activity: 'diff', when: 'after' }, nothing],
  ['before backup', { activity: 'backup', when: 'before' }, nothing],
  ['before the fence', { activity: 'apply', when: 'before fence' }, /^Cancelled; 0 of 6 objects .*did not report/],
  ['before the first write', { activity: 'apply', when: 'before write' }, /^Cancelled; [01] of 6 objects .*/],
  ['after the first write', { activity: 'apply', when: 'after write' }, /^Cancelled; 1 of 6 objects /],
  ['between two waves', { activity: 'apply', when: 'before', nth: 2 }, /^Cancelled; [1-6] of 6 objects /],
  ['after the last write', { activity: 'apply', when: 'after write', nth: 6 }, /^Cancelled; 6 of 6 objects /],
  ['at the very end', { activity: 'healthCheck', when: 'before' }, /^(Cancelled; 6 of 6 objects |Sync completed)/],
];

const lanes = new Lanes<Row, void>(rows, cancelAt, (rig) => ApplicationUnderTest.create(rig));
beforeAll(() => lanes.start(3));
afterAll(() => lanes.close());

describe('a sync cancelled', () => {
  it.each(rows)('%s', (...row) => lanes.resultOf(rows.find(([title]) => title === row[0]) as Row));

  it('and every history replays', async () => {
    for (const rig of await lanes.rigs()) await expectReplays(rig);
  });
});

async function cancelAt(app: ApplicationUnderTest, [title, point, says]: Row): Promise<void> {
  const { rig } = app;
  rig.arm({ ...point, action: 'hold' });
  const ticket = await app.change({ greeting: title, image: '1.0.0', extras });
  await rig.fired();
  await rig.client.workflows.cancel(ticket.workflowId);
  await heard(app, ticket.workflowId, point);
  rig.release();
  const record = await app.finish(ticket);
  expect(record.message).toMatch(says);
  expect(record.status).toBe(record.message.startsWith('Cancelled') ? 'cancelled' : 'succeeded');
  const next = await app.finish(await app.askForSync());
  expect(next).toMatchObject({ status: 'succeeded' });
  await expectSound(app, record.number);
}

/** Until the run, and the activity that is held, have been told. */
async function heard({ rig }: ApplicationUnderTest, workflowId: string, point: FaultPoint): Promise<void> {
  const handle = rig.client.temporal.workflow.getHandle(workflowId);
  const told = beats(point)
    ? 'activityTaskCancelRequestedEventAttributes'
    : 'workflowExecutionCancelRequestedEventAttributes';
  const asked = await eventually(async () => {
    const { events } = await handle.fetchHistory();
    return events?.find((e) => e[told])?.eventTime ?? undefined;
  });
  if (!beats(point)) return;
  await eventually(async () => {
    const { raw } = await handle.describe();
    const beat = msOf(raw.pendingActivities?.[0]?.lastHeartbeatTime);
    return beat >= msOf(asked) ? true : undefined;
  });
}

/** Only in the middle of an activity there is a heart. */
function beats({ when }: FaultPoint): boolean {
  return / write$| fence$/.test(when);
}

function msOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds) * 1000 + (time?.nanos ?? 0) / 1e6;
}
