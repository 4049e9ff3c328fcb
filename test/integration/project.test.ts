/**
 * Projects, on a server in production mode: what an application may not do is refused before its first write, with the
 * API server's audit log as witness.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditEvents, engineWrites, freshNamespace, kubectl } from '../support/cluster.js';
import type { CommandResult, Home } from '../support/home.js';
import { configMap, service } from '../support/manifests.js';
import { openProduction, type Production } from '../support/production.js';
import { createRepository, type TestRepository } from '../support/repository.js';

const clusterRole = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: project-test-nobody-has-this }
rules: []
`;

let production: Production;
let home: Home;
let repository: TestRepository;
let other: string;
let before: number;

beforeAll(async () => {
  other = await freshNamespace('other');
  repository = createRepository({
    'role/role.yaml': clusterRole,
    'role/a.yaml': configMap('a'),
    'web/web.yaml': service('web'),
    'space/a.yaml': configMap('a').replace('name: a', `name: a, namespace: ${other}`),
    'plain/a.yaml': configMap('a'),
  });
  production = await openProduction({
    config: {
      allowed_folders: ['/tmp'],
      projects: {
        shop: {
          destinations: [{ namespace: 'shop-*' }],
          sources: ['file:///**', '!file:///secret/**'],
          namespace_kinds: { deny: ['apps/*'] },
        },
        admins: { cluster_kinds: { allow: ['rbac.authorization.k8s.io/*'] } },
        elsewhere: { sources: ['https://github.com/acme/*'] },
      },
    },
  });
  home = production.home;
});

afterAll(async () => {
  await production.close();
  repository.remove();
});

beforeEach(async () => {
  before = (await auditEvents()).length;
});

const declare = (fields: string): Promise<CommandResult> =>
  home.cli('run', '-f', home.file('declare.lua', `assert(gitops.workflow({ repo = "${repository.url}", ${fields} }))`));

/** Declares and syncs. */
async function sync(project: string, name: string, namespace: string, path: string): Promise<CommandResult> {
  const fields = `name = "${name}", namespace = "${namespace}", path = "${path}", project = "${project}"`;
  expect(await declare(fields)).toMatchObject({ code: 0 });
  return home.cli('sync', `${project}/${name}`);
}

describe('a project', () => {
  it('called default refuses what is cluster-scoped', async () => {
    const namespace = await freshNamespace('clustered');
    expect(await sync('default', 'clustered', namespace, 'role')).toMatchObject({
      code: 7,
      stdout: expect.stringMatching(
        /ClusterRole project-test-nobody-has-this: kind: .* is cluster-scoped.*project default, role\/role\.yaml:1/,
      ),
    });
    expect(await engineWrites(namespace, before)).toEqual([]);
    expect(await kubectl('get', 'clusterrole', '-o', 'name')).not.toContain('project-test-nobody-has-this');
  });

  it('allows the cluster-scoped kinds it names', async () => {
    const namespace = await freshNamespace('admins');
    expect(await sync('admins', 'roles', namespace, 'role')).toMatchObject({ code: 0 });
    expect(await kubectl('get', 'clusterrole', '-o', 'name')).toContain('project-test-nobody-has-this');
    await home.ok('app', 'delete', 'admins/roles', '--yes');
  });

  it('refuses kinds it denies', async () => {
    const namespace = await freshNamespace('shop-kinds');
    expect(await sync('shop', 'kinds', namespace, 'web')).toMatchObject({
      code: 7,
      stdout: expect.stringContaining('the project does not allow apps/Deployment (policy project shop'),
    });
    expect(await engineWrites(namespace, before)).toEqual([]);
  });

  it('refuses objects in namespaces that are not its own', async () => {
    const namespace = await freshNamespace('shop-space');
    expect(await sync('shop', 'space', namespace, 'space')).toMatchObject({
      code: 7,
      stdout: expect.stringContaining(
        `metadata.namespace: the project does not allow namespace ${other} of cluster default`,
      ),
    });
    expect(await engineWrites(other, before)).toEqual([]);
  });

  it.each([
    [
      'that does not exist',
      'name = "p1", namespace = "shop-a", project = "shpo"',
      /there is no project 'shpo'.*did you mean 'shop'/s,
    ],
    [
      'that does not allow the destination',
      'name = "p2", namespace = "other", project = "shop"',
      /project shop does not allow namespace other of cluster default/,
    ],
    [
      'that does not allow the repository',
      'name = "p3", namespace = "shop-a", project = "elsewhere"',
      /project elsewhere does not allow the repository file:/,
    ],
  ])('%s is refused when the application is declared', async (_title, fields, message) => {
    const result = await declare(fields);
    expect(result.code).not.toBe(0);
    expect(result.stderr + result.stdout).toMatch(message);
  });
});
