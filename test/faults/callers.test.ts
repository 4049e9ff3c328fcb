/**
 * Many who want something of one application at the same time, and two applications that want the same objects (F40):
 * nobody is told that another operation is in progress, and nothing is written twice or by two. Ends with the oracle.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicationSpec } from '../../src/client/application-spec.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { SyncTicket } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import { runCommand } from '../support/home.js';
import { ApplicationUnderTest, type Wanted } from './application-under-test.js';
import { engineWritesOf } from './audit-witness.js';
import { expectReplays, expectSound } from './oracle.js';
import { Rig } from './rig.js';

const callers = 50;

let rig: Rig;
let app: ApplicationUnderTest;
/** What each commit makes of it. */
const known = new Map<string | undefined, Wanted>();

beforeAll(async () => {
  rig = await Rig.open();
  app = await ApplicationUnderTest.create(rig);
  await note();
});

afterAll(() => app.close());

async function note(): Promise<void> {
  known.set((await rig.client.status(app.id)).revision, app.accepted);
}

const times = <T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => act(n)));

/** The records of what they asked for, each once, by number. */
async function endsOf(tickets: readonly SyncTicket[]): Promise<SyncRecord[]> {
  const asked = new Map(tickets.map((ticket) => [ticket.sync, ticket]));
  const records = await Promise.all([...asked.values()].map((ticket) => rig.client.wait(ticket, 60_000)));
  return records.sort((a, b) => a.number - b.number);
}

/** `app sync`, as a user types it, against the rig's Temporal. */
function typed(): Promise<{ code: number; stderr: string }> {
  const { folder, temporal } = rig;
  const env = { PATH: process.env['PATH'], SLOTH_HOME: folder, TEMPORAL_ADDRESS: temporal.address, HOME: folder };
  return runCommand(['app', 'sync', app.id], env, folder);
}

/** How often anybody has asked the application for anything. */
async function updates(): Promise<number> {
  const { events } = await rig.client.temporal.workflow.getHandle(`gitops/${app.id}`).fetchHistory();
  return (events ?? []).filter((e) => e.workflowExecutionUpdateAcceptedEventAttributes).length;
}

/** A sync runs, and does not get on before all of them have asked for something. */
async function whileOneRuns<T>(greeting: string, ask: () => Promise<T>[]): Promise<[SyncTicket, T[]]> {
  rig.toCluster.set('blackHole');
  const first = await app.change({ greeting });
  await eventually(async () => ((await rig.client.status(app.id)).status === 'syncing' ? true : undefined));
  const before = await updates();
  const asked = ask();
  await eventually(async () => ((await updates()) === before + callers ? true : undefined));
  rig.toCluster.set('pass');
  return [first, await Promise.all(asked)];
}

describe('50 callers of one application, while a sync of it runs', () => {
  it('become one sync that waits for its turn, and each hears of its end', async () => {
    const before = (await rig.client.history(app.id)).length;
    const tickets: SyncTicket[] = [];
    const [first, exits] = await whileOneRuns('50 callers', () => [
      ...Array.from({ length: 2 }, () => typed().then(({ code, stderr }) => ({ code, stderr }))),
      ...Array.from({ length: callers - 2 }, async (_, n) => {
        tickets.push(await rig.client.sync(app.id, { who: `caller ${n}` }));
        return { code: 0, stderr: '' };
      }),
    ]);
    expect(exits).toEqual(exits.map(() => ({ code: 0, stderr: expect.any(String) })));
    const records = await endsOf([first, ...tickets]);
    expect(records).toMatchObject([
      { number: before + 1, status: 'succeeded' },
      { number: before + 2, status: 'succeeded', metrics: { applied: 0 } },
    ]);
    expect(await rig.client.history(app.id)).toHaveLength(before + 2);
    app.accept();
    await note();
    await expectSound(app, before + 1);
  });

  it('who want to sync and to roll back in turn are all answered, and the last word stands', async () => {
    const before = (await rig.client.history(app.id)).length;
    const { client } = rig;
    const [first, tickets] = await whileOneRuns('in turn', () =>
      Array.from({ length: callers }, (_, n) =>
        n % 2 === 0 ? client.sync(app.id, { who: `caller ${n}` }) : client.rollback(app.id, `caller ${n}`),
      ),
    );
    const records = await endsOf([first, ...tickets]);
    expect(records.map(({ number }) => number)).toEqual(records.map((_, i) => before + 1 + i));
    const [ran, ...others] = records;
    const last = others.pop();
    expect([ran?.status, last?.status]).toEqual(['succeeded', 'succeeded']);
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 'superseded'));
    known.set(ran?.revision, app.wanted);
    const { revision } = await client.status(app.id);
    expect(revision).toBe(last?.revision);
    app.wanted = known.get(revision) ?? app.wanted;
    app.accept();
    await expectSound(app, before + 1);
  });
});

describe('two applications that want the same objects', () => {
  it('the second is refused, however often both are asked at once, and writes nothing', async () => {
    const place = { name: `${app.id}-rival`, path: 'app', namespace: app.namespace };
    const { app: rival } = await rig.client.declare(
      applicationSpec(place, { url: app.repository.url }, new Date().toISOString()),
    );
    app.commit({ greeting: 'mine' });
    const before = engineWritesOf(app).length;
    const [own, others] = await Promise.all([
      times(5, () => rig.client.sync(app.id)).then(endsOf),
      times(5, (n) => rig.client.sync(rival, { who: `rival ${n}` })).then(endsOf),
    ]);
    expect(new Set(own.map(({ status }) => status))).toEqual(new Set(['succeeded']));
    for (const record of others) {
      expect(record).toMatchObject({ status: 'failed', metrics: { applied: 0 } });
      expect(record.message).toContain(`belongs to application ${app.id}`);
    }
    expect(engineWritesOf(app).length).toBeGreaterThan(before);
    app.accept();
    await expectSound(app, own[0]?.number ?? 0);
  });
});

it('every history replays', () => expectReplays(rig));
