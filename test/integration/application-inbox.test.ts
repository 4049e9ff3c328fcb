/**
 * What an application makes of requests that come at the wrong moment.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap, service } from '../support/manifests.js';

let engine: Engine;
beforeAll(async () => void (engine = await Engine.open()));
afterAll(() => engine.close());

const fine = { 'app.yaml': service('web') };
/** No node has that label: its rollout neither ends nor fails. */
const endless = {
  'app.yaml': service('web').replace(
    'spec:\n      containers',
    'spec:\n      nodeSelector: { no: node }\n      containers',
  ),
};

/** As the repository's workflow says it. */
async function observe(app: TestApplication, revision: string): Promise<void> {
  await engine.client.temporal.workflow.getHandle(`gitops/${app.id}`).signal('revisionObserved', { revision });
}

describe('a request of a person that waits', () => {
  it('is not replaced by a commit that is seen meanwhile; the commit comes after it', async () => {
    const { client } = engine;
    const app = await engine.declare('patient', fine, ', auto_sync = true, sync_interval = "never"');
    await eventually(async () => (await client.history(app.id)).find((r) => r.status === 'succeeded'));
    app.repository.commit({ 'app.yaml': service('web', { greeting: 'second' }) });
    await engine.sync(app);
    app.repository.commit(endless);
    const running = await client.sync(app.id);
    await engine.untilPhase(running, 'wait until');
    const rollback = await client.rollback(app.id, 'by hand', { to: 'sync', sync: 'sync-1' });
    const commit = app.repository.commit({ 'app.yaml': service('web', { greeting: 'third' }) });
    await observe(app, commit);
    await client.workflows.cancel(running.workflowId);
    expect(await client.wait(rollback)).toMatchObject({ status: 'succeeded', restored: 'sync-1' });
    const after = await eventually(async () => (await client.history(app.id)).find((r) => r.revision === commit));
    expect(after).toMatchObject({ status: 'succeeded', trigger: 'auto' });
  });

  it('is joined by an equal one and replaced by another', async () => {
    const { client } = engine;
    const app = await engine.declare('busy', endless);
    const running = await client.sync(app.id);
    await engine.untilPhase(running, 'wait until');
    const first = await client.sync(app.id, { prune: true });
    const same = await client.sync(app.id, { prune: true });
    const other = await client.sync(app.id, { dryRun: true });
    expect([same.sync, first.queued, other.queued]).toEqual([first.sync, true, true]);
    expect(await client.wait(first)).toMatchObject({ status: 'superseded' });
    await client.workflows.cancel(running.workflowId);
    expect(await client.wait(other)).toMatchObject({
      status: 'succeeded',
      message: expect.stringContaining('Dry run'),
    });
  });
});

describe('a commit that auto-sync sees while a person syncs it', () => {
  it('is not tried a second time after it was rolled back', async () => {
    const { client } = engine;
    const fields = `, auto_sync = true, sync_interval = "never", rollback_on_failure = true,
      sync_policy = { health_check = { timeout = "8s" } }`;
    const app = await engine.declare('once', fine, fields);
    await eventually(async () => (await client.history(app.id)).find((r) => r.status === 'succeeded'));
    const revision = app.repository.commit(endless);
    const running = await client.sync(app.id);
    await engine.untilPhase(running, 'wait until');
    await observe(app, revision);
    expect(await client.wait(running)).toMatchObject({ status: 'rolled_back', revision });
    const skipped = await eventually(async () => (await client.history(app.id)).find((r) => r.trigger === 'auto'));
    expect(skipped).toMatchObject({ status: 'superseded', message: 'The sync before it dealt with this commit' });
    expect(await client.status(app.id)).toMatchObject({ rejected: { revision }, lastSync: { id: running.sync } });
  });
});

describe('a suspended application', () => {
  it('takes up what it has missed when it is resumed', async () => {
    const { client } = engine;
    const app = await engine.declare('dormant', fine, ', auto_sync = true, sync_interval = "never"');
    await eventually(async () => (await client.history(app.id)).find((r) => r.status === 'succeeded'));
    await client.suspend(app.id, 'test', 'night');
    const revision = app.repository.commit({ 'app.yaml': service('web', { greeting: 'morning' }) });
    await observe(app, revision);
    expect(await client.status(app.id)).toMatchObject({ status: 'suspended', lastSync: { id: 'sync-1' } });
    await client.resume(app.id, 'test');
    const missed = await eventually(async () => (await client.history(app.id)).find((r) => r.revision === revision));
    expect(missed).toMatchObject({ status: 'succeeded', trigger: 'auto' });
  });
});

describe('the workflow of an application', () => {
  it('cannot be cancelled away, neither with our command nor with Temporal', async () => {
    const { client } = engine;
    const app = await engine.declare('lasting', fine);
    const id = `gitops/${app.id}`;
    await expect(client.workflows.cancel(id)).rejects.toMatchObject({ code: 'InvalidInput' });
    await client.temporal.workflow.getHandle(id).cancel();
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded' });
  });
});

describe('a sync of some objects', () => {
  it('fails when none has that name, and looks at the health of these alone', async () => {
    const { client } = engine;
    const files = { ...endless, 'greeting.yaml': configMap('greeting') };
    const app = await engine.declare('some', files, ', sync_policy = { health_check = { timeout = "8s" } }');
    expect(await engine.sync(app, { resources: [':ConfigMap:greetings'] })).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('no object of the set is :ConfigMap:greetings'),
    });
    expect(await engine.sync(app, { resources: [':ConfigMap:greeting'] })).toMatchObject({
      status: 'succeeded',
      healthChecks: { healthy: 1, total: 1 },
    });
    expect((await client.status(app.id)).health).toBe('Healthy');
  });
});

describe('an application that was deleted and declared again', () => {
  it('goes on counting: the number of a sync stays its own', async () => {
    const { client } = engine;
    const app = await engine.declare('reborn', fine);
    await engine.sync(app);
    const { spec } = await client.status(app.id);
    const deletion = await client.delete(app.id);
    expect(deletion).toMatchObject({ sync: 'sync-2' });
    if (deletion !== null) await client.wait(deletion);
    await eventually(async () => ((await client.workflows.describe(`gitops/${app.id}`)).closedAt ? true : undefined));
    expect(await client.declare(spec)).toMatchObject({ created: true });
    expect(await client.declare(spec)).toMatchObject({ created: true }); // no sync was asked for yet
    expect(await engine.sync(app)).toMatchObject({ id: 'sync-3', status: 'succeeded' });
    expect(await client.declare(spec)).toMatchObject({ created: false });
    expect((await client.history(app.id)).map((r) => r.id)).toEqual(['sync-3']);
  });
});

describe('an application that is being deleted', () => {
  it('takes no requests and no declaration until it is gone', async () => {
    const { client } = engine;
    const held = configMap('held').replace('{ name: held }', '{ name: held, finalizers: [test.example/hold] }');
    const app = await engine.declare(
      'leaving',
      { 'held.yaml': held },
      ', sync_policy = { health_check = { timeout = "8s" } }',
    );
    await engine.sync(app);
    const { spec } = await client.status(app.id);
    const ticket = await client.delete(app.id);
    const refused = { code: 'ApplicationDeleted' };
    await expect(client.sync(app.id)).rejects.toMatchObject(refused);
    await expect(client.declare(spec)).rejects.toMatchObject(refused);
    if (ticket !== null) expect(await client.wait(ticket)).toMatchObject({ status: 'prune_waiting' });
    expect(await client.sync(app.id)).toMatchObject({ sync: 'sync-3' });
  });
});
