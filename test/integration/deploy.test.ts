/**
 * The manifests of `deploy/`: rendered by the real kustomize and helm, taken by the real API server, and as strict as they
 * say. The container file is linted, not built: there is nothing here to build it with.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { configFileSchema } from '../../src/config/config-file.js';
import { findOrInstallTool } from '../../src/local/tools-cache.js';
import { allRoles } from '../../src/worker/roles.js';
import { freshNamespace, kubectl, testCluster } from '../support/cluster.js';

const folder = fileURLToPath(new URL('../../deploy/', import.meta.url));
const run = promisify(execFile);

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

const renderers: [string, () => Promise<string>][] = [
  [
    'kustomize',
    async () => (await run(await findOrInstallTool('kubectl'), ['kustomize', join(folder, 'kustomize')])).stdout,
  ],
  [
    'helm',
    async () => {
      const args = ['template', 'sloth-runner', join(folder, 'helm/sloth-runner'), '--namespace', 'sloth-runner'];
      return (await run(await findOrInstallTool('helm'), [...args, '--set', 'workers.cluster.clusters={a,b}'])).stdout;
    },
  ],
];

beforeAll(() => kubectl('create', 'namespace', 'sloth-runner').catch(() => undefined));

describe.each(renderers)('deploy/%s', (title, render) => {
  let text: string;
  let objects: Rendered[];

  beforeAll(async () => {
    text = await render();
    objects = parseAllDocuments(text).map((document) => document.toJS() as Rendered);
  });

  it('is taken by the API server', async () => {
    const path = join((await testCluster()).auditLog, '..', `${title}.yaml`);
    writeFileSync(path, text);
    const answer = await kubectl('apply', '--namespace', 'sloth-runner', '--dry-run=server', '--filename', path);
    expect(answer.trim().split('\n')).toHaveLength(objects.length);
  });

  it('has workers of every role and the API, each able to be moved', () => {
    const deployments = objects.filter((object) => object.kind === 'Deployment');
    const roles = deployments.flatMap((one) => (one['spec'].template.spec.containers[0].args[2] as string).split(','));
    expect(roles.sort()).toEqual([...allRoles, 'api'].sort());
    expect(objects.filter((object) => object.kind === 'PodDisruptionBudget')).toHaveLength(deployments.length);
    expect(objects.filter((object) => object.kind === 'NetworkPolicy')).toHaveLength(2);
  });

  it('runs nothing as root, with nothing to write to but its volumes', () => {
    for (const { spec } of objects.filter((object) => object.kind === 'Deployment')) {
      const pod = spec.template.spec;
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod.containers[0]).toMatchObject({
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
        resources: {
          requests: { cpu: expect.anything(), memory: expect.anything() },
          limits: { memory: expect.anything() },
        },
        livenessProbe: expect.anything(),
        startupProbe: expect.anything(),
      });
    }
  });

  it('lets the API be asked from labelled namespaces alone, and shows it no token but in a file', () => {
    const named = (kind: string): Rendered | undefined =>
      objects.find((object) => object.kind === kind && object.metadata.name === 'sloth-runner-api');
    const pod = named('Deployment')?.['spec'].template;
    const [container] = pod.spec.containers;
    const file = container.args[container.args.indexOf('--token-file') + 1] as string;
    expect(container.volumeMounts).toContainEqual({ name: 'token', mountPath: dirname(file), readOnly: true });
    expect(pod.spec.volumes.find(({ name }: { name: string }) => name === 'token')).toMatchObject({
      secret: { secretName: 'sloth-runner-api', items: [{ key: basename(file), path: basename(file) }] },
    });
    expect(container.env.map(({ value }: { value?: string }) => value)).not.toContain(undefined);
    expect([container.livenessProbe.httpGet.path, container.readinessProbe.httpGet.path]).toEqual([
      '/healthz',
      '/readyz',
    ]);
    const service = named('Service')?.['spec'];
    expect(pod.metadata.labels).toMatchObject(service.selector);
    expect(service.ports[0].targetPort).toBe(container.ports[0].name);
    expect(container.args).toContain(`0.0.0.0:${container.ports[0].containerPort}`);
    const policy = named('NetworkPolicy')?.['spec'];
    expect(pod.metadata.labels).toMatchObject(policy.podSelector.matchLabels);
    expect(policy.ingress).toEqual([
      {
        from: [{ namespaceSelector: { matchLabels: { 'sloth-runner.dev/api-access': 'allowed' } } }],
        ports: [{ port: 'http', protocol: 'TCP' }],
      },
    ]);
  });

  it('has Pods that the level `restricted` lets in', async () => {
    const namespace = await freshNamespace('restricted');
    await kubectl('label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted');
    const items = objects
      .filter((object) => object.kind === 'Deployment')
      .map(({ metadata: { name }, spec: { template } }) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: template.metadata.labels },
        spec: { ...template.spec, serviceAccountName: 'default' },
      }));
    const path = join((await testCluster()).auditLog, '..', `${title}-pods.json`);
    writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const answer = await kubectl('create', '--namespace', namespace, '--dry-run=server', '--filename', path);
    expect(answer.trim().split('\n')).toHaveLength(items.length);
  });

  it('gives rights to the workers of the cluster alone, and none over rights', () => {
    const accounts = objects
      .filter((object) => object.kind === 'Deployment' && object['spec'].template.spec.automountServiceAccountToken)
      .map((object) => object['spec'].template.spec.serviceAccountName as string);
    expect(accounts).toEqual(['sloth-runner-cluster']);
    const rules = objects.filter((object) => object.kind === 'ClusterRole').flatMap((role) => role['rules']);
    expect(rules.flatMap((rule) => rule.apiGroups)).not.toContain('rbac.authorization.k8s.io');
    expect(rules.flatMap((rule) => rule.apiGroups)).not.toContain('*');
  });

  it('has a configuration that the server takes', () => {
    const map = objects.find((object) => object.kind === 'ConfigMap');
    expect(configFileSchema.safeParse(parse(map?.['data']['config.yaml'] as string)).error).toBeUndefined();
  });
});

describe('deploy/Containerfile', () => {
  const path = join(folder, 'Containerfile');
  const lines = readFileSync(path, 'utf8')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const said = (word: string): string[][] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.split(/\s+/).slice(1));

  it('has nothing that the linter objects to', async () => {
    const { stdout } = await run(await findOrInstallTool('hadolint'), ['--failure-threshold', 'none', path]);
    expect(stdout).toBe('');
  });

  it('builds on one pinned image and on folders that are there', () => {
    const [base = '', ...others] = said('FROM').map(([image]) => image);
    expect(base).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
    expect(others.every((other) => other === base)).toBe(true);
    const copied = said('COPY').filter(([first]) => !first?.startsWith('--'));
    const missing = copied
      .flatMap((words) => words.slice(0, -1))
      .filter((name) => !existsSync(join(folder, '..', name)));
    expect(missing).toEqual([]);
  });

  it('runs the command as the user of the manifests, with nothing secret in it', () => {
    expect(said('USER')).toEqual([['10001:10001']]);
    const [entry = []] = said('ENTRYPOINT');
    const command = JSON.parse(entry.join(' ')) as string[];
    expect(command.at(-1)).toBe('/opt/sloth-runner/bin/sloth-runner.js');
    expect([...said('ENV'), ...said('ARG')].flat().join(' ')).not.toMatch(/token|secret|password|key/i);
  });
});
