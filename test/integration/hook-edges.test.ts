/**
 * Hooks and waves at odd moments: held back, cancelled, beside objects whose health does not count, named by the sync.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refuseWrites } from '../support/admission.js';
import { kubectl, kubectlJson } from '../support/cluster.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap, service } from '../support/manifests.js';

let engine: Engine;
beforeAll(async () => void (engine = await Engine.open()));
afterAll(() => engine.close());

const job = (metadata: string, spec = '', annotations = ''): string => `apiVersion: batch/v1
kind: Job
metadata: { ${metadata}, annotations: { argocd.argoproj.io/hook: PreSync${annotations} } }
spec:
  backoffLimit: 0${spec}
  template: { spec: { restartPolicy: Never, containers: [{ name: work, image: "registry.example/job:1" }] } }
`;

/** As Kueue holds a Job back until there is room for it. */
const held = job('name: held', '\n  suspend: true\n  ttlSecondsAfterFinished: 0');

async function jobsOf({ namespace }: TestApplication): Promise<string[]> {
  const { items } = await kubectlJson('get', 'jobs', '-n', namespace);
  return items.map((item) => item.metadata.name).sort();
}

describe('a hook that is held back', () => {
  it('is waited for until somebody lets it run', async () => {
    const app = await engine.declare('queued', { 'app.yaml': configMap('web'), 'hook.yaml': held });
    const running = await engine.client.sync(app.id);
    await eventually(async () => ((await jobsOf(app)).includes('held') ? true : undefined));
    await engine.untilPhase(running, 'wait for PreSync');
    await kubectl('patch', 'job', 'held', '-n', app.namespace, '--type=merge', '-p', '{"spec":{"suspend":false}}');
    expect(await engine.client.wait(running)).toMatchObject({ status: 'succeeded' });
  });

  it('holds up no deletion of its application when its sync was cancelled', async () => {
    const app = await engine.declare('left-behind', { 'app.yaml': configMap('web'), 'hook.yaml': held });
    const running = await engine.client.sync(app.id);
    await engine.untilPhase(running, 'wait for PreSync');
    await engine.client.workflows.cancel(running.workflowId);
    expect(await engine.client.wait(running)).toMatchObject({ status: 'cancelled' });
    expect(await jobsOf(app)).toEqual(['held']);
    const deletion = await engine.client.delete(app.id, { prune: true });
    expect(deletion && (await engine.client.wait(deletion))).toMatchObject({ status: 'succeeded' });
    expect(await jobsOf(app)).toEqual([]);
  });
});

describe('an object whose health does not count', () => {
  it('holds up no wave when it stays as it is', async () => {
    const broken = service('web', { image: 'registry.example/web:broken' }).replace(
      'kind: Deployment\nmetadata: { name: web }',
      'kind: Deployment\nmetadata: { name: web, annotations: { argocd.argoproj.io/ignore-healthcheck: "true" } }',
    );
    const late = configMap('late').replace(
      'name: late',
      'name: late, annotations: { argocd.argoproj.io/sync-wave: "1" }',
    );
    const app = await engine.declare('lame', { 'app.yaml': broken, 'late.yaml': late });
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded', health: 'Healthy' });
    app.repository.commit({ 'app.yaml': broken, 'late.yaml': late.replace('hello', 'changed') });
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded', changes: { updated: 1 } });
  });
});

describe('hooks that the sync names', () => {
  const files = {
    'app.yaml': configMap('web'),
    'before.yaml': job('generateName: step-'),
    'after.yaml': job('generateName: step-').replace('hook: PreSync', 'hook: PostSync'),
  };

  it('may share a prefix; a run makes room for the next one, which is no change of the set', async () => {
    const app = await engine.declare('unnamed', files, ', sync_policy = { auto_prune = true }');
    const first = await engine.sync(app);
    expect(first).toMatchObject({ status: 'succeeded', hooks: 2 });
    const runs = ({ revision = '', number }: typeof first): string[] =>
      ['postsync', 'presync'].map((phase) => `step-${revision.slice(0, 7)}-${phase}-${number}`);
    expect(await jobsOf(app)).toEqual(runs(first));
    expect((await engine.home.cli('app', 'diff', app.name)).code).toBe(0);
    const second = await engine.sync(app);
    expect(second).toMatchObject({ status: 'succeeded' });
    expect(await jobsOf(app)).toEqual(runs(second));
  });

  it('stay when a rollback by hand has run them', async () => {
    const app = await engine.declare('unnamed-back', files, ', sync_policy = { auto_prune = true }');
    await engine.sync(app);
    app.repository.commit({ ...files, 'app.yaml': configMap('web', 'changed') });
    await engine.sync(app);
    const back = await engine.client.wait(await engine.client.rollback(app.id, 'by hand'));
    expect(back).toMatchObject({ status: 'succeeded', restored: 'sync-1' });
    expect((await jobsOf(app)).filter((name) => name.endsWith(`-${back.number}`))).toHaveLength(2);
  });
});

describe('a rollback by hand whose PreSync hook fails', () => {
  it('has written none of its objects, says so, and freezes auto-sync', async () => {
    const fields = ', sync_policy = { health_check = { timeout = "8s" } }';
    const app = await engine.declare(
      'hook-back',
      { 'app.yaml': configMap('web'), 'hook.yaml': job('name: before') },
      fields,
    );
    await engine.sync(app);
    app.repository.commit({ 'app.yaml': configMap('web', 'changed') });
    await engine.sync(app);
    const refuse = 'request.kind.kind == "Pod"';
    const lift = await refuseWrites({ namespace: app.namespace, refuse, message: 'no room' });
    const record = await engine.client.wait(await engine.client.rollback(app.id, 'by hand'));
    await lift();
    expect(record).toMatchObject({
      status: 'rollback_failed',
      message: expect.stringMatching(
        /^Rolling back to sync-1 failed before the first of its objects was written: PreSync hook Job .*\/before /,
      ),
    });
    expect((await engine.client.status(app.id)).frozen).toMatchObject({ sync: record.number });
    const { data } = await kubectlJson<{ data: unknown }>('get', 'configmap', 'web', '-n', app.namespace);
    expect(data).toEqual({ greeting: 'changed' });
  });
});
