import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { objectLimitBytes, ObjectReader } from '../../src/adapters/repository/object-reader.js';
import { archiveTree, parseTree } from '../../src/adapters/repository/tree-archive.js';

const dir = mkdtempSync(join(tmpdir(), 'sloth-tree-'));
const git = (args: string[], input = ''): string => execFileSync('git', args, { cwd: dir, input }).toString().trim();
git(['init', '--quiet', '--bare']);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const started: ReturnType<typeof spawn>[] = [];
const reader = new ObjectReader(() => {
  const child = spawn('git', ['cat-file', '--batch'], { cwd: dir, stdio: 'pipe' });
  started.push(child);
  return child;
});

const blob = (text: string): string => git(['hash-object', '-w', '--stdin'], text);
/** `mktree` takes any name, also those no working copy could have. */
const tree = (...entries: string[]): string => git(['mktree', '--missing'], `${entries.join('\n')}\n`);
const file = (name: string, text: string, mode = '100644'): string => `${mode} blob ${blob(text)}\t${name}`;

async function entriesOf(tar: Uint8Array): Promise<string[]> {
  const entries: string[] = [];
  for await (const entry of Readable.from([Buffer.from(tar)]).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { type, name, mode = 0, linkname } = entry.header;
    entries.push([type, name, mode.toString(8), linkname ?? Buffer.concat(chunks).toString('utf8')].join(' '));
  }
  return entries;
}

describe('the archive of a tree', () => {
  it('holds files, programs, links and folders, and no submodules', async () => {
    const inner = tree(file('b.yaml', 'b: 1'));
    const root = tree(
      file('a.yaml', 'a: 1'),
      file('run.sh', '#!/bin/sh', '100755'),
      file('link', 'a.yaml', '120000'),
      `040000 tree ${inner}\tinner`,
      `160000 commit ${'1'.repeat(40)}\tmodule`,
    );
    expect(await entriesOf(await archiveTree(reader, root))).toEqual([
      'file a.yaml 644 a: 1',
      'file inner/b.yaml 644 b: 1',
      'symlink link 644 a.yaml',
      'file run.sh 755 #!/bin/sh',
    ]);
  });

  it('is the same bytes each time', async () => {
    const root = tree(file('a.yaml', 'a: 1'));
    expect(Buffer.from(await archiveTree(reader, root)).equals(Buffer.from(await archiveTree(reader, root)))).toBe(
      true,
    );
  });

  it('holds large files whole', async () => {
    const text = 'x'.repeat(3_000_000);
    writeFileSync(join(dir, 'large'), text);
    const [entry = ''] = await entriesOf(
      await archiveTree(reader, tree(`100644 blob ${git(['hash-object', '-w', 'large'])}\tlarge`)),
    );
    expect(entry.length).toBe(`file large 644 ${text}`.length);
  });

  it('of more than 64 MiB is refused, with the folder that is too much', async () => {
    writeFileSync(join(dir, 'half'), Buffer.alloc(40 * 1024 * 1024));
    const half = `100644 blob ${git(['hash-object', '-w', 'half'])}`;
    const nested = tree(`${half}\ta`, `040000 tree ${tree(`${half}\tb`)}\tinner`);
    const message = expect.stringMatching(/^inner\/ in the application's folder: .*more than 64 MiB/);
    await expect(archiveTree(reader, nested)).rejects.toMatchObject({ code: 'RenderFailed', message });
    const flat = archiveTree(reader, tree(`${half}\ta`, `${half}\tb`));
    const flatMessage = expect.stringMatching(/^the application's folder: .*more than 64 MiB/);
    await expect(flat).rejects.toMatchObject({ code: 'RenderFailed', message: flatMessage });
  });

  it('of folders that hold one another many times over is refused', async () => {
    let bomb = tree(file('a', 'a'.repeat(100_000)));
    for (let i = 0; i < 10; i++) {
      bomb = tree(...Array.from({ length: 10 }, (_, j) => `040000 tree ${bomb}\t${j}`));
    }
    await expect(archiveTree(reader, bomb)).rejects.toMatchObject({ code: 'RenderFailed' });
  });

  it('holds more files than are asked for at once, in order', async () => {
    const names = Array.from({ length: 150 }, (_, i) => `f${String(i).padStart(3, '0')}`);
    const line = file('x', 'same').slice(0, -1);
    const root = tree(...names.map((name) => `${line}${name}`));
    expect(await entriesOf(await archiveTree(reader, root))).toEqual(names.map((name) => `file ${name} 644 same`));
  });

  it.each(['..', '.', '.git', '.GIT'])('of a repository with a file %s is refused', async (name) => {
    const raw = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob('x'), 'hex')]);
    writeFileSync(join(dir, 'raw'), raw);
    const hostile = git(['hash-object', '-w', '-t', 'tree', '--literally', 'raw']);
    await expect(archiveTree(reader, hostile)).rejects.toMatchObject({ code: 'RenderFailed' });
  });

  it('that the mirror does not hold is worth another fetch', async () => {
    await expect(archiveTree(reader, '2'.repeat(40))).rejects.toMatchObject({ code: 'RepositoryUnreachable' });
  });

  it('is read by a new git when the old one was killed', async () => {
    const root = tree(file('a.yaml', 'a: 1'));
    await archiveTree(reader, root);
    const killed = started.at(-1);
    const gone = new Promise((resolve) => killed?.once('close', resolve));
    killed?.kill('SIGKILL');
    await gone;
    expect(await entriesOf(await archiveTree(reader, root))).toEqual(['file a.yaml 644 a: 1']);
  });
});

