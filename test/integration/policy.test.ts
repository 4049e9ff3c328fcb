/**
 * Policies before the first write, with the API server's audit log as witness.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditEvents, engineWrites, kubectl } from '../support/cluster.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { configMap, service } from '../support/manifests.js';

const admission = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: at-most }
spec:
  paramKind: { apiVersion: v1, kind: ConfigMap }
  matchConstraints:
    resourceRules:
      - { apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments] }
  validations:
    - expression: object.spec.replicas <= int(params.data.replicas)
      messageExpression: '"at most " + params.data.replicas'
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: at-most }
spec: { policyName: at-most, validationActions: [Deny], paramRef: { name: limits, parameterNotFoundAction: Deny } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: limits }
data: { replicas: "5" }
`;

function job(name: string, moment: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata: { name: ${name}, annotations: { argocd.argoproj.io/hook: ${moment} } }
spec:
  template: { spec: { restartPolicy: Never, containers: [{ name: work, image: "registry.example/job:1" }] } }
`;
}

let engine: Engine;
let before: number;

beforeAll(async () => {
  engine = await Engine.open({
    config: {
      policies: [
        'operator',
        {
          name: 'greeted',
          action: 'warn',
          rules: [{ expression: 'object.data.greeting != "rude"', message: 'be kind' }],
          match: { kinds: ['ConfigMap'] },
        },
        {
          name: 'works',
          match: { kinds: ['Job'] },
          rules: [
            { expression: 'object.spec.backoffLimit == 6 && object.metadata.name != "idle"', message: 'is idle' },
          ],
        },
        {
          name: 'kept',
          match: { operations: ['DELETE'], names: ['precious*'] },
          rules: [{ expression: 'false', message: 'is kept' }],
        },
      ],
    },
    files: { 'operator/at-most.yaml': admission },
  });
});

afterAll(() => engine.close());

beforeEach(async () => {
  before = (await auditEvents()).length;
});

const writesIn = async ({ namespace }: TestApplication): Promise<unknown[]> => engineWrites(namespace, before);

describe('a policy of the operator', () => {
  it('that is enforced refuses the sync before its first write, naming object, field and policy', async () => {
    const app = await engine.declare('enforced', { 'web.yaml': service('web', { replicas: 6 }) });
    const sync = await engine.home.cli('sync', app.name);
    expect(sync).toMatchObject({
      code: 7,
      stdout: expect.stringMatching(/^failed: policies forbid this sync; nothing was written: /m),
    });
    expect(sync.stdout).toContain(
      `Deployment ${app.namespace}/web: spec.replicas: at most 5 (policy at-most, web.yaml:`,
    );
    expect(await writesIn(app)).toEqual([]);
    expect(await kubectl('get', 'configmap,deployment', '-n', app.namespace, '-o', 'name')).not.toContain('web');
    const [record] = await engine.client.history(app.id);
    expect(record).toMatchObject({ status: 'failed', errorCode: 'PolicyViolation' });

    const diff = await engine.home.cli('diff', app.name);
    expect(diff.stdout).toMatch(
      /forbidden: Deployment\/web: spec\.replicas: at most 5 \(policy at-most, web\.yaml:\d+\)/,
    );

    app.repository.commit({ 'web.yaml': service('web', { replicas: 5 }) });
    expect(await engine.home.cli('sync', app.name)).toMatchObject({ code: 0 });
  });

  it('that warns lets the sync pass, and shows in the diff of a script', async () => {
    const app = await engine.declare('warned', { 'app.yaml': configMap('app', 'rude') });
    const preview = await engine.client.preview(app.id);
    const report = await engine.client.readReport(preview);
    expect(report.policy).toEqual([
      {
        policy: 'greeted',
        rule: 'rules[0]',
        action: 'warn',
        resource: 'ConfigMap/app',
        namespace: app.namespace,
        field: 'data.greeting',
        message: 'be kind',
        source: 'app.yaml:1',
      },
    ]);
    expect(report.warnings).toEqual([expect.stringContaining('data.greeting: be kind (policy greeted, app.yaml:1)')]);
    expect(preview.violations).toBeUndefined();
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded' });
  });

  it('that warns blocks where validation is required', async () => {
    const app = await engine.declare(
      'strict',
      { 'app.yaml': configMap('app', 'rude') },
      ', validation_required = true',
    );
    expect(await engine.sync(app)).toMatchObject({ status: 'failed', message: expect.stringContaining('be kind') });
    expect(await writesIn(app)).toEqual([]);
  });

  it('about deletions holds a prune, and not the deletion of the application', async () => {
    const app = await engine.declare('pruned', { 'a.yaml': configMap('a'), 'b.yaml': configMap('precious') });
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded' });
    app.repository.commit({ 'b.yaml': null });
    expect(await engine.sync(app, { prune: true })).toMatchObject({
      status: 'failed',
      errorCode: 'PolicyViolation',
      message: expect.stringContaining('ConfigMap pruned-'),
    });
    await engine.home.ok('app', 'delete', app.name, '--yes');
  });
});

describe('hooks', () => {
  it('are asked about as the server would make them, before the first write', async () => {
    const files = { 'a.yaml': configMap('a'), 'idle.yaml': job('idle', 'PreSync, PostSync') };
    const app = await engine.declare('hooked', files);
    const { message, errorCode } = await engine.sync(app);
    expect(errorCode).toBe('PolicyViolation');
    expect(message.match(/is idle \(policy works, idle\.yaml:1\)/g)).toHaveLength(1);
    expect(await writesIn(app)).toEqual([]);
    const diff = await engine.home.cli('diff', app.name);
    expect(diff.stdout).toContain('forbidden: Job/idle: spec.backoffLimit: is idle (policy works, idle.yaml:1)');
  });

  it('of a deletion are asked about too, and nothing is deleted', async () => {
    const app = await engine.declare('farewell', { 'a.yaml': configMap('a'), 'idle.yaml': job('idle', 'PreDelete') });
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded' });
    before = (await auditEvents()).length;
    const deleted = await engine.home.cli('app', 'delete', app.name, '--yes');
    expect(deleted.code).not.toBe(0);
    expect(deleted.stdout + deleted.stderr).toContain('is idle (policy works');
    expect(await writesIn(app)).toEqual([]);
    await engine.home.ok('app', 'delete', app.name, '--keep-resources', '--yes');
  });
});

describe('policies of the repository', () => {
  const own = `apiVersion: sloth-runner.dev/v1
kind: Policy
metadata: { name: own }
spec: { required_labels: [team] }
`;

  it('are the files of a folder, which are not applied', async () => {
    const files = { 'web.yaml': configMap('app'), 'rules/own.yaml': own };
    const app = await engine.declare('own-folder', files, ', policies = "rules/"');
    expect(await engine.sync(app)).toMatchObject({
      status: 'failed',
      errorCode: 'PolicyViolation',
      message: expect.stringContaining('metadata.labels.team: the label is missing (policy own, web.yaml:1)'),
    });
  });

  it.each([
    ['a kustomization', 'rules', { 'kustomization.yaml': 'resources: [web.yaml]\n' }, 'web.yaml'],
    [
      'a chart',
      'templates/rules',
      { 'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n' },
      'templates/web.yaml',
    ],
  ])('lie beside %s as well', async (_title, folder, head, manifest) => {
    const files = { ...head, [manifest]: configMap('app'), [`${folder}/own.yaml`]: own };
    const app = await engine.declare(`own-${folder.length}`, files, `, policies = "${folder}"`);
    expect(await engine.sync(app)).toMatchObject({
      errorCode: 'PolicyViolation',
      message: expect.stringContaining('metadata.labels.team: the label is missing (policy own'),
    });
    const mended = configMap('app').replace('name: app', 'name: app, labels: { team: a }');
    app.repository.commit({ [manifest]: mended });
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded', changes: { created: 1 } });
  });

  it('can be part of the declaration, and cannot take back what the operator demands', async () => {
    const inline = ', policies = {{ name = "at-most", max_replicas = 100 }, { name = "two", max_replicas = 2 }}';
    const app = await engine.declare('own-inline', { 'web.yaml': service('web', { replicas: 6 }) }, inline);
    const { message } = await engine.sync(app);
    expect(message).toContain('at most 5 (policy at-most');
    expect(message).toContain('6 replicas are more than 2 (policy two');
  });

  it('that cannot be read fail the sync with file, line and field', async () => {
    const broken = own.replace('required_labels', 'required_label');
    const app = await engine.declare(
      'own-broken',
      { 'a.yaml': configMap('a'), 'rules/own.yaml': broken },
      ', policies = "rules"',
    );
    expect(await engine.sync(app)).toMatchObject({
      status: 'failed',
      errorCode: 'InvalidPolicy',
      message: expect.stringMatching(/rules\/own\.yaml:4: spec\.required_label: unknown field.*required_labels/),
    });
  });

  it('with a typing error in a declaration are refused there', async () =>
    expect(engine.declare('own-typo', {}, ', policies = {{ name = "a", max_replcas = 1 }}')).rejects.toThrow(
      /policies\[0\]\.max_replcas: unknown field/,
    ));
});

describe('a set that shrinks', () => {
  it('is held until somebody says that it is meant', async () => {
    const files = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`c${n}.yaml`, configMap(`c${n}`)]));
    const app = await engine.declare('shrinking', files);
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded' });
    app.repository.commit({ 'c1.yaml': null, 'c2.yaml': null, 'c3.yaml': null });
    before = (await auditEvents()).length;
    const held = await engine.home.cli('sync', app.name, '--prune');
    expect(held).toMatchObject({
      code: 7,
      stdout: expect.stringMatching(/3 of 5 objects are no longer in the repository.*--allow-shrink/),
    });
    expect(await writesIn(app)).toEqual([]);
    expect(await engine.home.cli('sync', app.name, '--prune', '--allow-shrink')).toMatchObject({ code: 0 });
    expect(await kubectl('get', 'configmap', '-n', app.namespace, '-o', 'name')).not.toContain('c1');
  });
});

describe('a rollback', () => {
  it('a person asks for is warned of, not blocked', async () => {
    const app = await engine.declare('back', { 'a.yaml': configMap('a', 'rude') });
    await engine.sync(app);
    app.repository.commit({ 'a.yaml': configMap('a', 'kind') });
    await engine.sync(app);
    const record = await engine.client.wait(await engine.client.rollback(app.id, 'because'));
    expect(record).toMatchObject({
      status: 'succeeded',
      message: expect.stringMatching(/Warning: ConfigMap .*be kind/),
    });
  });
});
