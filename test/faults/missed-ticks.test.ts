/**
 * F50: Temporal stands still while a Schedule of two seconds would have ticked several times. Afterwards one sweep makes
 * up for all of them, and the commit of that time is applied once. `TICKS=36` misses as many as `make test-long` does.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ApplicationUnderTest } from './application-under-test.js';
import { expectReplays, expectSound } from './oracle.js';
import { Rig } from './rig.js';

const ticks = Number(process.env['TICKS'] ?? 4);
const intervalMs = 2000;

let rig: Rig;
let app: ApplicationUnderTest;

beforeAll(async () => {
  rig = await Rig.open();
  app = await ApplicationUnderTest.create(rig, { auto: '2s' });
});

afterAll(() => app.close());

interface Tick {
  /** When it should have begun, and when it ended (NaN before), in ms. */
  readonly due: number;
  readonly ended: number;
}

/** Every sweep so far. */
async function sweeps(): Promise<Tick[]> {
  const found: Tick[] = [];
  for await (const sweep of rig.client.temporal.workflow.list({ query: 'WorkflowType = "sweep"' })) {
    const [due] = (sweep.searchAttributes['TemporalScheduledStartTime'] ?? []) as unknown as Date[];
    found.push({ due: Number(due), ended: Number(sweep.closeTime) });
  }
  return found;
}

async function tickAfter(time: number): Promise<void> {
  await eventually(async () => ((await sweeps()).some(({ due }) => due > time) ? true : undefined));
}

describe('a Schedule that could not tick', () => {
  it(
    'is made up for with one look',
    async () => {
      await tickAfter(0);
      const before = (await rig.client.history(app.id)).length;
      const until = Date.now() + ticks * intervalMs;
      const back = rig.restartTemporal(ticks * intervalMs);
      app.commit({ greeting: 'meanwhile' });
      await back;
      await tickAfter(until + intervalMs);
      // Begun by the first missed tick, or a moment before the outage: then the missed ones found it running.
      expect((await sweeps()).filter(({ due, ended }) => due <= until && ended > until)).toHaveLength(1);
      const news = await eventually(async () => {
        const records = (await rig.client.history(app.id)).slice(before);
        return records.length > 0 ? records : undefined;
      });
      expect(news).toMatchObject([{ status: 'succeeded', trigger: 'auto', number: before + 1 }]);
      app.accept();
      await expectSound(app, before + 1);
    },
    120_000 + ticks * intervalMs,
  );
});

it('every history replays', () => expectReplays(rig));