describe('one object that cannot be read', () => {
  const large = (): string => {
    writeFileSync(join(dir, 'large'), Buffer.alloc(objectLimitBytes + 1));
    return git(['hash-object', '-w', 'large']);
  };

  it.each<[string, () => string, string]>([
    ['is too large', large, 'RenderFailed'],
    ['is missing', () => '3'.repeat(40), 'RepositoryUnreachable'],
  ])('as it %s fails its asker alone', async (_title, make, code) => {
    const asked = [blob('a'), make(), blob('b'), make(), blob('c'.repeat(200_000))];
    const answers = await Promise.allSettled(asked.map((hash) => reader.read(hash)));
    const told = answers.map((a) => (a.status === 'fulfilled' ? a.value.content.toString() : a.reason.code));
    expect(told).toEqual(['a', code, 'b', code, 'c'.repeat(200_000)]);
    expect((await reader.read(blob('d'))).content.toString()).toBe('d');
  });
});

it.each([1, 2, 7, 1000])('answers are read from chunks of %i bytes', async (size) => {
  const child = Object.assign(new EventEmitter(), {
    stdout: new EventEmitter(),
    stdin: Object.assign(new EventEmitter(), { write: () => true }),
    unref: () => undefined,
    kill: () => true,
  });
  const answers = Buffer.from('1 blob 5\nab\ncd\n2 missing\n3 blob 0\n\n4 tree 2\nef\n');
  const read = new ObjectReader(() => child as unknown as ChildProcessWithoutNullStreams);
  const told = Promise.allSettled(['1', '2', '3', '4'].map((hash) => read.read(hash)));
  for (let at = 0; at < answers.length; at += size) child.stdout.emit('data', answers.subarray(at, at + size));
  expect((await told).map((a) => (a.status === 'fulfilled' ? a.value.content.toString() : a.reason.code))).toEqual([
    'ab\ncd',
    'RepositoryUnreachable',
    '',
    'ef',
  ]);
});

it('trees of sha256 repositories have longer hashes', () => {
  const hash = 'ab'.repeat(32);
  const content = Buffer.concat([Buffer.from('100644 a\0'), Buffer.from(hash, 'hex')]);
  expect(parseTree(content, 32)).toEqual([{ mode: '100644', name: 'a', hash }]);
});
