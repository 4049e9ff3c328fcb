import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Plan } from '../../../src/domain/plan.js';
import { getJson } from '../../../src/adapters/artifacts/artifact-store.js';
import { inventoryReference, parseInventory } from '../../../src/domain/inventory.js';
import { Application, Harness } from './activity-harness.js';
import { configMap, custom, definition, deployment, namespaceObject, secret, service } from './objects.js';

let harness: Harness;
beforeAll(async () => void (harness = await Harness.start()));
afterAll(() => harness?.stop());

const mutating = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** What changed something: neither dry runs nor what the server refused. */
function writes(requests: readonly { verb: string; uri: string; code: number }[]): string[] {
  return requests
    .filter(({ verb, uri, code }) => mutating.has(verb) && !uri.includes('dryRun=All') && code < 400)
    .map((r) => `${r.verb} ${r.uri}`);
}

async function inventoryOf(app: Application, namespace = app.namespace) {
  const object = await harness.cluster.get(inventoryReference(app.id, namespace));
  return object && parseInventory(app.id, object);
}

describe('a first sync', () => {
  it('creates every object and enters it into the inventory', async () => {
    const app = await harness.application();
    const plan = await app.synchronise([configMap('settings'), service('web'), deployment('web')]);
    expect(plan.counts).toEqual({ created: 3, updated: 0, deleted: 0, unchanged: 0, conflicts: 0 });
    expect([...((await inventoryOf(app))?.objects.keys() ?? [])].sort()).toEqual([
      `/ConfigMap/${app.namespace}/settings`,
      `/Service/${app.namespace}/web`,
      `apps/Deployment/${app.namespace}/web`,
    ]);
  });

  it('makes a Namespace and a definition before what needs them, and dry-runs that at the barrier', async () => {
    const app = await harness.application({ createNamespace: false });
    const objects = [
      custom('Gadget', 'one'),
      configMap('settings'),
      namespaceObject(app.namespace),
      definition('Gadget'),
    ];
    const plan = await app.diff(objects);
    expect(plan.waves).toEqual([
      { wave: 0, objects: 2, settles: true },
      { wave: 1, objects: 2 },
    ]);
    const { objects: planned } = await getJson<Plan>(harness.artifacts, plan.plan);
    expect(planned.filter((o) => o.deferred).map((o) => o.reference.kind)).toEqual(['ConfigMap', 'Gadget']);
    expect(await app.apply(plan, 1)).toBe(4);
    expect((await app.diff(objects)).counts.unchanged).toBe(4);
    expect((await inventoryOf(app, 'sloth-runner-system'))?.objects.size).toBe(4);
  });
});

describe('a sync that changes nothing', () => {
  it('costs one dry run an object and few reads, and writes nothing', async () => {
    const app = await harness.application();
    const objects = [...Array(30).keys()]
      .map((i) => configMap(`settings-${i}`))
      .concat(service('web'), deployment('web', { replicas: 0 }));
    await app.synchronise(objects);
    await app.health(objects);
    const requests = await harness.requestsOf(async () => {
      const plan = await app.diff(objects);
      expect(plan.counts).toMatchObject({ unchanged: 32, created: 0, updated: 0 });
      expect(plan.waves).toEqual([]);
      await app.backup(plan);
      await app.apply(plan, ++app.sync);
    });
    expect(writes(requests)).toEqual([]);
    expect(requests.filter((r) => r.verb === 'patch')).toHaveLength(32);
    expect(requests.filter((r) => r.verb !== 'patch').length).toBeLessThanOrEqual(4);
  });

  it('is one also after controllers have written to the objects', async () => {
    const app = await harness.application();
    const objects = [deployment('web', { replicas: 2 }), service('web'), secret('login', { password: 'hunter22' })];
    await app.synchronise(objects);
    expect(await app.health(objects)).toMatchObject({ status: 'Healthy', healthy: 3, total: 3, timedOut: false });
    expect((await app.diff(objects)).counts).toMatchObject({ unchanged: 3 });
  });
});

