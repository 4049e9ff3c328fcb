/**
 * Who owns what: ignored fields, kubectl's fields, immutable ones, objects that others have, and a cluster that moves
 * on between plan and apply.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getJson } from '../../../src/adapters/artifacts/artifact-store.js';
import type { IgnoreRule } from '../../../src/domain/diff/ignore-rules.js';
import type { KubernetesObject } from '../../../src/domain/object.js';
import type { Plan } from '../../../src/domain/plan.js';
import type { DiffResult } from '../../../src/domain/sync.js';
import type { Application } from './activity-harness.js';
import { Harness, type AuditedRequest } from './activity-harness.js';
import { configMap, custom, deployment, namespaceObject, secret, service } from './objects.js';

let harness: Harness;
beforeAll(async () => void (harness = await Harness.start()));
afterAll(() => harness?.stop());

function live(app: Application, apiVersion: string, kind: string, name: string): Promise<KubernetesObject | undefined> {
  return harness.admin.get({ apiVersion, kind, namespace: app.namespace, name });
}

const configMapOf = (app: Application, name: string) => live(app, 'v1', 'ConfigMap', name);
const deploymentOf = (app: Application, name: string) => live(app, 'apps/v1', 'Deployment', name);

/** kubectl in the application's namespace. */
function kubectl(app: Application, args: string[], input?: object): Promise<string> {
  return harness.kubectl([...args, '-n', app.namespace], input === undefined ? '' : JSON.stringify(input));
}

function annotated(object: KubernetesObject, annotations: Record<string, string>): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function written(requests: readonly AuditedRequest[]): AuditedRequest[] {
  return requests.filter((r) => !['get', 'list', 'watch'].includes(r.verb) && !r.uri.includes('dryRun=All'));
}

async function planOf({ plan }: DiffResult): Promise<Plan> {
  return getJson<Plan>(harness.artifacts, plan);
}

describe('an ignored field', () => {
  const replicas: IgnoreRule = { kind: 'Deployment', name: 'we*', jsonPointers: ['/spec/replicas'], managers: [] };

  it('is created as the manifest says, then left as it is, also when other fields change', async () => {
    const app = await harness.application();
    app.more = { ignoreDifferences: [replicas] };
    await app.synchronise([deployment('web', { replicas: 2 })]);
    expect(await deploymentOf(app, 'web')).toMatchObject({ spec: { replicas: 2 } });
    await kubectl(app, ['scale', 'deployment/web', '--replicas=4']);
    expect((await app.diff([deployment('web', { replicas: 2 })])).counts).toMatchObject({ unchanged: 1, conflicts: 0 });
    await app.synchronise([deployment('web', { replicas: 2, tag: '2.0' })]);
    expect(await deploymentOf(app, 'web')).toMatchObject({
      spec: { replicas: 4, template: { spec: { containers: [{ image: 'registry.example/web:2.0' }] } } },
    });
  });

  it('that nobody else owns stays when it leaves the manifest', async () => {
    const app = await harness.application();
    app.more = { ignoreDifferences: [{ jsonPointers: ['/data/kept'], managers: [] }] };
    await app.synchronise([configMap('a', { kept: 'x', other: '1' })]);
    await app.synchronise([configMap('a', { other: '2' })]);
    expect(await configMapOf(app, 'a')).toMatchObject({ data: { kept: 'x', other: '2' } });
  });

  it('may be whatever a manager owns', async () => {
    const app = await harness.application();
    app.more = { ignoreDifferences: [{ kind: 'ConfigMap', jsonPointers: [], managers: ['tuner'] }] };
    await app.synchronise([configMap('a', { level: '1', other: '1' })]);
    await kubectl(app, ['patch', 'configmap/a', '--field-manager=tuner', '-p', '{"data":{"level":"9"}}']);
    const plan = await app.synchronise([configMap('a', { level: '1', other: '2' })]);
    expect(plan.counts).toMatchObject({ updated: 1, conflicts: 0 });
    expect(await configMapOf(app, 'a')).toMatchObject({ data: { level: '9', other: '2' } });
  });

  it('is not taken back by a take-over of what kubectl owns', async () => {
    const app = await harness.application({ conflictResolution: 'auto' });
    app.more = { ignoreDifferences: [{ jsonPointers: ['/data/typed'], managers: [] }] };
    await app.synchronise([configMap('a', { b: '1' })]);
    await kubectl(app, ['patch', 'configmap/a', '-p', '{"data":{"typed":"x","gone":"x"}}']);
    await app.synchronise([configMap('a', { b: '1' })]);
    expect((await configMapOf(app, 'a'))?.['data']).toEqual({ b: '1', typed: 'x' });
  });

  it('costs an unchanged object one request more', async () => {
    const app = await harness.application();
    app.more = { ignoreDifferences: [replicas] };
    await app.synchronise([deployment('web', { replicas: 0 })]);
    const requests = await harness.requestsOf(() => app.diff([deployment('web', { replicas: 0 })]));
    expect(requests.filter((r) => r.uri.includes('/deployments/'))).toHaveLength(2);
  });
});

