/**
 * Hints that there is something to see, as webhooks give them: one look for many, and the commits that applications
 * hear of are in the order of the repository, whatever order the hints had (F39).
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap } from '../support/manifests.js';

let engine: Engine;
let app: TestApplication;
let repository: string;

beforeAll(async () => {
  engine = await Engine.open();
  const fields = ', auto_sync = true, sync_interval = "never", sync_policy = { health_check = { enabled = false } }';
  app = await engine.declare('hinted', { 'app.yaml': configMap('web', 'turn 0') }, fields);
  repository = (await engine.client.status(app.id)).spec.source.repositoryId;
  await eventually(async () => (await history())[0]);
});

afterAll(() => engine.close());

function history(): Promise<readonly SyncRecord[]> {
  return engine.client.history(app.id);
}

/** Signals of that name in the history of the repository's workflow. */
async function signals(name: string): Promise<number> {
  const { events } = await engine.client.temporal.workflow.getHandle(`repository/${repository}`).fetchHistory();
  return (events ?? []).filter((e) => e.workflowExecutionSignaledEventAttributes?.signalName === name).length;
}

function commit(turn: number): string {
  return app.repository.commit({ 'app.yaml': configMap('web', `turn ${turn}`) });
}

function recordOf(revision: string): Promise<SyncRecord> {
  return eventually(async () => (await history()).find((r) => r.revision === revision));
}

const look = (): Promise<readonly string[]> => engine.client.repositories.lookNow([app.repository.url]);

describe('a hint', () => {
  it('finds a commit that no schedule looks for, and 200 that arrive together are at most two signals', async () => {
    const head = commit(1);
    const before = await signals('look');
    const told = await Promise.all(Array.from({ length: 200 }, look));
    expect(new Set(told.flat())).toEqual(new Set([repository]));
    expect((await signals('look')) - before).toBeLessThanOrEqual(2);
    expect(await recordOf(head)).toMatchObject({ status: 'succeeded', trigger: 'webhook', who: 'webhook' });
  });

  it('finds the repository whatever spelling of its address a forge sends', async () => {
    expect(await engine.client.repositories.lookNow([app.repository.url.replace(/\.git$/, '').toUpperCase()])).toEqual([
      repository,
    ]);
  });

  it('reaches nobody when nobody follows the repository', async () => {
    expect(await engine.client.repositories.lookNow(['https://git.example/nobody/follows'])).toEqual([]);
  });

  it('doubled, late and among 2,000 others gives one sync a commit and never an older one after a newer', async () => {
    const made = [2, 3, 4, 5, 6].map(() => '');
    for (const turn of made.keys()) {
      made[turn] = commit(turn + 2);
      await Promise.all(Array.from({ length: 400 }, look));
    }
    await recordOf(made.at(-1) ?? '');
    await Promise.all(Array.from({ length: 50 }, look));
    const order = (await history()).flatMap(({ revision, status }) =>
      revision !== undefined && made.includes(revision) && status === 'succeeded' ? [made.indexOf(revision)] : [],
    );
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
    expect(order.at(-1)).toBe(4);
  });
});
