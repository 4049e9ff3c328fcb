import { describe, expect, it } from '@jest/globals';
import { pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { renderPlain } from '../../src/adapters/manifests/plain-manifests.js';
import { filesOfArchive } from '../../src/adapters/render/source-files.js';
import { refuseDuplicates } from '../../src/domain/rendered-set.js';
import { configMap } from '../support/manifests.js';

type Entry = string | { readonly type: 'symlink'; readonly linkname: string };

async function tarOf(files: Readonly<Record<string, Entry>>): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, entry] of Object.entries(files))
    if (typeof entry === 'string') tar.entry({ name }, entry);
    else tar.entry({ name, ...entry });
  tar.finalize();
  return buffer(tar);
}
const render = async (files: Readonly<Record<string, Entry>>, folder = 'apps') => {
  const objects = await renderPlain({ files: await filesOfArchive(await tarOf(files), folder), folder });
  refuseDuplicates(objects);
  return objects;
};
const list = `apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: ConfigMap, metadata: { name: a } }
- { apiVersion: v1, kind: Secret, metadata: { name: b } }
`;

describe('manifests of a folder', () => {
  it('are every document of every file, with file and line, in the order of the files', async () =>
    expect(
      (
        await render({ 'b.yml': configMap('b'), 'a/a.yaml': `${configMap('a')}---\n# gap\n---\n${configMap('c')}` })
      ).map(({ object, source }) => [object.metadata.name, source]),
    ).toEqual([
      ['a', 'apps/a/a.yaml:1'],
      ['c', expect.stringMatching(/^apps\/a\/a\.yaml:\d$/)],
      ['b', 'apps/b.yml:1'],
    ]));

  it('are the members of a List', async () =>
    expect((await render({ 'l.yaml': list })).map(({ object }) => object.kind)).toEqual(['ConfigMap', 'Secret']));

  it('are JSON as well', async () => {
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'j' } });
    expect((await render({ 'j.json': json }, '.')).map((o) => [o.object.metadata.name, o.source])).toEqual([
      ['j', 'j.json:1'],
    ]);
  });

  it('are neither other files, hidden ones, empty ones nor links', async () =>
    expect(
      await render({
        'README.md': '# a: b: c',
        '.github/workflows/ci.yaml': 'on: push',
        'empty.yaml': '',
        'comment.yaml': '# nothing\n---\n',
        'link.yaml': { type: 'symlink', linkname: '/etc/passwd' },
      }),
    ).toEqual([]));

  it('may share a name over namespaces, kinds and groups', async () =>
    expect(
      await render({
        'a.yaml': [
          configMap('a'),
          configMap('a').replace('name: a', 'name: a, namespace: ns'),
          configMap('a').replace('ConfigMap', 'Secret'),
        ].join('---\n'),
      }),
    ).toHaveLength(3));
});

describe('manifests are refused', () => {
  it('when two define one object, naming both places', async () =>
    expect(render({ 'a.yaml': configMap('a'), 'b.yaml': `---\n${configMap('a')}` })).rejects.toMatchObject({
      code: 'DuplicateObject',
      message: 'ConfigMap a is defined twice: apps/a.yaml:1 and apps/b.yaml:2',
    }));

  it('when two API versions define one object', async () => {
    const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n';
    await expect(
      render({ 'a.yaml': `${deployment}---\n${deployment.replace('v1', 'v1beta1')}` }),
    ).rejects.toMatchObject({
      code: 'DuplicateObject',
    });
  });

  it.each([
    ['without a name', 'apiVersion: v1\nkind: ConfigMap\n', /^apps\/a\.yaml:1: ConfigMap: metadata\.name is missing/],
    ['with an empty metadata', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n', /metadata\.name is missing/],
    [
      'with a number as name',
      'apiVersion: v1\nkind: A\nmetadata: { name: 5 }\n',
      /^apps\/a\.yaml:3: A: metadata\.name must be text, not the number 5/,
    ],
    [
      'with generateName',
      'apiVersion: v1\nkind: Job\nmetadata: { generateName: a- }\n',
      /^apps\/a\.yaml:1: Job: .*generateName/,
    ],
    ['without a kind', '\napiVersion: v1\nmetadata: { name: a }\n', /^apps\/a\.yaml:2: a: kind is missing/],
    ['without an apiVersion', 'kind: A\nmetadata: { name: a }\n', /^apps\/a\.yaml:1: A a: apiVersion is missing/],
    ['that are a list', '- a\n', /^apps\/a\.yaml:1: the document is no object/],
    ['that are text', 'just text\n', /^apps\/a\.yaml:1: the document is no object/],
    [
      'in a List with a bad member',
      list.replace('name: b', 'nome: b'),
      /items\[1\]: Secret: metadata\.name is missing/,
    ],
    ['that are no YAML', 'a: {b\n', /^apps\/a\.yaml:\d+: /],
  ])('%s', async (_title, text, message) =>
    expect(render({ 'a.yaml': text })).rejects.toMatchObject({
      code: 'RenderFailed',
      message: expect.stringMatching(message),
      hint: expect.any(String),
    }),
  );

  it('over 10 MiB', async () =>
    expect(
      render({ 'a.yaml': `# ${'x'.repeat(6 << 20)}`, 'b.yaml': `# ${'x'.repeat(5 << 20)}` }),
    ).rejects.toMatchObject({
      code: 'RenderFailed',
      message: expect.stringContaining('10 MiB'),
    }));
});
