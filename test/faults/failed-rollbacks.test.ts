/**
 * Rollbacks that fail (F44), the automatic one and a person's: the record says object by object what is where, and
 * auto-sync stands still until a person has brought the application into a known state. Each row ends with the oracle.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { kubectl } from '../support/cluster.js';
import { refuseWrites, type RefusedWrites } from '../support/admission.js';
import { eventually } from '../support/eventually.js';
import { ApplicationUnderTest, type Wanted } from './application-under-test.js';
import { Lanes } from './lanes.js';
import { expectReplays, expectSound } from './oracle.js';
import { standingOf } from './reports.js';

interface Row {
  readonly title: string;
  /** What the API server refuses from then on. */
  readonly refused: Omit<RefusedWrites, 'namespace'>;
  /** A commit that is broken, which the engine takes back by itself, or one that a person takes back. */
  readonly by: 'itself' | 'a person';
  readonly says: RegExp;
  /** The cluster's controllers ask for pods in vain, ever more rarely. */
  readonly starved?: true;
  /** Nothing was written: a failure like any other. */
  readonly untouched?: true;
}

const oldImage = 'object.spec.template.spec.containers[0].image.endsWith(":1.0.0")';
const noWayBack = { refuse: `request.kind.kind == "Deployment" && ${oldImage}`, message: 'no way back' };
const noPods = { refuse: 'request.kind.kind == "Pod"', message: 'no more pods' };

const rows: readonly Row[] = [
  {
    title: 'by itself, one write of it is refused',
    by: 'itself',
    refused: noWayBack,
    says: /Rolling back to sync-\d+ failed as well: .*no way back.*Restored: 6 objects; not restored: Deployment .*\/web/s,
  },
  {
    title: 'by hand, one write of it is refused',
    by: 'a person',
    refused: noWayBack,
    says: /^Rolling back to sync-\d+ failed: .*no way back.*Restored: 6 objects; not restored: Deployment .*\/web$/s,
  },
  {
    title: 'by hand, its dry run is refused',
    by: 'a person',
    refused: { ...noWayBack, dryRunToo: true },
    says: /^Not rolled back to sync-\d+, nothing was written: .*no way back/s,
    untouched: true,
  },
  {
    title: 'by hand, what is back is not healthy',
    by: 'a person',
    refused: noPods,
    says: /^The set of sync-\d+ is back as a whole, but: Health check failed: Deployment .*\/web is /,
    starved: true,
  },
];

const options = { auto: true, healthTimeout: '10s' } as const;
const lanes = new Lanes<Row, void>(rows, failToReturn, (rig) => ApplicationUnderTest.create(rig, options));
beforeAll(() => lanes.start(2));
afterAll(() => lanes.close());

describe('a rollback fails:', () => {
  it.each(rows)('$title', (row) => lanes.resultOf(row));

  it('and every history replays', async () => {
    for (const rig of await lanes.rigs()) await expectReplays(rig);
  });
});

async function failToReturn(app: ApplicationUnderTest, row: Row): Promise<void> {
  const good = await settled(app, { greeting: row.title, image: '1.0.0' });
  const before = app.wanted;
  const { record, lift } = await (row.by === 'itself' ? brokenChange(app, row) : refusedReturn(app, row));
  expect(record.message).toMatch(row.says);
  const { frozen, lastSync } = await app.rig.client.status(app.id);
  if (row.untouched) {
    expect(record).toMatchObject({ status: 'failed', metrics: { applied: 0, deleted: 0 } });
    expect(frozen).toBeUndefined();
    await expectSound(app, record.number);
    return lift();
  }
  expect(lastSync).toMatchObject({ status: 'rollback_failed', errorCode: 'RollbackFailed', restored: good.id });
  const to = { wanted: before, revision: good.revision ?? '' };
  await expectSound(app, record.number, await standingOf(app, record, app.wanted, to));
  await failsBeforeItWrites(app);
  expect((await app.rig.client.status(app.id)).frozen).toEqual({ sync: record.number, reason: record.message });
  const mended = await commitWhileFrozen(app, `${row.title}, mended`);
  await lift();
  if (row.starved) await podsAreBack(app);
  const ticket = await app.rig.client.rollback(app.id, 'again', { to: 'sync', sync: good.id });
  expect(await app.rig.client.wait(ticket, 60_000)).toMatchObject({ status: 'succeeded', restored: good.id });
  await takenUp(app, mended);
  await expectSound(app, record.number);
}

/** A commit that a person syncs. */
async function settled(app: ApplicationUnderTest, wanted: Partial<Wanted>): Promise<SyncRecord> {
  const record = await app.finish(await app.change(wanted));
  expect(record).toMatchObject({ status: 'succeeded' });
  return record;
}

interface Failed {
  readonly record: SyncRecord;
  readonly lift: () => Promise<void>;
}

async function brokenChange(app: ApplicationUnderTest, { refused }: Row): Promise<Failed> {
  const lift = await refuseWrites({ namespace: app.namespace, ...refused });
  return { record: await app.finish(await app.change({ greeting: 'broken', image: 'broken' })), lift };
}

async function refusedReturn(app: ApplicationUnderTest, { refused }: Row): Promise<Failed> {
  await settled(app, { greeting: 'regretted', image: '1.0.1' });
  const lift = await refuseWrites({ namespace: app.namespace, ...refused });
  const ticket = await app.rig.client.rollback(app.id, 'regretted');
  return { record: await app.rig.client.wait(ticket, 60_000), lift };
}

/** A person's sync that comes to nothing changes nothing about it. */
async function failsBeforeItWrites(app: ApplicationUnderTest): Promise<void> {
  const ticket = await app.askForSync({ revision: 'no-such-branch' });
  expect(await app.finish(ticket)).toMatchObject({ status: 'failed', freezes: true });
}

/** The ReplicaSet controller doubles its pauses: after half a minute in vain, the next try may be as far away. */
async function podsAreBack({ namespace }: ApplicationUnderTest): Promise<void> {
  await kubectl('rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=110s');
}

/** The sweep of its repository sees it, and nothing comes of it. */
async function commitWhileFrozen(app: ApplicationUnderTest, greeting: string): Promise<string> {
  app.commit({ greeting, image: '1.0.2' });
  const revision = app.repository.commit({});
  await app.rig.client.temporal.workflow.getHandle(`gitops/${app.id}`).signal('revisionObserved', { revision });
  expect((await app.rig.client.status(app.id)).status).toBe('failed');
  return revision;
}

async function takenUp(app: ApplicationUnderTest, revision: string): Promise<void> {
  await eventually(async () => {
    const { status, ...now } = await app.rig.client.status(app.id);
    return now.revision === revision && status === 'synced' && now.frozen === undefined ? true : undefined;
  });
  app.accept();
}
