/**
 * SIGKILL of the worker at each step of a sync. The next worker goes on where the history ends, within 10 s.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationUnderTest, type Wanted } from './application-under-test.js';
import { expectSound } from './oracle.js';
import { Rig, type FaultPoint } from './rig.js';

let rig: Rig;
let app: ApplicationUnderTest;

beforeAll(async () => {
  rig = await Rig.open();
  app = await ApplicationUnderTest.create(rig);
});

afterEach(() => rig.disarm());
afterAll(() => rig.close());

const update: Partial<Wanted> = {};
const pruning: Partial<Wanted> = { extras: ['extra-1'] };
const broken: Partial<Wanted> = { image: 'broken' };
/** The second apply of a sync is that of the second wave, with the seven objects. */
const rows: [string, FaultPoint, Partial<Wanted>][] = [
  ['before clone', { activity: 'clone', when: 'before' }, update],
  ['after clone', { activity: 'clone', when: 'after' }, update],
  ['after render', { activity: 'render', when: 'after' }, update],
  ['after diff', { activity: 'diff', when: 'after' }, update],
  ['after backup', { activity: 'backup', when: 'after' }, update],
  ['before the fence of apply', { activity: 'apply', when: 'before fence' }, update],
  ['after the fence of apply', { activity: 'apply', when: 'after fence', nth: 2 }, update],
  ['at the first object of apply', { activity: 'apply', when: 'after write', nth: 2 }, update],
  ['in the middle of apply', { activity: 'apply', when: 'after write', nth: 4 }, update],
  ['at the last object of apply', { activity: 'apply', when: 'after write', nth: 5 }, update],
  ['after apply', { activity: 'apply', when: 'after', nth: 2 }, update],
  ['after the health check', { activity: 'healthCheck', when: 'after' }, update],
  ['in the middle of prune', { activity: 'prune', when: 'after write' }, pruning],
  ['after prune', { activity: 'prune', when: 'after' }, pruning],
  ['after record', { activity: 'record', when: 'after' }, update],
  ['in the middle of rollback', { activity: 'rollback', when: 'after write' }, broken],
  ['after rollback', { activity: 'rollback', when: 'after' }, broken],
  ['in a workflow task that decides on the backup', { activity: 'backup', when: 'in task' }, update],
];

describe('a worker killed', () => {
  let n = 0;
  it.each(rows)('%s', async (_title, point, change) => {
    await restoreSet();
    rig.arm(point);
    const ticket = await app.change({ greeting: `round ${++n}`, ...change });
    const killedAt = await rig.fired();
    const record = await app.finish(ticket);
    const recovered = Date.parse(record.finishedAt ?? '') - killedAt;
    console.log(`${_title}: ${record.status} ${recovered} ms after the kill`);
    expect(record.status).toBe(change === broken ? 'rolled_back' : 'succeeded');
    expect(recovered).toBeLessThan(20_000);
    await expectSound(app, record.number);
  });

  /** The next row's objects to prune, and an image that works. */
  async function restoreSet(): Promise<void> {
    if (app.wanted.extras.length === 3 && app.wanted.image !== 'broken') return;
    const record = await app.finish(await app.change({ extras: ['extra-1', 'extra-2', 'extra-3'], image: '1.0.0' }));
    expect(record.status).toBe('succeeded');
  }
});