describe('a change', () => {
  it('writes the changed object alone, after the inventory', async () => {
    const app = await harness.application();
    const objects = [configMap('a'), configMap('b'), configMap('c')];
    await app.synchronise(objects);
    const requests = await harness.requestsOf(() =>
      app.synchronise([configMap('a'), configMap('b', { a: '2' }), configMap('c')]),
    );
    expect(writes(requests).map((w) => w.replace(/\?.*/, ''))).toEqual([
      `update /api/v1/namespaces/${app.namespace}/configmaps/sloth-runner.${app.id}`,
      `patch /api/v1/namespaces/${app.namespace}/configmaps/b`,
    ]);
  });

  it('is shown with Secret values masked', async () => {
    const app = await harness.application();
    await app.synchronise([secret('login', { user: 'annabel', password: 'old-value' })]);
    const report = await app.report(await app.diff([secret('login', { user: 'annabel', password: 'new-value' })]));
    const text = JSON.stringify(report);
    for (const value of ['annabel', 'old-value', 'new-value']) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value).toString('base64'));
    }
    expect(report.changes[0]?.diff).toContain('-  password: "*** (before)"');
    expect(report.changes[0]?.diff).toContain('+  password: "*** (after)"');
  });

  it('backs up what it overwrites', async () => {
    const app = await harness.application();
    await app.synchronise([configMap('a', { v: 'before' })]);
    const { backup, objects } = await app.backup(await app.diff([configMap('a', { v: 'after' }), configMap('b')]));
    expect(objects).toBe(1);
    expect(await getJson(harness.artifacts, backup)).toMatchObject([{ data: { v: 'before' } }]);
  });

  it('may be picked by hand', async () => {
    const app = await harness.application();
    const plan = await app.diff([configMap('a'), configMap('b')], { resources: [':ConfigMap:b'] });
    expect(plan.counts).toMatchObject({ created: 1 });
  });
});

describe('objects the server refuses', () => {
  it('are all named, with their source, and nothing is written', async () => {
    const app = await harness.application();
    const wrongType = { ...deployment('web'), spec: { replicas: 'many' } };
    const unknownField = { ...configMap('typo'), dota: {} };
    const requests = await harness.requestsOf(async () => {
      await expect(app.diff([configMap('fine'), wrongType, unknownField])).rejects.toMatchObject({
        code: 'ObjectInvalid',
        retryable: false,
        message: expect.stringMatching(
          /2 of 3 objects[^]*typo[^]*dota[^]*all\.yaml:3[^]*Deployment [^]*replicas[^]*all\.yaml:2/,
        ),
      });
    });
    expect(writes(requests)).toEqual([]);
  });

  it('are those of an unknown kind', async () => {
    const app = await harness.application();
    await expect(app.diff([custom('Gizmo', 'one')])).rejects.toMatchObject({
      code: 'UnknownKind',
      message: expect.stringContaining(
        'Gizmo one (deploy/all.yaml:1): cluster default knows no kind Gizmo in test.example/v1',
      ),
    });
  });

  it('are those in a namespace that does not exist', async () => {
    const app = await harness.application({ createNamespace: false });
    await expect(app.diff([configMap('a')])).rejects.toMatchObject({
      code: 'NamespaceNotFound',
      hint: expect.stringContaining('CreateNamespace=true'),
    });
  });

  it('stop a sync at the barrier when they could not be tried before', async () => {
    const app = await harness.application({ createNamespace: false });
    const plan = await app.diff([
      namespaceObject(app.namespace),
      configMap('fine'),
      { ...configMap('typo'), dota: {} },
    ]);
    await expect(app.apply(plan, 1)).rejects.toMatchObject({
      code: 'ApplyFailed',
      message: expect.stringContaining('dota'),
    });
    expect(
      await harness.cluster.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'fine' }),
    ).toBeUndefined();
  });
});

