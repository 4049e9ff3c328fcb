/**
 * What a path of a script may mean: `work-folder.yaml`, case by case. And the folder as an archive.
 */
import { mkdir, mkdtemp, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { onFiles } from '../../src/adapters/workspace/folder-files.js';
import { RunFolder, saveLimits } from '../../src/adapters/workspace/run-folder.js';
import { archiveEntries, fingerprint, listFolder } from '../../src/adapters/workspace/snapshot.js';

interface Case {
  readonly path: string;
  readonly real?: string;
  readonly refused?: string;
}

const run = { workflowId: 'script/t/1', runId: 'r' };
const cases = parse(readFileSync(new URL('work-folder.yaml', import.meta.url), 'utf8')) as Case[];
let base: string;
let folder: RunFolder;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'sloth-folder-')));
  folder = await RunFolder.make(join(base, 'one'), run, undefined);
  const at = (path: string): string => join(folder.root, path);
  await mkdir(at('d'));
  await Promise.all([writeFile(at('a.txt'), 'a'), writeFile(at('d/b.txt'), 'b')]);
  const links = { inner: 'a.txt', dlink: 'd', out: '/etc', up: '..', hanging: 'nothing', 'd/deep': '../out' };
  for (const [path, target] of Object.entries(links)) await symlink(target, at(path));
});

afterAll(() => rm(base, { recursive: true, force: true }));

describe('a path in the folder of a run', () => {
  it.each(cases.map((wanted) => [JSON.stringify(wanted.path), wanted] as const))('%s', async (_title, wanted) => {
    const found = folder.path(wanted.path.replace('ROOT', folder.root));
    if (wanted.refused !== undefined) await expect(found).rejects.toThrow(wanted.refused);
    else expect(relative(folder.root, await found)).toBe(wanted.real);
  });

  it('starts from the workdir of the task', async () => {
    expect(relative(folder.root, await folder.path('b.txt', 'd'))).toBe('d/b.txt');
    await expect(folder.path('../a.txt', 'd')).rejects.toThrow("has '..'");
    await expect(folder.path('b.txt', '..')).rejects.toThrow("has '..'");
  });

  it.each(['.git/config', 'd/.git/hooks/x', '.GIT/config'])('%s is not written: it is git`s own', async (path) => {
    await expect(onFiles(folder, 'write', { path, content: 'x' })).rejects.toThrow('belongs to git itself');
  });
});

describe('a folder that is saved and restored', () => {
  it('has the same files, links and digest', async () => {
    const listed = async (root: string) => (await listFolder(root, saveLimits)) ?? [];
    const bytes = await archiveEntries(folder.root, await listed(folder.root));
    const copy = await RunFolder.make(join(base, 'two'), run, bytes);
    expect(await readFile(join(copy.root, 'd/b.txt'), 'utf8')).toBe('b');
    expect(await readlink(join(copy.root, 'out'))).toBe('/etc');
    expect(Buffer.from(await archiveEntries(copy.root, await listed(copy.root))).equals(bytes)).toBe(true);
  });

  it('is not archived again while nobody changes it, and is as soon as somebody does', async () => {
    const print = async (): Promise<string> => fingerprint((await listFolder(folder.root, saveLimits)) ?? []);
    const before = await print();
    expect(await print()).toBe(before);
    await writeFile(join(folder.root, 'a.txt'), 'A');
    expect(await print()).not.toBe(before);
  });
});

it('a step that is tried again answers as it did, and happens once', async () => {
  const append = (): Promise<unknown> =>
    folder.once('s/1', () => onFiles(folder, 'append', { path: 'log', content: 'x' }));
  expect(await Promise.all([append(), append()])).toEqual([true, true]);
  await append();
  expect(await readFile(join(folder.root, 'log'), 'utf8')).toBe('x');
});