describe('what somebody typed with kubectl', () => {
  it.each(['auto', 'force', 'fail'] as const)('vanishes with the next sync, as the diff foretells: %s', async (how) => {
    const app = await harness.application({ conflictResolution: how });
    await app.synchronise([configMap('a', { b: '1' })]);
    await kubectl(app, ['patch', 'configmap/a', '-p', '{"data":{"typed":"x"}}']);
    const plan = await app.diff([configMap('a', { b: '1' })]);
    expect((await app.report(plan)).changes[0]?.diff).toContain('-  typed: x');
    await app.apply(plan, ++app.sync);
    expect((await configMapOf(app, 'a'))?.['data']).toEqual({ b: '1' });
    expect((await app.diff([configMap('a', { b: '1' })])).counts).toMatchObject({ unchanged: 1 });
  });

  it('vanishes also when git changed the field, it was edited, and git drops it', async () => {
    const app = await harness.application({ conflictResolution: 'auto' });
    await app.synchronise([configMap('a', { b: '1', c: '1' })]);
    await kubectl(app, ['patch', 'configmap/a', '--field-manager=kubectl-edit', '-p', '{"data":{"c":"typed"}}']);
    await app.synchronise([configMap('a', { b: '1' })]);
    expect((await configMapOf(app, 'a'))?.['data']).toEqual({ b: '1' });
  });

  it('is adopted together with the object, and the record of its last apply goes', async () => {
    const app = await harness.application({ conflictResolution: 'auto' });
    await kubectl(app, ['apply', '-f', '-'], configMap('old', { b: '1', c: '1' }));
    const plan = await app.synchronise([configMap('old', { b: '2' })]);
    expect(plan.warnings).toContain('ConfigMap/old exists already and is adopted');
    const found = await configMapOf(app, 'old');
    expect(found?.['data']).toEqual({ b: '2' });
    expect(Object.keys(found?.metadata.annotations ?? {})).toEqual(['sloth-runner.dev/app']);
    expect(found?.metadata.managedFields?.map((entry) => entry.manager)).toEqual(['sloth-runner']);
  });

  it('costs requests only when something vanishes', async () => {
    const app = await harness.application({ conflictResolution: 'auto' });
    await app.synchronise([configMap('a', { b: '1' })]);
    const ofObject = (requests: readonly AuditedRequest[]) => requests.filter((r) => /configmaps\/a(\?|$)/.test(r.uri));
    const before = await harness.requestsOf(() => app.synchronise([configMap('a', { b: '2' })]));
    expect(ofObject(before).map((r) => r.verb)).toEqual(['patch', 'get', 'patch']);
    await kubectl(app, ['patch', 'configmap/a', '-p', '{"data":{"typed":"x"}}']);
    const after = await harness.requestsOf(() => app.synchronise([configMap('a', { b: '2' })]));
    expect(ofObject(after).map((r) => r.verb)).toEqual(['patch', 'get', 'update', 'get', 'patch', 'patch']);
  });

  it('stays where yield says so, and a restart that somebody asked for is not taken back', async () => {
    const app = await harness.application({ conflictResolution: 'yield' });
    await app.synchronise([configMap('a', { b: '1' })]);
    await kubectl(app, ['patch', 'configmap/a', '-p', '{"data":{"typed":"x"}}']);
    expect((await app.diff([configMap('a', { b: '1' })])).counts).toMatchObject({ unchanged: 1 });
    const other = await harness.application({ conflictResolution: 'auto' });
    await other.synchronise([deployment('web', { replicas: 0 })]);
    await kubectl(other, ['rollout', 'restart', 'deployment/web']);
    expect((await other.diff([deployment('web', { replicas: 0 })])).counts).toMatchObject({ unchanged: 1 });
  });
});

