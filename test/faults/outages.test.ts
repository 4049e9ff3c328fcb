/**
 * Servers killed with SIGKILL in the middle of an apply, and lines that break. What was begun is finished when they are
 * back.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationUnderTest } from './application-under-test.js';
import { engineWritesOf, isInventory } from './audit-witness.js';
import { timeline } from './histories.js';
import { expectReplays, expectSound } from './oracle.js';
import { OwnControlPlane } from './own-control-plane.js';
import { Rig } from './rig.js';

let cluster: OwnControlPlane;
let rig: Rig;
let app: ApplicationUnderTest;

beforeAll(async () => {
  cluster = await OwnControlPlane.start();
  rig = await Rig.open();
  app = await ApplicationUnderTest.create(rig);
});

afterAll(async () => {
  await app.close();
  await cluster.stop();
});

/** Each resolves when the cause is gone. */
const outages: [string, () => Promise<void>][] = [
  ['Temporal', () => rig.restartTemporal(1000)],
  ['the API server', () => cluster.outage(['kube-apiserver'], 1000)],
  ['etcd', () => cluster.outage(['etcd'], 1000)],
  ['etcd and the API server', () => cluster.outage(['etcd', 'kube-apiserver'], 1000)],
];

const brokenLines: [string, () => Promise<void>][] = [
  ['to the API server is a black hole for 3 s', () => during(3000, () => rig.toCluster.set('blackHole'))],
  ['to the API server is cut for 3 s', () => during(3000, () => rig.toCluster.set('refuse'))],
  ['to the API server is slow', () => during(3000, () => rig.toCluster.set('slow', 300))],
  ['to Temporal is cut for 8 s', () => during(8000, () => rig.toTemporal.set('refuse'))],
  ['to Temporal is a black hole for 8 s', () => during(8000, () => rig.toTemporal.set('blackHole'))],
];

describe('in the middle of apply, SIGKILL of', () => {
  it.each(outages)('%s, and back', (title, outage) => throughApply(title, outage));
});

describe('in the middle of apply, the line', () => {
  it.each(brokenLines)('%s', (title, outage) => throughApply(title, outage));

  it('loses an answer: the object is applied again, and counted once', async () => {
    const before = engineWritesOf(app).length;
    const record = await throughApply('a lost answer', loseAnswers);
    const writes = engineWritesOf(app).slice(before);
    const objects = writes.filter((write) => write.done && !isInventory(write)).map(({ object }) => object);
    expect(objects.length).toBeGreaterThan(new Set(objects).size);
    expect(record.metrics.applied).toBe(new Set(objects).size);
  });
});

it('every history replays', () => expectReplays(rig));

/** The worker is held before its third write; the rest happens in the outage. */
async function throughApply(title: string, outage: () => Promise<void>) {
  rig.arm({ activity: 'apply', when: 'before write', nth: 3, action: 'hold' });
  const ticket = await app.change({ greeting: title });
  await rig.fired();
  const over = outage();
  rig.release();
  await over;
  const goneAt = Date.now();
  const record = await app.finish(ticket);
  const recoveredMs = Date.now() - goneAt;
  process.stderr.write(`${title}: ${record.status} ${recoveredMs} ms after it was over: ${record.message}\n`);
  if (recoveredMs > 15_000) throw new Error(`${recoveredMs} ms\n${await timeline(app, record.number)}`);
  expect(record).toMatchObject({ status: 'succeeded' });
  await expectSound(app, record.number);
  return record;
}

async function during(ms: number, breakIt: () => void): Promise<void> {
  breakIt();
  await delay(ms);
  for (const line of [rig.toCluster, rig.toTemporal]) line.set('pass');
}

/** Requests arrive and are carried out; then the connections break, without an answer. */
async function loseAnswers(): Promise<void> {
  rig.toCluster.set('deaf');
  await delay(1000);
  rig.toCluster.set('pass');
  rig.toCluster.cut();
}
