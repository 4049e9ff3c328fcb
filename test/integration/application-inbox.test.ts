/**
 * What an application makes of requests that come at the wrong moment.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Engine } from '../support/engine.js';
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
    await client.temporal.workflow.getHandle(`gitops/${app.id}`).signal('revisionObserved', { revision: commit });
    await client.workflows.cancel(running.workflowId);
    expect(await client.wait(rollback)).toMatchObject({ status: 'succeeded', restored: 'sync-1' });
    const after = await eventually(
      async () => (await client.history(app.id)).find((r) => r.revision === commit),
      60_000,
    );
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
