/**
 * Resource actions through the command line, on the real API server: what they write, what they refuse, and what can be
 * looked at afterwards.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import type { ActionRecord } from '../../src/domain/actions/record.js';
import type { SyncTicket } from '../../src/workflows/messages.js';
import { engineWrites, kubectl, kubectlJson, type KubernetesItem } from '../support/cluster.js';
import { Engine, type TestApplication } from '../support/engine.js';
import type { CommandResult } from '../support/home.js';
import { eventually } from '../support/eventually.js';
import { configMap, service } from '../support/manifests.js';

/** @param pod more of the spec of its pods, as YAML flow */
const cronJob = (name: string, pod = ''): string => `apiVersion: batch/v1
kind: CronJob
metadata: { name: ${name} }
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    metadata: { labels: { kind: report } }
    spec:
      template: { spec: { ${pod}restartPolicy: Never, containers: [{ name: work, image: "registry.example/job:1" }] } }
`;
const secret = `apiVersion: v1
kind: Secret
metadata: { name: keys }
stringData: { token: canary-8a1f }
`;

const group = 'actions.example.test';
const kind = (name: string, more: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${name.toLowerCase()}s.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: ${name}, plural: ${name.toLowerCase()}s, singular: ${name.toLowerCase()}, listKind: ${name}List }
  versions:
    - name: v1
      served: true
      storage: true
      ${more}
      schema:
        openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true }
