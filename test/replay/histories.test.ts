/**
 * Brings each type of workflow into each of its ends, on real servers, and replays what it left: a workflow that reads
 * anything but its history fails here, before anybody has to wait for a restart. `RECORD_HISTORIES=1` also adds to the
 * stored ones what is not among them yet.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { testCluster } from '../support/cluster.js';
import { Engine } from '../support/engine.js';
import { temporalJson } from '../support/temporal-cli.js';
import { replay } from './replay.js';
import { scenarios, type Scenario } from './scenarios.js';
import { store } from './stored-histories.js';

let engine: Engine;
let slow: TcpProxy;
const driven = new Map<string, Promise<string>>();
/** Scenarios under way at a time; most of them only wait. */
const atATime = pLimit(6);

beforeAll(async () => {
  slow = await TcpProxy.start(Number(new URL((await testCluster()).serverUrl).port));
  slow.set('slow', 400);
  // Port 9 of loopback is nobody's: connections are refused.
  engine = await Engine.open({ clusters: { dead: 9, slow: slow.port } });
  for (const { name, drive } of scenarios) {
    const id = atATime(() => drive(engine, name.slice(0, 40)));
    id.catch(() => undefined);
    driven.set(name, id);
  }
});

afterAll(async () => {
  await engine.close();
  await slow.stop();
});

/** Leaves the history of a scenario in a file. */
async function historyOf({ name, ends }: Scenario): Promise<string> {
  const workflowId = (await driven.get(name)) ?? '';
  if (ends !== undefined) {
    const record: unknown = await engine.client.temporal.workflow.getHandle(workflowId).result();
    expect([name, record]).toEqual([name, expect.objectContaining({ status: ends })]);
  }
  const history = await temporalJson(engine.home, 'workflow', 'show', '--workflow-id', workflowId);
  if (process.env['RECORD_HISTORIES']) store(name, history);
  return engine.home.file(`histories/${name}.json`, JSON.stringify(history));
}

describe('workflows', () => {
  const files: string[] = [];

  it.each(scenarios)('come to the end of $name', async (scenario) => {
    files.push(await historyOf(scenario));
  });

  it('replay, whatever their end', async () => {
    const outcomes = await replay(files);
    expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries(scenarios.map(({ name }) => [name, null])));
  });
});
