/**
 * Five scripts (coroutines, protected calls, concurrent tasks, hooks, shell lines), each killed at random calls: what it
 * prints and what it leaves is what an undisturbed run prints and leaves. `SEED=7 ROUNDS=200` repeats a run as far as
 * chance allows.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationUnderTest } from './application-under-test.js';
import { Lanes } from './lanes.js';
import { expectReplays, expectSound } from './oracle.js';
import type { FaultPoint, Rig } from './rig.js';
import { seededRandom, type Random } from './seeded-random.js';

const rounds = Number(process.env['ROUNDS'] ?? 20);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const roundTimeoutMs = 120_000;

/** Name of a script -> what it prints. */
const printed: Readonly<Record<string, readonly string[]>> = {
  coroutines: ['a=1', 'b=1', 'c=1', 'status synced'],
  protected: [...[1, 2, 3].map((n) => `${n}\tfalse\t${n}\ttrue\ttrue`), 'rounds 3'],
  concurrent: ['sum 9'],
  hooks: ['start, pre, attempt 1, failure, post, pre, attempt 2, success, post, complete true'],
  shell: [...[1, 2, 3].map((n) => `${n}\tdone ${n}\n`), 'lines 3', 'synced'],
};

const moments: readonly FaultPoint['when'][] = ['before', 'after', 'in task'];

interface Round {
  readonly number: number;
  readonly script: string;
  readonly random: Random;
}

const table: Round[] = Array.from({ length: rounds }, (_, i) => ({
  number: i + 1,
  script: Object.keys(printed)[i % Object.keys(printed).length] as string,
  random: seededRandom(seed * 1000 + i),
}));
const lanes = new Lanes<Round, void>(table, killDuringScript, (rig) => ApplicationUnderTest.create(rig));

beforeAll(() => lanes.start(2));
afterAll(() => lanes.close(), roundTimeoutMs);

describe(`scripts killed at random calls, SEED=${seed}`, () => {
  for (const round of table) {
    it(`round ${round.number}: ${round.script}`, async () => lanes.resultOf(round), roundTimeoutMs);
  }

  it(
    'every history replays',
    async () => {
      for (const rig of await lanes.rigs()) await expectReplays(rig);
    },
    roundTimeoutMs,
  );
});

async function killDuringScript(app: ApplicationUnderTest, { number, script, random }: Round): Promise<void> {
  const { rig, id } = app;
  const witness = join(rig.folder, 'witness');
  rmSync(witness, { force: true });
  app.commit({ greeting: `round ${number}` });
  rig.arm({ activity: '*', when: random.pick(moments), nth: random.below(8) + 1 });
  const run = await rig.client.scripts.start({
    name: `${script}-${number}.lua`,
    source: source(script),
    values: { app: id, witness, round: number },
  });
  const { lines } = await rig.client.scripts.result(run);
  rig.disarm();
  const said = lines.filter(({ level }) => level === 'print').map(({ text }) => text);
  if (script !== 'shell') return expect(said).toEqual(printed[script]);
  expectShell(said, witness);
  app.accept();
  await expectSound(app, await lastSync(rig, id));
}

/** At most one line was interrupted; each happened at most once, and every one that said so did. */
function expectShell(said: readonly string[], witness: string): void {
  const wanted = printed['shell'] as readonly string[];
  const interrupted = said.filter((line) => line.endsWith('\tinterrupted'));
  expect(interrupted.length).toBeLessThanOrEqual(1);
  expect(said.map((line, i) => (line.endsWith('\tinterrupted') ? wanted[i] : line))).toEqual(wanted);
  const happened = existsSync(witness) ? readFileSync(witness, 'utf8').trim().split('\n') : [];
  expect(new Set(happened).size).toBe(happened.length);
  expect(happened.length).toBeGreaterThanOrEqual(3 - interrupted.length);
}

async function lastSync(rig: Rig, id: string): Promise<number> {
  return Math.max(...(await rig.client.history(id)).map((record) => record.number));
}

function source(script: string): string {
  return readFileSync(new URL(`scripts/${script}.lua`, import.meta.url), 'utf8');
}