---
apiVersion: ${group}/v1
kind: ${name}
metadata: { name: one }
spec: { step: 1 }
`;

/** The operator's own: an action of ConfigMaps, one that Deployments have already, and some of Secrets. */
const scripts = {
  [`checks/${group}/_/actions/discovery.lua`]: 'return { promote = {} }',
  [`checks/${group}/_/actions/promote/action.lua`]:
    'obj.spec.step = 2 obj.status = { promoted = true } return { { operation = "patch", resource = obj } }',
  'checks/ConfigMap/actions/discovery.lua': `return {
    greet = { displayName = "Say something else", params = { { name = "word" }, { name = "mark", default = "!" } } },
    slow = { disabled = true },
    broken = {},
    unwritten = {},
  }`,
  'checks/ConfigMap/actions/greet/action.lua':
    'obj.data.greeting = actionParams["word"] .. actionParams["mark"] return obj',
  'checks/ConfigMap/actions/broken/action.lua': 'error("not today", 0)',
  'checks/apps/Deployment/actions/discovery.lua':
    'return { pause = { disabled = true, reason = "the operator said so" } }',
  'checks/Secret/actions/discovery.lua': 'return { tag = {}, take = {}, tell = {}, make = {} }',
  'checks/Secret/actions/tag/action.lua': 'obj.metadata.labels.tagged = "yes" return obj',
  'checks/Secret/actions/take/action.lua': 'obj.data = { token = "bWluZQ==" } return obj',
  'checks/Secret/actions/tell/action.lua': 'error(tostring(obj.data) .. tostring(obj.stringData), 0)',
  'checks/Secret/actions/make/action.lua': `return { { operation = "create", resource = {
    apiVersion = "v1", kind = "Secret", metadata = { name = "made" }, stringData = { a = "b" } } } }`,
};

let engine: Engine;
let app: TestApplication;

beforeAll(async () => {
  engine = await Engine.open({
    config: {
      health_checks: 'checks',
      projects: { strict: { namespace_kinds: { deny: ['batch/Job', 'Pod'] } } },
      policies: [{ name: 'few', match: { kinds: ['apps/Deployment'] }, max_replicas: 5 }],
    },
    files: scripts,
  });
  app = await engine.declare('acted', {
    'app.yaml': service('web'),
    'report.yaml': cronJob('report'),
    'stuck.yaml': cronJob('stuck', 'nodeSelector: { no: node }, '),
    'keys.yaml': secret,
  });
  await engine.sync(app);
});

afterAll(() => engine.close());

function act(action: string, resource: string, ...more: string[]): Promise<CommandResult> {
  return engine.home.cli('app', 'action', 'acted', action, '--resource', resource, ...more);
}

function acted(action: string, resource: string, ...more: string[]): Promise<ActionRecord> {
  return engine.home.json('app', 'action', 'acted', action, '--resource', resource, ...more);
}

function live<T = KubernetesItem>(object: string): Promise<T> {
  return kubectlJson<T>('get', object, '-n', app.namespace);
}

interface Job {
  readonly status: { readonly startTime?: string; readonly conditions?: { type: string; status: string }[] };
}

const deployment = () =>
  live<{
    metadata: KubernetesItem['metadata'];
    spec: { replicas: number; paused?: boolean; template: { metadata: { annotations?: Record<string, string> } } };
  }>('deployment/web');

describe('app actions', () => {
  it('lists what each object has: ours, those of the operator, what is disabled and why', async () => {
    const table = await engine.home.ok('app', 'actions', 'acted');
    const web = `apps:Deployment:${app.namespace}/web`;
    expect(table).toMatch(new RegExp(`${web} +restart +available`));
    expect(table).toMatch(new RegExp(`${web} +scale +available +- +replicas`));
    expect(table).toMatch(new RegExp(`${web} +resume +disabled: it is not paused`));
    expect(table).toMatch(new RegExp(`${web} +pause +disabled: the operator said so`));
    expect(table).toMatch(/:ConfigMap:\S+ +greet +available +Say something else +word, mark=!/);
    expect(table).toMatch(/batch:CronJob:\S+ +create-job +available/);
    expect(table).not.toContain('ServiceAccount');
  });

  it('lists those of one object, also of one that ours own, as names that can be typed', async () => {
    const pod = await eventually(async () => {
      const { items } = await kubectlJson('get', 'replicaset', '-n', app.namespace);
      return items[0]?.metadata.name;
    });
    expect(await engine.home.ok('app', 'actions', 'acted', '--resource', `ReplicaSet:${pod}`)).not.toContain(pod);
    const names = await engine.home.ok('app', 'actions', 'acted', '--resource', 'CronJob:report', '-o', 'name');
    expect(names.trim().split('\n')).toEqual(
      ['create-job', 'resume', 'suspend'].map((name) => `batch:CronJob:${app.namespace}/report ${name}`),
    );
  });
});

describe('restart', () => {
  it('makes new pods, once, and leaves a record of who did what and which field changed', async () => {
    const before = (await engineWrites(app.namespace)).length;
    const record = await acted('restart', 'apps:Deployment:web');
    const field = '.spec.template.metadata.annotations.kubectl.kubernetes.io/restartedAt';
    expect(record).toMatchObject({
      action: 'restart',
      object: { kind: 'Deployment', name: 'web', namespace: app.namespace },
      changes: [{ operation: 'patch', fields: [field] }],
      warnings: [],
    });
    expect((await deployment()).spec.template.metadata.annotations).toHaveProperty([
      'kubectl.kubernetes.io/restartedAt',
    ]);
    expect(await engineWrites(app.namespace, 0)).toHaveLength(before + 1);
    expect((await deployment()).metadata.annotations?.['sloth-runner.dev/action']).toBe(record.id);
    const shown = await engine.home.ok('workflow', 'show', record.id);
    expect(shown).toContain(`plan what ${record.who} asked for: restart apps:Deployment:web`);
    expect(shown).toContain(`completed: restart Deployment ${app.namespace}/web by ${record.who}: patch`);
    const listed = eventually(async () =>
      (await engine.home.ok('workflow', 'list', '--type', 'resourceAction', '--app', 'acted')).includes(record.id)
        ? true
        : undefined,
    );
    expect(await listed).toBe(true);
  });

  it('is not taken back by the next sync', async () => {
    const { metadata } = (await deployment()).spec.template;
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded', changes: { updated: 0 } });
    expect((await deployment()).spec.template.metadata).toEqual(metadata);
  });
});

describe('scale', () => {
  it('says that git has another number, and the next sync puts it back', async () => {
    const { code, stdout } = await act('scale', 'Deployment:web', '--param', 'replicas=3');
    expect([code, stdout]).toEqual([
      0,
      `scale Deployment ${app.namespace}/web: done\n` +
        `  patch Deployment ${app.namespace}/web: .spec.replicas\n` +
        `warning: .spec.replicas: git says otherwise; a sync will put it back\n`,
    ]);
    expect((await deployment()).spec.replicas).toBe(3);
    expect(await engine.home.cli('app', 'drift', 'acted')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('.spec.replicas (sloth-runner-action)'),
    });
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded', changes: { updated: 1 } });
    expect((await deployment()).spec.replicas).toBe(1);
  });

  it('of what is as wanted changes nothing', async () => {
    const before = (await engineWrites(app.namespace)).length;
    const { stdout } = await act('scale', 'Deployment:web', '--param', 'replicas=1');
    expect(stdout).toContain('nothing to change');
    expect(await engineWrites(app.namespace)).toHaveLength(before);
  });
});

describe('create-job', () => {
  it('makes a Job that the CronJob owns, of which the application then knows', async () => {
    const { changes } = await acted('create-job', 'batch:CronJob:report');
    const [made] = changes;
    expect(made).toMatchObject({ operation: 'create', object: { kind: 'Job', namespace: app.namespace } });
    const name = made?.object.name ?? '';
    const job = await live(`job/${name}`);
    expect(job.metadata).toMatchObject({ labels: { kind: 'report' }, ownerReferences: [{ kind: 'CronJob' }] });
    expect((await engine.sync(app, { prune: true })).changes.deleted).toBe(0);
  });

  it('and one that does not end: suspended, resumed, and terminated through its status', async () => {
    const { changes } = await acted('create-job', 'CronJob:stuck');
    const name = changes[0]?.object.name ?? '';
    const job = `batch:Job:${name}`;
    await eventually(async () => ((await act('suspend', job)).code === 0 ? true : undefined));
    expect(await act('suspend', job)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('it is suspended already'),
    });
    expect(await acted('resume', job)).toMatchObject({ changes: [{ fields: ['.spec.suspend'] }], warnings: [] });
    await eventually(async () => {
      const { startTime } = (await live<Job>(`job/${name}`)).status;
      return startTime;
    });
    const { changes: ended } = await acted('terminate', job);
    expect(ended).toMatchObject([{ operation: 'patch', fields: ['.status.conditions'] }]);
    const failed = eventually(async () => {
      const { conditions = [] } = (await live<Job>(`job/${name}`)).status;
      return conditions.find((c) => c.type === 'Failed' && c.status === 'True');
    });
    expect(await failed).toMatchObject({ reason: 'ManuallyTerminated' });
  });
});

describe('an action of the operator', () => {
  it('gets its parameters, with their defaults', async () => {
    const { changes, warnings } = await acted('greet', ':ConfigMap:web', '--param', 'word=hi');
    expect(changes).toMatchObject([{ operation: 'patch', fields: ['.data.greeting'] }]);
    expect(warnings).toEqual(['.data.greeting: git says otherwise; a sync will put it back']);
    expect(await live('configmap/web')).toMatchObject({ data: { greeting: 'hi!' } });
  });

  it('writes spec and status, whether or not the kind has a subresource for its status', async () => {
    const files = { 'plain.yaml': kind('Plain', ''), 'split.yaml': kind('Split', 'subresources: { status: {} }') };
    const own = await engine.declare('promoted', files);
    await engine.sync(own);
    for (const name of ['Plain', 'Split']) {
      await engine.home.ok('app', 'action', 'promoted', 'promote', '--resource', `${name}:one`);
      const resource = `${name.toLowerCase()}s.${group}/one`;
      expect(await kubectlJson('get', resource, '-n', own.namespace)).toMatchObject({
        spec: { step: 2 },
        status: { promoted: true },
      });
    }
    await engine.client.wait((await engine.client.delete(own.id)) as SyncTicket);
  });

  it('may label a Secret, and neither sees nor writes what it holds', async () => {
    expect(await acted('tag', 'Secret:keys')).toMatchObject({ changes: [{ fields: ['.metadata.labels.tagged'] }] });
    expect(await live('secret/keys')).toMatchObject({ data: { token: expect.stringMatching(/.+/) } });
    expect(await act('take', 'Secret:keys')).toMatchObject({ code: 3, stderr: expect.stringContaining('NotAllowed') });
    expect(await act('make', 'Secret:keys')).toMatchObject({ code: 3, stderr: expect.stringContaining('NotAllowed') });
    expect(await act('tell', 'Secret:keys')).toMatchObject({ code: 1, stderr: expect.stringContaining('nilnil') });
  });
});

describe('what is refused', () => {
  it.each<[string, string[], number, RegExp]>([
    ['what is disabled, saying why', ['resume', 'Deployment:web'], 1, /resume is disabled .*: it is not paused/],
    ['what the operator disabled', ['pause', 'Deployment:web'], 1, /pause is disabled .*: the operator said so/],
    ['what a script of Argo CD disabled', ['slow', 'ConfigMap:web'], 1, /slow is disabled .* discovery script/],
    ['an unknown action', ['restrat', 'Deployment:web'], 4, /actions: pause, restart, resume, scale[^]*'restart'/],
    ['an object without any', ['restart', 'Service:web'], 4, /Service \S+ has no action 'restart'; it has none/],
    ['a missing parameter', ['scale', 'Deployment:web'], 2, /scale needs the parameter replicas[^]*--param replicas=/],
    ['an unknown parameter', ['restart', 'Deployment:web', '--param', 'a=b'], 2, /no parameter 'a'; it takes none/],
    ['a parameter without value', ['scale', 'Deployment:web', '--param', 'replicas'], 2, /replicas/],
    ['a value it cannot use', ['scale', 'Deployment:web', '--param', 'replicas=-1'], 1, /a whole number from 0/],
    ['a secret as a parameter', ['greet', 'ConfigMap:web', '--param', 'token=abcdefgh'], 2, /LiteralSecret/],
    ['a typo of an object', ['restart', 'apps:Deployment:wbe'], 4, /did you mean 'apps:Deployment:\S+\/web'/],
    ['an object of nobody', ['greet', ':ConfigMap:kube-root-ca.crt'], 4, /is no object of acted/],
    ['an object of elsewhere', ['restart', 'Deployment:kube-system/coredns'], 4, /is no object of acted/],
    ['what names none', ['restart', 'web'], 2, /names no resource/],
    ['a script that fails', ['broken', 'ConfigMap:web'], 1, /not today/],
    ['an action without a script', ['unwritten', 'ConfigMap:web'], 4, /no unwritten\/action\.lua/],
    ['what a policy forbids', ['scale', 'Deployment:web', '--param', 'replicas=6'], 7, /policies forbid this action/],
  ])('%s', async (_title, [action = '', resource = '', ...more], code, message) => {
    const before = (await engineWrites(app.namespace)).length;
    const result = await act(action, resource, ...more);
    expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(message)]);
    expect(await engineWrites(app.namespace)).toHaveLength(before);
  });

  it('what the project of the application does not allow, also of what the action makes', async () => {
    const { repository, namespace } = await engine.declare('plain', { 'cron.yaml': cronJob('report') });
    const source = `assert(gitops.workflow({ repo = "${repository.url}", name = "strict", project = "strict", namespace = "${namespace}" }))`;
    await engine.home.ok('run', '-f', engine.home.file('strict.lua', source));
    await engine.home.ok('sync', 'strict/strict');
    const { code, stderr } = await engine.home.cli(
      ...['app', 'action', 'strict/strict', 'create-job', '--resource', 'CronJob:report'],
    );
    expect([code, stderr]).toEqual([7, expect.stringContaining('does not allow batch/Job')]);
    expect((await kubectlJson('get', 'jobs', '-n', namespace)).items).toEqual([]);
  });

  it('an object that has gone', async () => {
    const gone = await engine.declare('gone', { 'a.yaml': configMap('a') });
    await engine.sync(gone);
    await kubectl('delete', 'configmap', 'a', '-n', gone.namespace);
    const args = ['app', 'action', 'gone', 'greet', '--resource', 'ConfigMap:a', '--param', 'word=hi'];
    expect(await engine.home.cli(...args)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('does not exist in the cluster'),
    });
  });
});

describe('an action while a sync is about to write the same object', () => {
  it('is done, and seen by the sync, which plans anew and leaves what git says', async () => {
    const go = engine.home.file('go', '');
    const hook = `while [ ! -f ${go} ]; do sleep 0.05; done`;
    const fields = `, sync_policy = { pre_sync_hooks = { "${hook}" } }`;
    const both = await engine.declare('both', { 'app.yaml': service('web') }, fields);
    await engine.sync(both);
    rmSync(go);
    both.repository.commit({ 'app.yaml': service('web', { replicas: 2 }) });
    const ticket = await engine.client.sync(both.id);
    await engine.untilPhase(ticket, 'pre-sync');
    const args = ['app', 'action', 'both', 'scale', '--resource', 'Deployment:web', '--param', 'replicas=4'];
    await engine.home.ok(...args);
    engine.home.file('go', '');
    expect(await engine.client.wait(ticket)).toMatchObject({ status: 'succeeded' });
    const { spec } = await kubectlJson<{ spec: object }>('get', 'deployment/web', '-n', both.namespace);
    expect(spec).toMatchObject({ replicas: 2 });
  });
});

it('one that is not waited for leaves its record all the same', async () => {
  const workflowId = (await act('restart', 'Deployment:web', '--detach')).stdout.trim();
  const record = await engine.client.actions.result({ app: app.id, workflowId });
  expect(record).toMatchObject({ id: workflowId, action: 'restart' });
});
