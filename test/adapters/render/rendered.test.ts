/**
 * What render makes of a source: plain files, kustomize and helm, the last two by their real programs.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renderFolder } from '../../../src/adapters/render/render-folder.js';
import { renderSource, type RenderFacts } from '../../../src/adapters/render/render-source.js';
import type { RenderOptions } from '../../../src/domain/render-options.js';
import type { RenderedObject } from '../../../src/domain/rendered-set.js';
import { configMap } from '../../support/manifests.js';
import { sourceOf, type WrittenFiles } from './source-of.js';

async function render(
  files: WrittenFiles,
  options: RenderOptions = {},
  facts: Partial<RenderFacts> = {},
  folder = 'app',
): Promise<readonly RenderedObject[]> {
  const signal = new AbortController().signal;
  return (await renderSource(sourceOf(files, folder), options, { appName: 'shop', signal, ...facts })).objects;
}

const names = (objects: readonly RenderedObject[]): string[] => objects.map(({ object }) => object.metadata.name);
const places = (objects: readonly RenderedObject[]): (string | undefined)[] => objects.map(({ source }) => source);
const only = (objects: readonly RenderedObject[]) => objects[0]?.object;

describe('plain manifests', () => {
  const files = {
    'app/a.yaml': configMap('a'),
    'app/b.yml': configMap('b'),
    'app/sub/c.yaml': configMap('c'),
    'app/sub/deep/d.yaml': configMap('d'),
    'elsewhere/e.yaml': configMap('e'),
  };
  it.each<[string, RenderOptions, string[]]>([
    ['are looked for below the path', {}, ['a', 'b', 'c', 'd']],
    ['are not, when recurse is off', { recurse: false }, ['a', 'b']],
    ['are those that include names', { include: ['sub/**'] }, ['c', 'd']],
    ['are those of any depth for a glob without a slash', { include: ['*.yaml'] }, ['a', 'c', 'd']],
    ['are those right in a folder for a glob with one', { include: ['sub/*.yaml'] }, ['c']],
    ['are those of the path for a glob that begins with one', { include: ['./*.yaml'] }, ['a']],
    ['may match one of several globs', { include: ['a.yaml', '**/d.yaml'] }, ['a', 'd']],
    ['may match alternatives', { include: ['{a,c}.yaml'] }, ['a', 'c']],
    ['lose those that exclude names', { exclude: ['deep/**', 'sub/deep/*', 'b.*'] }, ['a', 'c']],
    ['lose also what include names', { include: ['*.yaml'], exclude: ['sub/**'] }, ['a']],
  ])('%s', async (_title, options, expected) => expect(names(await render(files, options))).toEqual(expected));

  it('name each member of a List by its own line', async () =>
    expect(
      places(
        await render({
          'app/l.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${JSON.stringify({ apiVersion: 'v1', kind: 'A', metadata: { name: 'a' } })}\n- ${JSON.stringify({ apiVersion: 'v1', kind: 'A', metadata: { name: 'b' } })}\n`,
        }),
      ),
    ).toEqual(['app/l.yaml:4', 'app/l.yaml:5']));

  it('leave links out, with a warning', async () => {
    const source = sourceOf({ 'app/a.yaml': configMap('a'), 'app/b.yaml': { link: 'a.yaml' } });
    const facts = { appName: 'shop', signal: new AbortController().signal };
    expect((await renderSource(source, {}, facts)).warnings).toEqual(['app/b.yaml is a link and was left out']);
  });
});

describe('variables', () => {
  const text = (data: string, more = ''): WrittenFiles => ({
    'app/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a${more} }\ndata:\n${data}`,
  });
  const facts = { namespace: 'web', revision: 'abc', environment: 'prod' };
  const variables = { n: '3', flag: 'yes', word: 'some text', map: '{ a: 1 }', colon: 'a: b', nothing: '' };
  it.each<[string, string, unknown]>([
    ['a number where it stands alone', 'v: ${n}', 3],
    ['a boolean as YAML 1.1 reads it', 'v: ${flag}', true],
    ['text between quotes', 'v: "${n}"', '3'],
    ['text inside text', 'v: x${n}y', 'x3y'],
    ['text in a block', 'v: |-\n    echo ${n}', 'echo 3'],
    ['a flow collection', 'v: ${map}', { a: 1 }],
    ['text when it only looks like a map', 'v: ${colon}', 'a: b'],
    ['nothing', 'v: ${nothing}', null],
    ['a default with its type', 'v: ${x:-7}', 7],
    ['an escaped reference', 'v: $${n}', '${n}'],
    ['the name of the application', 'v: ${sloth_app}', 'shop'],
    [
      'its namespace, revision and environment',
      'v: ${sloth_namespace}/${sloth_revision}/${sloth_environment}',
      'web/abc/prod',
    ],
    ['no comment', 'v: 1 # ${undefined_here}', 1],
  ])('give %s', async (_title, line, value) =>
    expect(only(await render(text(`  ${line}\n`), { variables }, facts))?.['data']).toEqual({ v: value }),
  );

  it('are heard in keys', async () =>
    expect(only(await render(text('  k-${n}: v\n'), { variables }))?.['data']).toEqual({ 'k-3': 'v' }));

  it('are left alone when the declaration has none', async () =>
    expect(only(await render(text('  v: ${n}\n')))?.['data']).toEqual({ v: '${n}' }));

  it('are left alone in an object that opts out', async () => {
    const optOut = ', annotations: { sloth-runner.dev/substitute: disabled }';
    expect(only(await render(text('  v: ${nobody}\n', optOut), { variables }))?.['data']).toEqual({ v: '${nobody}' });
  });

  it('are heard in what kustomize and helm give', async () => {
    const base = { 'app/kustomization.yaml': 'resources: [a.yaml]', ...text('  v: ${n}\n') };
    expect(only(await render(base, { variables }))?.['data']).toEqual({ v: 3 });
    const chart = {
      'app/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'app/templates/a.yaml': text('  v: ${n}\n')['app/a.yaml'] ?? '',
    };
    expect(only(await render(chart, { variables }))?.['data']).toEqual({ v: 3 });
  });
});