describe('prune', () => {
  it('deletes what left the set, and only when asked', async () => {
    const app = await harness.application();
    await app.synchronise([configMap('a'), configMap('b')]);
    expect((await app.diff([configMap('a')])).counts.deleted).toBe(0);
    const plan = await app.synchronise([configMap('a')], { prune: true });
    expect(plan.counts).toMatchObject({ deleted: 1, unchanged: 1 });
    expect(
      await harness.cluster.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'b' }),
    ).toBeUndefined();
    expect((await inventoryOf(app))?.objects.size).toBe(1);
  });

  it('keeps what is marked, and what belongs to another application by now', async () => {
    const app = await harness.application();
    const marked = configMap('marked');
    marked.metadata.annotations = { 'sloth-runner.dev/prune': 'disabled' };
    await app.synchronise([configMap('a'), marked, configMap('moved')]);
    const moved = app.tracked(configMap('moved'));
    moved.metadata.namespace = app.namespace;
    moved.metadata.annotations = { 'sloth-runner.dev/app': 'workflow-other' };
    await harness.cluster.apply(moved, { force: true });
    const plan = await app.synchronise([configMap('a')], { prune: true });
    expect(plan.counts.deleted).toBe(0);
    expect(plan.warnings).toHaveLength(2);
  });

  it('waits for finalizers and comes back to what they hold', async () => {
    const app = await harness.application();
    const held = configMap('held');
    held.metadata.finalizers = ['test.example/hold'];
    await app.synchronise([configMap('a'), held]);
    const plan = await app.diff([configMap('a')], { prune: true });
    const { deleted, waiting } = await app.prune(plan, ++app.sync, 500);
    expect({ deleted, waiting }).toMatchObject({ deleted: 0, waiting: [{ name: 'held' }] });
    expect((await inventoryOf(app))?.objects.size).toBe(2);
    const live = app.tracked(configMap('held'));
    live.metadata = { ...live.metadata, namespace: app.namespace, finalizers: [] };
    await harness.cluster.apply(live, { force: true });
    await app.synchronise([configMap('a')], { prune: true });
    expect((await app.diff([configMap('a')], { prune: true })).counts.deleted).toBe(0);
  });

  it('of everything takes the inventory along', async () => {
    const app = await harness.application();
    await app.synchronise([configMap('a'), deployment('web')]);
    const plan = await app.synchronise([], { prune: true });
    expect(plan.counts.deleted).toBe(2);
    expect(plan.warnings).toContain('Nothing is left of the application after this change');
    expect(await inventoryOf(app)).toBeUndefined();
  });

  it('deletes a Namespace last', async () => {
    const app = await harness.application({ createNamespace: false });
    await app.synchronise([namespaceObject(app.namespace), configMap('a')]);
    const requests = await harness.requestsOf(() => app.synchronise([], { prune: true }));
    const deletes = requests.filter((r) => r.verb === 'delete').map((r) => r.uri);
    expect(deletes.slice(0, 2)).toEqual([
      `/api/v1/namespaces/${app.namespace}/configmaps/a`,
      `/api/v1/namespaces/${app.namespace}`,
    ]);
  });
});

describe('the fence', () => {
  it('refuses an older attempt that wakes up late', async () => {
    const app = await harness.application();
    const old = await app.diff([configMap('a', { v: 'old' })]);
    const now = Date.now();
    await app.apply(await app.diff([configMap('a', { v: 'new' })]), 2, { scheduledAt: now });
    const requests = await harness.requestsOf(() =>
      expect(app.apply(old, 1, { scheduledAt: now - 8000 })).rejects.toMatchObject({ code: 'FenceLost' }),
    );
    expect(writes(requests)).toEqual([]);
  });

  it('lets a second attempt repeat the first', async () => {
    const app = await harness.application();
    const plan = await app.diff([configMap('a'), configMap('b')]);
    const run = 'the-run';
    const scheduledAt = Date.now();
    expect(await app.apply(plan, 1, { run, attempt: 1, scheduledAt })).toBe(2);
    expect(await app.apply(plan, 1, { run, attempt: 2, scheduledAt: scheduledAt + 8000 })).toBe(2);
    await expect(app.apply(plan, 1, { run, attempt: 1, scheduledAt })).rejects.toMatchObject({ code: 'FenceLost' });
  });

  it('refuses to write over an object that was replaced since the plan was made', async () => {
    const app = await harness.application();
    await app.synchronise([configMap('a')]);
    const plan = await app.diff([configMap('a', { v: '2' })]);
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'a' };
    const live = await harness.admin.get(reference);
    await harness.admin.delete(reference, { uid: live?.metadata.uid ?? '' });
    await expect(app.apply(plan, 2)).rejects.toMatchObject({ code: 'PlanOutdated' });
  });
});

/** Somebody else sets the replicas, as `kubectl scale` or an autoscaler does. */
async function scaledByAnother(app: Application, manager: string): Promise<void> {
  await app.synchronise([deployment('web')]);
  await patchAs(manager, `/apis/apps/v1/namespaces/${app.namespace}/deployments/web`, { spec: { replicas: 5 } });
}

async function patchAs(manager: string, path: string, body: unknown): Promise<void> {
  const { serverUrl, tokens, certificateAuthority } = harness.controlPlane;
  const { Agent, request } = await import('undici');
  const dispatcher = new Agent({ connect: { ca: certificateAuthority } });
  const answer = await request(`${serverUrl}${path}?fieldManager=${manager}`, {
    dispatcher,
    method: 'PATCH',
    headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify(body),
  });
  expect(answer.statusCode).toBe(200);
  await answer.body.dump();
  await dispatcher.close();
}

