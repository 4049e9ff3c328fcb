/**
 * An application with hooks, a definition and its objects, three waves, a kustomization and a chart: written in one
 * order whichever annotations say so, and when the worker is killed at any barrier it ends the same, each hook run once.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kubectlJson } from '../support/cluster.js';
import { replayAll } from './histories.js';
import { Lanes } from './lanes.js';
import { Rig, type FaultPoint } from './rig.js';
import { stagedHooks, stagedOrder, StagedApplication, type Dialect } from './staged-application.js';

/** A name, and where the worker dies. The applies of a sync: PreSync, wave -1, wave 0, wave 2, PostSync. */
type Row = readonly [title: string, point: FaultPoint];

const rows: readonly Row[] = [
  ['before the fence of PreSync', { activity: 'apply', when: 'before fence' }],
  ['when the hooks of the last sync are gone', { activity: 'apply', when: 'after write', nth: 2 }],
  ['when a hook is made', { activity: 'apply', when: 'after write', nth: 3 }],
  ['when all hooks are made', { activity: 'apply', when: 'after write', nth: 4 }],
  ['after PreSync was applied', { activity: 'apply', when: 'after' }],
  ['while PreSync is awaited', { activity: 'healthCheck', when: 'before' }],
  ['after PreSync was awaited', { activity: 'healthCheck', when: 'after' }],
  ['after wave -1', { activity: 'apply', when: 'after', nth: 2 }],
  ['in the middle of wave 0', { activity: 'apply', when: 'after write', nth: 7 }],
  ['before wave 2', { activity: 'apply', when: 'before', nth: 4 }],
  ['before PostSync', { activity: 'apply', when: 'before', nth: 5 }],
  ['after PostSync was applied', { activity: 'apply', when: 'after', nth: 5 }],
  ['before its hook is taken away', { activity: 'finishHooks', when: 'before' }],
  ['when its hook is taken away', { activity: 'finishHooks', when: 'after write' }],
  ['after its hook was taken away', { activity: 'finishHooks', when: 'after' }],
];

const lanes = new Lanes<Row, void, StagedApplication>(rows, killAt, (rig) => StagedApplication.create(rig));
beforeAll(() => lanes.start(3));
afterAll(() => lanes.close());

describe('a worker killed', () => {
  it.each(rows)('%s', (...row) => lanes.resultOf(rows.find(([title]) => title === row[0]) as Row));

  it('and every history replays', async () => {
    for (const rig of await lanes.rigs()) expect((await replayAll(rig)).failures).toEqual([]);
  });
});

describe('the order in which all of it is written', () => {
  it.each<[Dialect]>([['sloth-runner.dev'], ['argocd.argoproj.io']])('with the annotations of %s', async (dialect) => {
    const app = await StagedApplication.create(await Rig.open(), dialect);
    const objects = [
      ...new Set(
        app
          .writes(1)
          .filter((w) => w.verb === 'patch')
          .map((w) => w.object),
      ),
    ];
    await app.close();
    expect(inStages(objects)).toEqual(stagedOrder);
  });
});

/** Cut where the stages are expected to end; the order within one does not matter. */
function inStages(objects: readonly string[]): string[][] {
  let from = 0;
  return stagedOrder.map(({ length }) => objects.slice(from, (from += length)).sort());
}

async function killAt(app: StagedApplication, [title, point]: Row): Promise<void> {
  app.rig.arm(point);
  const ticket = await app.change(title);
  await app.rig.fired();
  const record = await app.finish(ticket);
  expect(record).toMatchObject({ status: 'succeeded', hooks: 3 });
  expect(await greetings(app)).toEqual(['early', 'facts', 'k-built', 'late', 'w'].map((name) => `${name}: ${title}`));
  expect(await jobs(app)).toEqual(['chart-hook', 'migrate']);
  const made = app.writes(record.number).filter(({ code, verb }) => verb === 'patch' && code === 201);
  expect(made.map(({ object }) => object).sort()).toEqual(stagedHooks);
}

interface Greeted {
  readonly metadata: { readonly name: string };
  readonly data?: { readonly greeting?: string };
  readonly spec?: { readonly greeting?: string };
}

async function greetings({ namespace, group }: StagedApplication): Promise<string[]> {
  const { items } = await kubectlJson<{ items: Greeted[] }>('get', `configmaps,widgets.${group}`, '-n', namespace);
  const said = items.map(({ metadata: { name }, data, spec }) => [name, (data ?? spec)?.greeting] as const);
  return said.flatMap(([name, greeting]) => (greeting === undefined ? [] : [`${name}: ${greeting}`])).sort();
}

async function jobs({ namespace }: StagedApplication): Promise<string[]> {
  const { items } = await kubectlJson('get', 'jobs', '-n', namespace);
  return items.map((job) => job.metadata.name).sort();
}