describe('a conflict', () => {
  it('of fields names owner, field and what to write', async () => {
    const app = await harness.application();
    await app.synchronise([deployment('web')]);
    await kubectl(app, ['patch', 'deployment/web', '--field-manager=hpa-controller', '-p', '{"spec":{"replicas":5}}']);
    const { conflicts } = await app.report(await app.diff([deployment('web', { replicas: 2 })]));
    expect(conflicts).toMatchObject([
      { type: 'field_owner', owner: 'hpa-controller', fields: ['.spec.replicas'], resource: 'Deployment/web' },
    ]);
    expect(conflicts[0]?.suggestions.join('\n')).toMatch(
      /sloth-runner\.dev\/conflict-resolution: force[^]*"yield"[^]*"auto" leaves them to controllers[^]*json_pointers = {"\/spec\/replicas"}/,
    );
  });

  it.each([
    ['force', 2],
    ['yield', 5],
  ] as const)('is settled by the annotation of the object: %s', async (resolution, replicas) => {
    const app = await harness.application();
    const annotations = { 'sloth-runner.dev/conflict-resolution': resolution };
    await app.synchronise([annotated(deployment('web'), annotations)]);
    await kubectl(app, ['patch', 'deployment/web', '--field-manager=somebody', '-p', '{"spec":{"replicas":5}}']);
    await app.synchronise([annotated(deployment('web', { replicas: 2 }), annotations)]);
    expect(await deploymentOf(app, 'web')).toMatchObject({ spec: { replicas } });
  });

  it('is an object that exists, where its fields differ or the application is strict', async () => {
    const app = await harness.application();
    await kubectl(app, ['create', '-f', '-'], configMap('old', { b: '1' }));
    const differing = await app.report(await app.diff([configMap('old', { b: '2' })]));
    expect(differing.conflicts).toMatchObject([
      { type: 'resource_exists', owner: 'kubectl-create', fields: ['.data.b'] },
    ]);
    expect(await app.diff([configMap('old', { b: '1' })])).toMatchObject({ counts: { updated: 1, conflicts: 0 } });
    app.more = { validationRequired: true };
    const strict = await app.report(await app.diff([configMap('old', { b: '1' })]));
    expect(strict.conflicts).toMatchObject([{ type: 'resource_exists', owner: '', fields: [] }]);
  });

  it('is each object the server refuses, when a diff asks, and nothing hides behind it', async () => {
    const app = await harness.application();
    const typo = { ...configMap('typo'), dota: {} };
    const objects = [configMap('fine'), typo, custom('Gizmo', 'one'), configMap('Not_A_Name')];
    const plan = await app.diff(objects, { reportRefused: true });
    expect(plan.counts).toMatchObject({ created: 1, conflicts: 3 });
    const { conflicts } = await app.report(plan);
    expect(conflicts.map((c) => [c.resource, c.type])).toEqual(
      [
        ['ConfigMap/typo', 'validation'],
        ['ConfigMap/Not_A_Name', 'validation'],
        ['Gizmo/one', 'validation'],
      ].sort(
        (a, b) => conflicts.findIndex((c) => c.resource === a[0]) - conflicts.findIndex((c) => c.resource === b[0]),
      ),
    );
    expect(conflicts.find((c) => c.resource === 'ConfigMap/typo')?.description).toMatch(/dota.*all\.yaml:2/);
  });
});

