/**
 * SIGKILL of the worker at each step of a sync. The next worker goes on where the history ends.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationUnderTest, extras, type Wanted } from './application-under-test.js';
import { timeline } from './histories.js';
import { Lanes } from './lanes.js';
import { expectReplays, expectSound } from './oracle.js';
import type { FaultPoint } from './rig.js';

type Kind = 'update' | 'prune' | 'broken';
/** A name, where the worker dies, and what the commit under way does. */
type Row = readonly [title: string, point: FaultPoint, kind: Kind];

/** The second apply of a sync is that of the second wave: eight objects, after the Namespace of the first. */
const rows: readonly Row[] = [
  ['before clone', { activity: 'clone', when: 'before' }, 'update'],
  ['after clone', { activity: 'clone', when: 'after' }, 'update'],
  ['after render', { activity: 'render', when: 'after' }, 'update'],
  ['after diff', { activity: 'diff', when: 'after' }, 'update'],
  ['after backup', { activity: 'backup', when: 'after' }, 'update'],
  ['before the fence of apply', { activity: 'apply', when: 'before fence' }, 'update'],
  ['after the fence of apply', { activity: 'apply', when: 'after fence', nth: 2 }, 'update'],
  ['after the first object of apply', { activity: 'apply', when: 'after write', nth: 2 }, 'update'],
  ['in the middle of apply', { activity: 'apply', when: 'after write', nth: 4 }, 'update'],
  ['after the last object of apply', { activity: 'apply', when: 'after write', nth: 6 }, 'update'],
  ['after apply', { activity: 'apply', when: 'after', nth: 2 }, 'update'],
  ['before the health check', { activity: 'healthCheck', when: 'before' }, 'update'],
  ['after the health check', { activity: 'healthCheck', when: 'after' }, 'update'],
  ['in a health check that waits', { activity: 'healthCheck', when: 'before', nth: 2 }, 'broken'],
  ['before prune', { activity: 'prune', when: 'before' }, 'prune'],
  ['in the middle of prune', { activity: 'prune', when: 'after write' }, 'prune'],
  ['after prune', { activity: 'prune', when: 'after' }, 'prune'],
  ['before record', { activity: 'record', when: 'before' }, 'update'],
  ['after record', { activity: 'record', when: 'after' }, 'update'],
  ['in the middle of rollback', { activity: 'rollback', when: 'after write' }, 'broken'],
  ['after rollback', { activity: 'rollback', when: 'after' }, 'broken'],
  ['in a workflow task, before its apply is scheduled', { activity: 'apply', when: 'in task' }, 'update'],
];

const lanes = new Lanes<Row, string>(rows, killDuringSync, (rig) => ApplicationUnderTest.create(rig));
beforeAll(() => lanes.start(3));
afterAll(() => lanes.close());

describe('a worker killed', () => {
  it.each(rows)('%s', async (...row) => {
    const said = await lanes.resultOf(rows.find(([title]) => title === row[0]) as Row);
    process.stderr.write(`${said}\n`);
  });

  it('and every history replays', async () => {
    for (const rig of await lanes.rigs()) await expectReplays(rig);
  });
});

async function killDuringSync(app: ApplicationUnderTest, [title, point, kind]: Row): Promise<string> {
  const { rig } = app;
  if (kind === 'prune' && app.accepted.extras.length < 2) await app.finish(await app.change({ extras }));
  rig.arm(point);
  const ticket = await app.change({ greeting: title, ...changeOf(kind, app.accepted) });
  await rig.fired();
  const record = await app.finish(ticket);
  const recoveredMs = Date.now() - (rig.workers[0]?.readyAt ?? 0);
  if (recoveredMs > 15_000) throw new Error(`${title}: ${recoveredMs} ms\n${await timeline(app, record.number)}`);
  expect(record).toMatchObject({ status: kind === 'broken' ? 'rolled_back' : 'succeeded' });
  await expectSound(app, record.number);
  return `${title}: ${record.status} ${recoveredMs} ms after the next worker was there`;
}

function changeOf(kind: Kind, { extras: present }: Wanted): Partial<Wanted> {
  if (kind === 'broken') return { image: 'broken' };
  if (kind === 'prune') return { image: '1.0.0', extras: present.slice(2) };
  return { image: '1.0.0', extras };
}