describe('a kustomization', () => {
  const files = {
    'overlays/prod/kustomization.yaml':
      'resources: [../../base]\nnamePrefix: p-\nimages: [{ name: web, newTag: "2" }]\n',
    'base/kustomization.yaml':
      'resources: [all.yaml]\nconfigMapGenerator: [{ name: gen, literals: [a=b], options: { disableNameSuffixHash: true } }]\n',
    'base/all.yaml': `${configMap('web')}---\napiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: web }] }\n`,
  };
  it('is built over its folders, each object with the file it comes from', async () => {
    const objects = await render(files, {}, {}, 'overlays/prod');
    const found = objects.map(({ object, source }) => [object.kind, object.metadata, source]);
    expect(found).toEqual([
      ['ConfigMap', { name: 'p-gen' }, 'base/kustomization.yaml'],
      ['ConfigMap', { name: 'p-web' }, 'base/all.yaml:2'],
      ['Pod', { name: 'p-web' }, 'base/all.yaml:7'],
    ]);
    expect(JSON.stringify(objects)).toContain('web:2');
  });

  it('keeps the build metadata that it asks for itself', async () => {
    const asked = {
      ...files,
      'overlays/prod/kustomization.yaml': 'resources: [../../base]\nbuildMetadata: [originAnnotations]\n',
    };
    expect(only(await render(asked, {}, {}, 'overlays/prod'))?.metadata.annotations).toHaveProperty([
      'config.kubernetes.io/origin',
    ]);
  });

  it.each([
    ['JSON', '{"resources": ["a.yaml"]}'],
    ['a document with its marks', '---\nresources: [a.yaml]\n...\n'],
    ['a file without a last line end', 'resources: [a.yaml]'],
  ])('may be %s', async (_title, kustomization) =>
    expect(names(await render({ 'app/kustomization.yaml': kustomization, 'app/a.yaml': configMap('a') }))).toEqual([
      'a',
    ]),
  );

  it('may follow a link inside the repository', async () => {
    const linked = {
      'app/kustomization.yaml': 'resources: [a.yaml]',
      'app/a.yaml': { link: 'real.yaml' },
      'app/real.yaml': configMap('a'),
    };
    expect(names(await render(linked))).toEqual(['a']);
  });
});

