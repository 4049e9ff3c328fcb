/**
 * F50: Temporal stands still while a Schedule of two seconds would have ticked several times. Afterwards one sweep makes
 * up for all of them, and the commit of that time is applied once. `TICKS=36` misses as many as `make test-long` does.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap } from '../support/manifests.js';
import { addressOf } from '../support/temporal-cli.js';

const ticks = Number(process.env['TICKS'] ?? 4);
const intervalMs = 2000;
const fields = ', auto_sync = true, sync_interval = "2s", sync_policy = { health_check = { enabled = false } }';

let engine: Engine;
let app: TestApplication;

beforeAll(async () => {
  engine = await Engine.open();
  app = await engine.declare('missed', { 'app.yaml': configMap('web') }, fields);
});

afterAll(() => engine.close());

interface Tick {
  /** When it should have been, and when it was, in ms. */
  readonly due: number;
  readonly begun: number;
}

/** Every sweep so far; the server may have another address than before. */
async function sweeps(): Promise<Tick[]> {
  const connection = await Connection.connect({ address: addressOf(engine.home) });
  try {
    const found: Tick[] = [];
    for await (const sweep of new Client({ connection }).workflow.list({ query: 'WorkflowType = "sweep"' })) {
      const [due] = (sweep.searchAttributes['TemporalScheduledStartTime'] ?? []) as unknown as Date[];
      found.push({ due: Number(due), begun: Number(sweep.startTime) });
    }
    return found;
  } finally {
    await connection.close();
  }
}

function history(): Promise<SyncRecord[]> {
  return engine.home.json<{ items: SyncRecord[] }>('app', 'history', 'missed').then(({ items }) => items);
}

describe('a Schedule that could not tick', () => {
  it(
    'is made up for with one look',
    async () => {
      await eventually(async () => (await history())[0], 60_000);
      await eventually(async () => ((await sweeps()).length > 0 ? true : undefined), 30_000);
      await engine.home.ok('server', 'stop');
      const commit = app.repository.commit({ 'app.yaml': configMap('web', 'meanwhile') });
      await delay(ticks * intervalMs);
      const until = Date.now();
      await engine.home.ok('app', 'list'); // starts the server
      await eventually(async () => (await history()).find((r) => r.revision === commit), 60_000);
      await eventually(
        async () => ((await sweeps()).some(({ due }) => due > until + intervalMs) ? true : undefined),
        60_000,
      );
      expect((await sweeps()).filter(({ due, begun }) => due <= until && begun > until)).toHaveLength(1);
      expect((await history()).filter((r) => r.revision === commit)).toHaveLength(1);
    },
    180_000 + ticks * intervalMs,
  );
});