describe('an object that the server refuses', () => {
  it('does not put what the server quotes of it into a report', async () => {
    const app = await harness.application();
    const leaking = { ...configMap('a'), data: { key: { password: 'password=hunter2hunter2' } } };
    const plan = await app.diff([leaking as KubernetesObject], { reportRefused: true });
    expect(plan.counts.conflicts).toBe(1);
    expect(JSON.stringify(plan)).not.toContain('hunter2');
  });
});

describe('a field that cannot be changed', () => {
  const force = { 'sloth-runner.dev/force': 'true' };
  const selecting = (name: string, label: string, annotations = {}): KubernetesObject => {
    const labels = { app: name, label };
    const object = annotated(deployment(name, { replicas: 0 }), annotations);
    const { template, ...spec } = object['spec'] as { template: { spec: object } };
    return {
      ...object,
      spec: {
        ...spec,
        selector: { matchLabels: labels },
        template: { ...template, metadata: { labels } },
      },
    };
  };
  const job = (image: string, annotations = {}): KubernetesObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once', annotations },
    spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image }] } } },
  });
  const addressed = (spec: object, annotations = {}): KubernetesObject => {
    const object = annotated(service('web'), annotations);
    return { ...object, spec: { ...(object['spec'] as object), ...spec } };
  };
  const cases: readonly (readonly [string, string, (annotations?: object) => [KubernetesObject, KubernetesObject]])[] =
    [
      [
        "a Deployment's selector",
        'spec.selector',
        (a = {}) => [selecting('web', 'one', a), selecting('web', 'two', a)],
      ],
      ["a Job's template", 'spec.template', (a = {}) => [job('one', a), job('two', a)]],
      ["a Service's address", 'spec.clusterIP', (a = {}) => [addressed({}, a), addressed({ clusterIP: 'None' }, a)]],
    ];

  it.each(cases)('is told in clear words, with the way out: %s', async (_title, field, versions) => {
    const app = await harness.application();
    const [first, second] = versions();
    await app.synchronise([first]);
    await expect(app.diff([second])).rejects.toMatchObject({
      code: 'ObjectInvalid',
      message: expect.stringMatching(new RegExp(`${field}.*cannot be changed in place.*all\\.yaml:1`, 's')),
      hint: expect.stringContaining('sloth-runner.dev/force: "true"'),
    });
  });

  it.each(cases)('lets the object be created anew where it says so: %s', async (_title, _field, versions) => {
    const app = await harness.application();
    const [first, second] = versions(force);
    await app.synchronise([first]);
    const reference = {
      apiVersion: first.apiVersion,
      kind: first.kind,
      namespace: app.namespace,
      name: first.metadata.name,
    };
    const before = await harness.admin.get(reference);
    const plan = await app.diff([second]);
    const { changes, warnings } = await app.report(plan);
    expect(changes).toMatchObject([{ type: 'update', impact: 'high', recreated: true }]);
    expect(changes[0]?.diff).toContain('will be deleted and created anew');
    expect(warnings.join()).toContain('it is deleted and created anew');
    expect(plan.counts).toMatchObject({ updated: 1, recreated: 1 });
    await app.apply(plan, ++app.sync);
    const after = await harness.admin.get(reference);
    expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
    expect((await app.diff([second])).counts).toMatchObject({ unchanged: 1 });
  });

  it('never leads to a deletion for the sake of a typo', async () => {
    const app = await harness.application();
    await app.synchronise([job('one', force)]);
    const typo = job('two', force);
    const broken = { ...typo, spec: { ...(typo['spec'] as object), parallelism: -1 } };
    const requests = await harness.requestsOf(() =>
      expect(app.diff([broken])).rejects.toMatchObject({
        code: 'ObjectInvalid',
        message: expect.stringContaining('parallelism'),
      }),
    );
    expect(requests.filter((r) => r.verb === 'delete')).toEqual([]);
    expect(written(requests)).toEqual([]);
  });

  it('does not delete data because the application as a whole may recreate', async () => {
    const app = await harness.application();
    app.more = { syncOptions: ['Force=true'] };
    const login = { ...secret('login', { a: 'value-one' }), immutable: true };
    await app.synchronise([login, job('one')]);
    expect((await app.diff([login, job('two')])).counts).toMatchObject({ recreated: 1 });
    const changed = { ...secret('login', { a: 'value-two' }), immutable: true };
    await expect(app.diff([changed, job('one')])).rejects.toMatchObject({ code: 'ObjectInvalid' });
  });
});