describe('a chart', () => {
  const chart = {
    'app/Chart.yaml':
      'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies: [{ name: sub, version: 1.x, repository: "" }]\n',
    'app/values.yaml': 'a: chart\nb: chart\nc: chart\nd: chart\nlist: [1, 2]\n',
    'app/crds/w.yaml':
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: widgets.example.com }\n',
    'app/charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.2.3\n',
    'app/charts/sub/templates/s.yaml': configMap('sub'),
    'app/templates/NOTES.txt': 'Thank you',
    'app/templates/m.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: m, annotations: { helm.sh/hook: pre-install } }
data: { v: "{{ list .Values.a .Values.b .Values.c .Values.d | join "," }}", ns: {{ .Release.Namespace }}, r: {{ .Release.Name }} }
`,
    'app/templates/t.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: { name: t, annotations: { helm.sh/hook: test } }\n',
    'env/one.yaml': 'b: one\nc: one\nd: one\n',
    'env/two.yaml': 'c: two\nd: two\n',
  };
  const main = async (helm: RenderOptions['helm'], facts: Partial<RenderFacts> = {}) =>
    (await render(chart, helm === undefined ? {} : { helm }, facts)).find(({ object }) => object.metadata.name === 'm')
      ?.object;

  it('gives definitions, subcharts and hooks, without tests and notes', async () => {
    const objects = await render(chart);
    expect(names(objects).sort()).toEqual(['m', 'sub', 'widgets.example.com']);
    expect(objects.find(({ object }) => object.metadata.name === 'm')).toMatchObject({
      object: { metadata: { annotations: { 'helm.sh/hook': 'pre-install' } } },
      source: 'app/templates/m.yaml:2',
    });
    expect(places(objects).sort()).toEqual([
      'app/charts/sub/templates/s.yaml:2',
      'app/crds/w.yaml:2',
      'app/templates/m.yaml:2',
    ]);
  });

  it.each<[string, RenderOptions['helm'], string[]]>([
    ['leaves definitions out', { skipCrds: true }, ['m', 'sub']],
    ['gives tests', { skipTests: false, skipCrds: true }, ['m', 'sub', 't']],
  ])('%s when asked to', async (_title, helm = {}, expected) =>
    expect(names(await render(chart, { helm })).sort()).toEqual(expected),
  );

  it('takes values from the chart, files in their order, values and parameters, the later over the earlier', async () => {
    const helm = { valuesFiles: ['../env/one.yaml', '../env/two.yaml'], values: { d: 'values' } };
    expect((await main(helm))?.['data']).toMatchObject({ v: 'chart,one,two,values' });
    expect((await main({ ...helm, parameters: { d: 'set', a: 7 } }))?.['data']).toMatchObject({ v: '7,one,two,set' });
  });

  it('may repeat a key: the last one counts', async () => {
    const twice = {
      ...chart,
      'app/templates/m.yaml': 'apiVersion: v1\nkind: A\nmetadata:\n  name: m\n  labels: { a: one, a: two }\n',
    };
    const objects = await render(twice);
    expect(objects.find(({ object }) => object.kind === 'A')?.object.metadata.labels).toEqual({ a: 'two' });
  });

  it('is told namespace, name and what the cluster can do', async () => {
    const asked = {
      ...chart,
      'app/templates/m.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\ndata: { k: {{ .Capabilities.KubeVersion }}, x: "{{ .Capabilities.APIVersions.Has "x/v1" }}", ns: {{ .Release.Namespace }}, r: {{ .Release.Name }} }\n',
    };
    const facts = {
      namespace: 'web',
      cluster: () => Promise.resolve({ kubeVersion: 'v1.31.2', apiVersions: ['x/v1'] }),
    };
    const of = async (helm: RenderOptions['helm'] = {}) =>
      (await render(asked, { helm }, facts)).find(({ object }) => object.metadata.name === 'm')?.object['data'];
    expect(await of()).toEqual({ k: 'v1.31.2', x: 'true', ns: 'web', r: 'shop' });
    const told = { kubeVersion: '1.29.0', apiVersions: [], namespace: 'other', releaseName: 'rel' };
    expect(await of(told)).toEqual({ k: 'v1.29.0', x: 'false', ns: 'other', r: 'rel' });
  });

  it('does not ask the cluster when it was told all', async () => {
    const cluster = () => Promise.reject(new Error('the cluster was asked'));
    await expect(main({ kubeVersion: '1.30.0', apiVersions: ['v1'] }, { cluster })).resolves.toBeDefined();
    await expect(main({ kubeVersion: '1.30.0' }, { cluster })).rejects.toThrow('the cluster was asked');
  });
});

describe('a folder on disk', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'sloth-folder-'));
    const files = {
      'base/kustomization.yaml': 'resources: [web.yaml]',
      'base/web.yaml': configMap('web'),
      'overlays/prod/kustomization.yaml': 'resources: [../../base]\n',
      'plain/a.yaml': configMap('a'),
      'plain/b.yaml': configMap('b'),
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const rendered = async (path: string): Promise<(string | undefined)[]> =>
    places((await renderFolder(join(root, path))).objects);

  it.each([
    ['of manifests', 'plain', ['a.yaml:1', 'b.yaml:1']],
    ['that is one manifest', 'plain/b.yaml', ['b.yaml:1']],
    ['with a kustomization over its base', 'overlays/prod', ['base/web.yaml:2']],
    ['named by its kustomization', 'overlays/prod/kustomization.yaml', ['base/web.yaml:2']],
  ])('%s is rendered', async (_title, path, expected) => expect(await rendered(path)).toEqual(expected));

  it('is named from the root of its repository', async () => {
    mkdirSync(join(root, '.git'));
    expect(await rendered('plain')).toEqual(['plain/a.yaml:1', 'plain/b.yaml:1']);
    expect(await rendered('overlays/prod')).toEqual(['base/web.yaml:2']);
    rmSync(join(root, '.git'), { recursive: true });
  });

  it('leaves nothing behind', async () => {
    const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('sloth-render-'));
    const before = left();
    await rendered('overlays/prod');
    expect(left().filter((name) => !before.includes(name))).toEqual([]);
  });
});
