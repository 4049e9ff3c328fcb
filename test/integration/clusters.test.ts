/**
 * Several clusters on one engine: each its own queue, and one that does not answer delays no other.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { configMap } from '../support/manifests.js';
import { testCluster } from '../support/cluster.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { openHome } from '../support/home.js';
import { TcpProxy } from '../faults/tcp-proxy.js';

let engine: Engine;
let toNear: TcpProxy;
let toFar: TcpProxy;
let near: TestApplication;
let far: TestApplication;

beforeAll(async () => {
  const port = Number(new URL((await testCluster()).serverUrl).port);
  [toNear, toFar] = await Promise.all([TcpProxy.start(port), TcpProxy.start(port)]);
  const config = { drift_interval: '6h' };
  engine = await Engine.open({ config, clusters: { near: toNear.port, far: toFar.port } });
  near = await engine.declare('near', { 'a.yaml': configMap('a', 'one') }, ', cluster = "near"');
  far = await engine.declare('far', { 'a.yaml': configMap('a', 'one') }, ', cluster = "far"');
  for (const app of [near, far]) expect(await engine.sync(app)).toMatchObject({ status: 'succeeded' });
});

afterAll(async () => {
  await engine.close();
  await Promise.all([toNear, toFar].map((line) => line.stop()));
});

/** More than a worker takes at a time, of workflow tasks as of steps. */
const crowd = 60;

describe('a cluster that does not answer', () => {
  it('delays no sync and no drift sweep of another, and its own go on when it is back', async () => {
    toFar.set('blackHole');
    const waiting = Array.from({ length: crowd }, () => engine.client.health('far'));
    const sweep = engine.client.lookForDrift('far');
    await eventually(async () => ((await openHealths()) >= crowd / 2 ? true : undefined));
    near.repository.commit({ 'a.yaml': configMap('a', 'two') });
    const started = performance.now();
    expect(await engine.sync(near)).toMatchObject({ status: 'succeeded' });
    expect(await engine.client.lookForDrift('near')).toMatchObject({ unknown: [], drifted: [] });
    expect(performance.now() - started).toBeLessThan(12_000); // a request to the other is given up after 30 s
    toFar.set('pass');
    await Promise.all([...waiting, sweep]);
    expect(await engine.sync(far)).toMatchObject({ status: 'succeeded' });
  });
});

async function openHealths(): Promise<number> {
  const { workflow } = engine.client.temporal;
  return (await workflow.count('WorkflowType="liveHealth" AND ExecutionStatus="Running"')).count;
}

describe('server', () => {
  it.each([
    [['--role', 'engnie'], /'engnie' is not a role/],
    [['--cluster', 'nera'], /the configuration has no cluster 'nera'/],
    [['--role', 'engine', '--cluster', 'near'], /--cluster says which clusters the role cluster works on/],
  ])('%j is refused', async (flags, message) => {
    const { address } = await engine.home.json<{ address: string }>('server', 'status');
    const home = await openHome({ clusters: { near: toNear.port }, env: { TEMPORAL_ADDRESS: address } });
    const { code, stderr } = await home.cli('server', ...flags);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
    await home.close();
  });
});
