/**
 * Random faults in random changes, the oracle after each. `SEED=7 ROUNDS=200` repeats a run as far as chance allows:
 * what is drawn is the same, when exactly it hits is not.
 */
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationUnderTest, extras, type Wanted } from './application-under-test.js';
import { Lanes } from './lanes.js';
import { expectReplays, expectSound } from './oracle.js';
import type { FaultPoint } from './rig.js';
import { seededRandom, type Random } from './seeded-random.js';

const rounds = Number(process.env['ROUNDS'] ?? 20);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const roundTimeoutMs = 120_000;

interface Round {
  readonly number: number;
  readonly random: Random;
}

/** Breaks something while a sync runs; resolves when it is mended. */
type Fault = (app: ApplicationUnderTest, random: Random) => Promise<void>;

const activities = ['clone', 'render', 'diff', 'backup', 'apply', 'healthCheck', 'prune', 'rollback', 'record'];
const moments: readonly FaultPoint['when'][] = ['before', 'after', 'before write', 'after write', 'in task'];

const faults: Record<string, Fault> = {
  'killed at a point': async ({ rig }, random) => {
    rig.arm({ activity: random.pick(activities), when: random.pick(moments), nth: random.below(3) + 1 });
  },
  'killed at any time': async ({ rig }, random) => {
    await delay(random.below(2500));
    rig.workers[0]?.signal('SIGKILL');
  },
  'frozen for a while': async ({ rig }, random) => {
    await delay(random.below(1500));
    rig.workers[0]?.signal('SIGSTOP');
    await delay(random.below(9000));
    rig.workers[0]?.signal('SIGCONT');
  },
  'Temporal killed': async ({ rig }, random) => {
    await delay(random.below(1500));
    await rig.restartTemporal(random.below(2000));
  },
  'the line to the cluster broken': async ({ rig }, random) => {
    await delay(random.below(1500));
    rig.toCluster.set(random.pick(['refuse', 'blackHole', 'deaf']));
    await delay(random.below(3000));
    rig.toCluster.set('pass');
    rig.toCluster.cut();
  },
  'the line to Temporal broken': async ({ rig }, random) => {
    await delay(random.below(1500));
    rig.toTemporal.set(random.pick(['refuse', 'blackHole', 'deaf']));
    await delay(random.below(8000));
    rig.toTemporal.set('pass');
    rig.toTemporal.cut();
  },
};

const table: Round[] = Array.from({ length: rounds }, (_, i) => ({
  number: i + 1,
  random: seededRandom(seed * 1000 + i),
}));
const lanes = new Lanes<Round, string>(table, disturb, (rig) => ApplicationUnderTest.create(rig));

beforeAll(() => lanes.start(2));
afterAll(() => lanes.close(), roundTimeoutMs);

describe(`chaos, SEED=${seed}`, () => {
  for (const round of table) {
    it(
      `round ${round.number}`,
      async () => void process.stderr.write(`${await lanes.resultOf(round)}\n`),
      roundTimeoutMs,
    );
  }

  it(
    'every history replays',
    async () => {
      for (const rig of await lanes.rigs()) await expectReplays(rig);
    },
    roundTimeoutMs,
  );
});

async function disturb(app: ApplicationUnderTest, { number, random }: Round): Promise<string> {
  const name = random.pick(Object.keys(faults));
  const change = changeOf(random, number);
  app.commit(change);
  const fault = (faults[name] as Fault)(app, random);
  const ticket = await app.askForSync({ allowShrink: true }); // three extras may go at once
  await fault;
  const record = await app.finish(ticket);
  app.rig.disarm();
  const said = `round ${number}: ${name}, ${JSON.stringify(change)}: ${record.status}`;
  const wanted = change.image === 'broken' ? 'rolled_back' : 'succeeded';
  if (record.status !== wanted) throw new Error(`${said}: ${record.message}`);
  await expectSound(app, record.number);
  return said;
}

/** Good, broken, or with other objects than before. */
function changeOf(random: Random, number: number): Partial<Wanted> {
  const wanted = extras.filter(() => random.below(3) > 0);
  return { greeting: `round ${number}`, image: random.below(5) === 0 ? 'broken' : '1.0.0', extras: wanted };
}
