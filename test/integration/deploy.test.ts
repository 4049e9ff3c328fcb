/**
 * The manifests of `deploy/`: rendered by the real kustomize and helm, taken by the real API server, and as strict as they
 * say.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { configFileSchema } from '../../src/config/config-file.js';
import { findOrInstallTool } from '../../src/local/tools-cache.js';
import { allRoles } from '../../src/worker/roles.js';
import { kubectl, testCluster } from '../support/cluster.js';

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

  it('has workers of every role, each able to be moved', () => {
    const deployments = objects.filter((object) => object.kind === 'Deployment');
    const roles = deployments.flatMap((one) => (one['spec'].template.spec.containers[0].args[2] as string).split(','));
    expect(roles.sort()).toEqual([...allRoles].sort());
    expect(objects.filter((object) => object.kind === 'PodDisruptionBudget')).toHaveLength(deployments.length);
    expect(objects.filter((object) => object.kind === 'NetworkPolicy')).toHaveLength(1);
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
        resources: { requests: { cpu: expect.anything(), memory: expect.anything() }, limits: { memory: '2Gi' } },
        livenessProbe: expect.anything(),
        startupProbe: expect.anything(),
      });
    }
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