describe('options of an object', () => {
  it('Replace puts it in place of the live one', async () => {
    const app = await harness.application();
    const replaced = (data: Record<string, string>) =>
      annotated(configMap('a', data), { 'argocd.argoproj.io/sync-options': 'Replace=true' });
    await app.synchronise([replaced({ b: '1' })]);
    await kubectl(app, ['patch', 'configmap/a', '--field-manager=somebody', '-p', '{"data":{"theirs":"x"}}']);
    const plan = await app.diff([replaced({ b: '2' })]);
    expect((await app.report(plan)).changes[0]?.diff).toContain('-  theirs: x');
    await app.apply(plan, ++app.sync);
    expect((await configMapOf(app, 'a'))?.['data']).toEqual({ b: '2' });
    expect((await app.diff([replaced({ b: '2' })])).counts).toMatchObject({ unchanged: 1 });
  });

  it('ignore and only-when-missing leave it alone', async () => {
    const app = await harness.application();
    const once = (v: string) =>
      annotated(configMap('once', { v }), { 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' });
    const ignored = annotated(configMap('ignored'), { 'sloth-runner.dev/ignore': 'true' });
    const plan = await app.synchronise([once('1'), ignored, configMap('a')]);
    expect(plan.counts).toMatchObject({ created: 2 });
    expect((await app.diff([once('2'), ignored, configMap('a')])).counts).toMatchObject({ unchanged: 2, updated: 0 });
    expect(await configMapOf(app, 'ignored')).toBeUndefined();
    expect(await app.health([once('2'), ignored, configMap('a')])).toMatchObject({ status: 'Healthy', total: 2 });
  });

  it('keeps it on prune, and on deletion of the application, which is complete all the same', async () => {
    const app = await harness.application();
    const kept = annotated(configMap('kept'), { 'helm.sh/resource-policy': 'keep' });
    const pruned = annotated(configMap('for-now'), { 'argocd.argoproj.io/sync-options': 'Prune=false' });
    await app.synchronise([configMap('a'), kept, pruned]);
    const plan = await app.synchronise([configMap('a')], { prune: true });
    expect(plan.counts.deleted).toBe(0);
    expect(plan.warnings.join('\n')).toMatch(/for-now is no longer in the set; it is kept[^]*kept is no longer/);
    await app.synchronise([], { prune: true });
    expect(await configMapOf(app, 'kept')).toBeDefined();
    expect(await configMapOf(app, 'for-now')).toBeUndefined();
    expect(await configMapOf(app, `sloth-runner.${app.id}`)).toBeUndefined();
  });

  it('lets it wait for a kind that nobody knows yet', async () => {
    const app = await harness.application();
    const early = annotated(custom('Sprocket', 'one'), {
      'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true',
    });
    const plan = await app.diff([configMap('a'), early]);
    expect((await planOf(plan)).objects.filter((o) => o.deferred)).toHaveLength(1);
  });

  it('PrunePropagationPolicy of the application is how its objects are deleted', async () => {
    const app = await harness.application();
    app.more = { syncOptions: ['PrunePropagationPolicy=orphan'] };
    await app.synchronise([configMap('a'), deployment('web')]);
    const plan = await app.diff([configMap('a')], { prune: true });
    expect((await planOf(plan)).objects.at(-1)).toMatchObject({ action: 'delete', propagation: 'Orphan' });
    await app.prune(plan, ++app.sync);
    const sets = await harness.admin.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: app.namespace });
    expect(sets.items).toHaveLength(1);
    expect(sets.items[0]?.metadata.ownerReferences ?? []).toEqual([]);
  });
});