describe('conflicts', () => {
  it('over a field are reported with field and owner', async () => {
    const app = await harness.application();
    await scaledByAnother(app, 'kubectl-scale');
    const plan = await app.diff([deployment('web', { replicas: 2 })]);
    expect(plan.counts).toMatchObject({ conflicts: 1, updated: 0 });
    expect(plan.conflicts).toEqual([`Deployment ${app.namespace}/web: .spec.replicas is owned by kubectl-scale`]);
    expect((await app.report(plan)).conflicts[0]).toMatchObject({ resource: 'Deployment/web', type: 'field_owner' });
  });

  it.each([
    ['force', 'kubectl-scale', 2],
    ['yield', 'kubectl-scale', 5],
    ['auto', 'kubectl-scale', 2],
    ['auto', 'horizontal-pod-autoscaler', 5],
  ] as const)('are settled by %s with %s: %i replicas', async (conflictResolution, manager, replicas) => {
    const app = await harness.application({ conflictResolution });
    await scaledByAnother(app, manager);
    await app.synchronise([deployment('web', { replicas: 2, tag: '2.0' })]);
    const live = await harness.cluster.get({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: app.namespace,
      name: 'web',
    });
    expect(live).toMatchObject({
      spec: { replicas, template: { spec: { containers: [{ image: 'registry.example/web:2.0' }] } } },
    });
  });

  it('over an object that another application owns stay conflicts, also with force', async () => {
    const first = await harness.application();
    await first.synchronise([configMap('shared')]);
    const second = new Application(harness, first.namespace, 'force');
    Object.assign(second, { id: 'workflow-second' });
    const plan = await second.diff([configMap('shared', { a: 'mine' })]);
    expect(plan.conflicts).toEqual([`ConfigMap ${first.namespace}/shared: it belongs to application ${first.id}`]);
    expect((await second.report(plan)).conflicts[0]?.type).toBe('resource_exists');
  });
});

describe('rollback', () => {
  const good = [configMap('settings', { v: 'good' }), deployment('web', { replicas: 0 })];

  it('restores the set, deletes what the failed sync created, and verifies', async () => {
    const app = await harness.application();
    await app.synchronise(good);
    const failed = await app.synchronise([
      configMap('settings', { v: 'bad' }),
      deployment('web', { replicas: 0 }),
      configMap('debris'),
    ]);
    const result = await app.rollback(good, failed);
    expect(result).toMatchObject({ applied: 1, deleted: 1, skipped: 1, verified: true });
    expect((await app.diff(good, { prune: true })).counts).toMatchObject({ unchanged: 2, deleted: 0 });
    expect((await inventoryOf(app))?.objects.size).toBe(2);
  });

  it('writes nothing when nothing differs', async () => {
    const app = await harness.application();
    await app.synchronise(good);
    const requests = await harness.requestsOf(async () => {
      expect(await app.rollback(good)).toMatchObject({ applied: 0, deleted: 0, verified: true });
    });
    expect(writes(requests)).toEqual([]);
  });

  it.each([
    ['fail', 'kubectl-scale', 1],
    ['force', 'horizontal-pod-autoscaler', 1],
    ['yield', 'horizontal-pod-autoscaler', 5],
    ['auto', 'horizontal-pod-autoscaler', 5],
    ['auto', 'kubectl-scale', 1],
    ['auto', 'terraform', 1],
  ] as const)('under %s, of replicas that %s has set, ends with %i', async (conflictResolution, manager, replicas) => {
    const app = await harness.application({ conflictResolution });
    await scaledByAnother(app, manager);
    const result = await app.rollback([deployment('web', { tag: '0.9' })]);
    expect(result).toMatchObject({ applied: 1, verified: true });
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: app.namespace, name: 'web' };
    expect(await harness.cluster.get(web)).toMatchObject({ spec: { replicas } });
  });

  it('takes back what a person changed', async () => {
    const app = await harness.application();
    await app.synchronise(good);
    const changed = app.tracked(configMap('settings', { v: 'by hand' }));
    changed.metadata.namespace = app.namespace;
    await harness.admin.apply(changed, { force: true });
    expect(await app.rollback(good)).toMatchObject({ applied: 1, verified: true });
  });
});
