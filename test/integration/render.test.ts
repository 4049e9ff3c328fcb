/**
 * Kustomize, helm and several sources through the public door: declared by scripts, synced from the command line, with
 * kubectl as the witness; and `render`, which shows the set without applying it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { auditEvents, engineWrites, freshNamespace, kubectlJson } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { openHome, type Home } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

const chart = 'apiVersion: v2\nname: shop\nversion: 0.1.0\n';
const template = `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }}-facts }
data:
  namespace: {{ .Release.Namespace }}
  greeting: {{ .Values.greeting | quote }}
  tag: {{ .Values.image.tag | quote }}
  kube: {{ .Capabilities.KubeVersion.Version }}
  apps: {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" | quote }}
  nowhere: {{ .Capabilities.APIVersions.Has "example.com/v1/Nowhere" | quote }}
`;

let home: Home;
let repository: TestRepository;
let other: TestRepository;
let namespace: string;

beforeAll(async () => {
  home = await openHome();
  namespace = await freshNamespace('render');
  repository = createRepository({
    'base/kustomization.yaml': 'resources: [web.yaml]\n',
    'base/web.yaml': configMap('web'),
    'overlays/prod/kustomization.yaml': 'resources: [../../base]\nnamePrefix: prod-\n',
    'chart/Chart.yaml': chart,
    'chart/values.yaml': 'greeting: of the chart\nimage: { tag: "0" }\n',
    'chart/templates/facts.yaml': template,
    'env/prod.yaml': 'greeting: of the file\n',
    'plain/a.yaml': configMap('a'),
    'plain/b.yaml': configMap('b', '${greeting:-none} from ${sloth_app} at ${sloth_environment}'),
    'plain/secret.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { p: hunter2 }\n',
  });
  other = createRepository({ 'a.yaml': configMap('a', 'of the other'), 'c.yaml': configMap('c') });
});

afterAll(async () => {
  await home.close();
  repository.remove();
  other.remove();
});

function declare(name: string, fields: string): Promise<string> {
  const source = `assert(gitops.workflow({ name = "${name}", namespace = "${namespace}", ${fields} }))`;
  return home.ok('run', '-f', home.file(`${name}.lua`, source.replaceAll('URL', repository.url)));
}

async function dataOf(name: string): Promise<Record<string, string> | undefined> {
  const { items } = await kubectlJson('get', 'configmaps', '-n', namespace);
  return items.find((item) => item.metadata.name === name)?.['data'] as Record<string, string> | undefined;
}

const sync = (name: string): Promise<SyncRecord> => home.json<SyncRecord>('app', 'sync', name);

describe('a kustomize overlay', () => {
  it('is built with the base outside its path', async () => {
    await declare('overlay', 'repo = "URL", path = "overlays/prod"');
    expect(await sync('overlay')).toMatchObject({ status: 'succeeded', changes: { created: 1 } });
    expect(await dataOf('prod-web')).toEqual({ greeting: 'hello' });
  });

  it('changes with its base, and is unchanged by what it does not build on', async () => {
    const before = (await home.json<{ lastSync: SyncRecord }>('app', 'get', 'overlay')).lastSync;
    repository.commit({ 'README.md': 'read me' });
    expect((await sync('overlay')).tree).toBe(before.tree);
    repository.commit({ 'base/web.yaml': configMap('web', 'again') });
    const after = await sync('overlay');
    expect(after).toMatchObject({ status: 'succeeded', changes: { updated: 1 } });
    expect(after.tree).not.toBe(before.tree);
  });

  it('fails with the file and line to mend, and writes nothing', async () => {
    const writes = (await auditEvents()).length;
    repository.commit({ 'base/kustomization.yaml': 'resources:\n  - web.yaml\n  - gone.yaml\n' });
    expect(await home.cli('sync', 'overlay')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('base/kustomization.yaml:3: there is no file or folder base/gone.yaml'),
    });
    expect(await engineWrites(namespace, writes)).toEqual([]);
    repository.commit({ 'base/kustomization.yaml': 'resources: [web.yaml]\n' });
  });
});

describe('a chart', () => {
  it('is rendered for this cluster; parameters beat values, values beat files, files beat the chart', async () => {
    await declare(
      'shop',
      `repo = "URL", path = "chart", render = { helm = { values_files = "../env/prod.yaml",
         values = { image = { tag = "1" } }, parameters = { ["image.tag"] = "2,5" } } }`,
    );
    expect(await sync('shop')).toMatchObject({ status: 'succeeded' });
    expect(await dataOf('shop-facts')).toEqual({
      namespace,
      greeting: 'of the file',
      tag: '2,5',
      kube: expect.stringMatching(/^v1\.\d+/),
      apps: 'true',
      nowhere: 'false',
    });
  });

  it('fails with the line of the template', async () => {
    const bad = template.replace('.Values.greeting', 'required "greet them" .Values.hello');
    const commit = repository.commit({ 'chart/templates/facts.yaml': bad }, 'bad-chart');
    expect(await home.cli('sync', 'shop', '--revision', commit)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('chart/templates/facts.yaml:6: greet them'),
    });
  });
});

describe('several sources', () => {
  it('are one set: the later wins, with a warning that names both', async () => {
    await declare('many', `repo = "URL", path = "plain", repos = { { repo = "${other.url}" } }`);
    const record = await sync('many');
    expect(record).toMatchObject({ status: 'succeeded', changes: { created: 4 } });
    expect(record.warnings).toEqual([
      `ConfigMap a of ${other.url} a.yaml:1 takes the place of the one of ${repository.url} plain/a.yaml:1: the later source wins`,
    ]);
    expect(record.revisions).toEqual([{ repository: other.url, path: '.', revision: expect.any(String) }]);
    expect([await dataOf('a'), await dataOf('c')]).toEqual([{ greeting: 'of the other' }, { greeting: 'hello' }]);
    expect((await home.cli('diff', 'many')).stdout).toContain('warning: ConfigMap a of');
  });

  it('are rolled back as one', async () => {
    const before = (await home.json<{ items: SyncRecord[] }>('app', 'history', 'many')).items[0];
    other.commit({ 'c.yaml': configMap('c', 'changed') });
    repository.commit({ 'plain/a.yaml': configMap('a', 'changed') });
    await sync('many');
    expect(await dataOf('c')).toEqual({ greeting: 'changed' });
    await home.ok('rollback', 'many', before?.id ?? '');
    expect(await dataOf('c')).toEqual({ greeting: 'hello' });
  });

  it('are declared by repos alone, too', async () => {
    await declare('alone', `repos = { { repo = "URL", path = "plain" }, { repo = "${other.url}" } }`);
    expect(await home.json('app', 'get', 'alone')).toMatchObject({
      spec: { source: { url: repository.url, path: 'plain' }, further: [{ source: { url: other.url } }] },
    });
  });
});

describe('auto-sync', () => {
  const history = async (app: string): Promise<SyncRecord[]> =>
    (await home.json<{ items: SyncRecord[] }>('app', 'history', app)).items;
  const auto = 'auto_sync = true, sync_interval = "1s"';

  it('follows the base of an overlay', async () => {
    await home.ok('app', 'delete', 'overlay', '--yes');
    await declare('follows', `repo = "URL", path = "overlays/prod", ${auto}`);
    const commit = repository.commit({ 'base/web.yaml': configMap('web', 'followed') });
    const record = await eventually(async () => (await history('follows')).find((r) => r.revision === commit));
    expect(record).toMatchObject({ status: 'succeeded', trigger: 'auto' });
  });

  it('follows every source', async () => {
    repository.commit({ 'env2/e.yaml': configMap('e') });
    other.commit({ 'x/f.yaml': configMap('f') });
    await declare('both', `repo = "URL", path = "env2", repos = { { repo = "${other.url}", path = "x" } }, ${auto}`);
    await eventually(async () => (await history('both'))[0]);
    const commit = other.commit({ 'x/f.yaml': configMap('f', 'followed') });
    const moved = (r: SyncRecord): boolean => r.revisions?.[0]?.revision === commit;
    const record = await eventually(async () => (await history('both')).find(moved));
    expect(record).toMatchObject({ status: 'succeeded', trigger: 'auto', why: expect.stringContaining(other.url) });
    expect(await dataOf('f')).toEqual({ greeting: 'followed' });
  });
});

describe('render', () => {
  it('shows what a sync of an application would apply: tracked, in its namespace, Secrets masked', async () => {
    await declare(
      'shown',
      'repo = "URL", path = "plain", environment = "prod", render = { variables = {}, exclude = "a.yaml" }',
    );
    const writes = (await auditEvents()).length;
    const list = await home.json<{ items: { metadata: object; data?: object }[] }>('render', 'shown');
    const tracked = {
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'sloth-runner' },
      annotations: { 'sloth-runner.dev/app': expect.stringMatching(/^workflow-\d+$/) },
    };
    expect(list.items).toEqual([
      expect.objectContaining({ metadata: { name: 'b', ...tracked }, data: { greeting: 'none from shown at prod' } }),
      expect.objectContaining({ metadata: { name: 's', ...tracked }, stringData: { p: '***' } }),
    ]);
    expect(await engineWrites(namespace, writes)).toEqual([]);
    expect(await home.ok('render', 'shown', '-o', 'name')).toBe('configmap/b\nsecret/s\n');
  });

  it('shows an application at another revision', async () => {
    const commit = repository.commit({ 'plain/d.yaml': configMap('d') }, 'elsewhere');
    expect(await home.ok('render', 'shown', '--revision', commit, '-o', 'name')).toContain('configmap/d');
  });

  it('shows a path with neither server nor cluster', async () => {
    const folder = join(home.dir, 'checkout');
    execFileSync('git', ['clone', '--quiet', repository.path, folder]);
    const env = { SLOTH_HOME: join(home.dir, 'empty'), KUBECONFIG: '/nowhere', TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const lonely = await openHome({ env });
    try {
      const overlay = await lonely.ok('render', join(folder, 'overlays/prod'));
      expect(overlay).toMatch(/^# Source: base\/web\.yaml:2\napiVersion: v1\n[^]*\n {2}name: prod-web\n$/);
      const values = lonely.file('values.yaml', 'greeting: "yes"\n');
      const args = ['--values', values, '--release-name', 'r', '--namespace', 'n', '--kube-version', '1.30'];
      const rendered = await lonely.ok('render', join(folder, 'chart'), ...args);
      expect(rendered).toContain('name: r-facts');
      expect(rendered).toContain('greeting: "yes"');
      expect(rendered).toContain('kube: v1.30');
      expect(await lonely.ok('render', join(folder, 'plain/a.yaml'), '-o', 'name')).toBe('configmap/a\n');
    } finally {
      await lonely.close();
    }
  });

  it.each([
    ['a path that is not there', ['./nope'], 1, /there is no file or folder \.\/nope/],
    ['an unknown type', ['.', '--type', 'jsonnet'], 2, /Allowed choices are plain, kustomize, helm/],
    ['an unknown format', ['.', '-o', 'xml'], 2, /'xml' is not an output format/],
    ['a revision of a path', ['.', '--revision', 'v1'], 2, /--revision has no meaning for a path/],
    ['values of an application', ['shown', '--values', 'v.yaml'], 2, /--values has no meaning for an application/],
    ['an unknown application', ['nobody'], 4, /unknown GitOps workflow 'nobody'/],
  ] as const)('refuses %s', async (_title, args, code, message) => {
    const result = await home.cli('render', ...args);
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code, stderr: expect.stringMatching(message) });
  });
});

describe('a declaration is refused', () => {
  it.each([
    ['with an unknown type', 'render = { type = "kustomise" }', /kustomise.*did you mean 'kustomize'/],
    ['with a typing error', 'render = { incldue = "*.yaml" }', /render\.incldue.*did you mean 'include'/],
    ['with a typing error below', 'render = { helm = { value = {} } }', /render\.helm\.value.*did you mean 'values'/],
    [
      'with a field of another type',
      'render = { type = "plain", helm = {} }',
      /render\.helm has no meaning for type plain/,
    ],
    ['with a variable that is a table', 'render = { variables = { a = { 1 } } }', /variables\.a' \(string or number/],
    ['with a source that names no repository', 'repos = { { path = "x" } }', /repos\[1\]\.repo is missing/],
    [
      'with a literal token in a source',
      'repos = { { repo = "URL", credentials = { type = "token", token = "abc" } } }',
      /secret/,
    ],
    [
      'with a source that leaves its repository',
      'repos = { { repo = "URL", path = "../x" } }',
      /path '\.\.\/x' leaves/,
    ],
  ] as const)('%s', async (_title, fields, message) => {
    const source = `assert(gitops.workflow({ name = "refused", repo = "URL", ${fields} }))`;
    const result = await home.cli('run', '-f', home.file('bad.lua', source.replaceAll('URL', repository.url)));
    expect(result).toMatchObject({ code: expect.any(Number), stderr: expect.stringMatching(message) });
    expect(result.code).not.toBe(0);
    expect(await home.cli('get', 'refused')).toMatchObject({ code: 4 });
  });
});