describe('between plan and apply', () => {
  it('a status, or fields of others, disturb nothing: the write is repeated (F13)', async () => {
    const app = await harness.application();
    await app.synchronise([configMap('a', { b: '1' })]);
    const plan = await app.diff([configMap('a', { b: '2' })]);
    let stop = false;
    const hammer = async (): Promise<void> => {
      const url = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.namespace, name: 'a' };
      for (let i = 0; !stop; i++)
        await harness.admin.patch(url, [{ op: 'add', path: '/metadata/annotations/hammer', value: String(i) }]);
    };
    await kubectl(app, ['annotate', 'configmap/a', 'hammer=0', '--field-manager=hammer']);
    const hammering = hammer();
    const requests = await harness
      .requestsOf(async () => expect(await app.apply(plan, ++app.sync)).toBe(1))
      .finally(() => (stop = true));
    await hammering;
    expect((await configMapOf(app, 'a'))?.['data']).toEqual({ b: '2' });
    expect(requests.some((r) => r.code === 409)).toBe(true);
  });

  it.each([
    ['one of our fields', 'auto', ['patch', 'configmap/a', '-p', '{"data":{"b":"typed"}}']],
    ['one of our fields, with conflicts left open', 'fail', ['patch', 'configmap/a', '-p', '{"data":{"b":"typed"}}']],
    ['the object as a whole', 'auto', ['delete', 'configmap/a']],
  ] as const)('a change of %s outdates the plan (F15)', async (_title, conflictResolution, change) => {
    const app = await harness.application({ conflictResolution });
    await app.synchronise([configMap('a', { b: '1' })]);
    const plan = await app.diff([configMap('a', { b: '2' })]);
    await kubectl(app, [...change]);
    await expect(app.apply(plan, ++app.sync)).rejects.toMatchObject({ code: 'PlanOutdated', replan: true });
    const again = await app.diff([configMap('a', { b: '2' })]);
    if (conflictResolution === 'fail') return expect(again.counts).toMatchObject({ conflicts: 1 });
    await app.apply(again, ++app.sync);
    expect((await configMapOf(app, 'a'))?.['data']).toEqual({ b: '2' });
  });

  it('an attempt that was here before is no change', async () => {
    const app = await harness.application();
    await app.synchronise([configMap('a', { b: '1' }), configMap('c', { b: '1' })]);
    const plan = await app.diff([configMap('a', { b: '2' }), configMap('c', { b: '2' })]);
    const scheduledAt = Date.now();
    await app.apply(plan, ++app.sync, { run: 'r', attempt: 1, scheduledAt });
    expect(await app.apply(plan, app.sync, { run: 'r', attempt: 2, scheduledAt: scheduledAt + 1 })).toBe(2);
  });
});

describe('a Namespace that is being deleted (F20)', () => {
  it('refuses a sync before anything is written, and says since when', async () => {
    const app = await harness.application({ createNamespace: false });
    await app.synchronise([
      namespaceObject(app.namespace),
      { ...configMap('held'), metadata: { name: 'held', finalizers: ['test.example/never'] } },
    ]);
    await kubectl(app, ['delete', 'namespace', app.namespace, '--wait=false']);
    const since = /since \d{4}-\d\d-\d\dT[\d:]+Z/;
    const requests = await harness.requestsOf(async () => {
      await expect(app.diff([configMap('new')])).rejects.toMatchObject({
        code: 'NamespaceTerminating',
        message: expect.stringMatching(since),
      });
      await expect(app.diff([configMap('held', { a: '2' })])).rejects.toMatchObject({
        code: 'NamespaceTerminating',
        message: expect.stringMatching(since),
      });
    });
    expect(written(requests)).toEqual([]);
    await kubectl(app, ['patch', 'configmap/held', '-p', '{"metadata":{"finalizers":null}}']);
  });
});
