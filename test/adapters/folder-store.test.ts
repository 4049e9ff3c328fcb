import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getJson, putJson } from '../../src/adapters/artifacts/artifact-store.js';
import { FolderStore } from '../../src/adapters/artifacts/folder-store.js';
import { identify, processPlace } from '../../src/local/process-identity.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folders: string[] = [];
function open(): { store: FolderStore; home: string } {
  const home = mkdtempSync(join(tmpdir(), 'sloth-store-'));
  folders.push(home);
  return { store: new FolderStore(home), home };
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (b: Uint8Array) => new TextDecoder().decode(b);
const pathOf = (home: string, digest: string) =>
  join(home, 'artifacts', 'objects', digest.slice(0, 2), digest.slice(2));
/** Processes that can see each other. */
const place = processPlace();
const unfinishedIn = (home: string) => join(home, 'artifacts', 'unfinished');
const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((f) => f.isFile())
        .map((f) => f.name)
    : [];

describe('artifacts in a folder', () => {
  it('come back as they were put, under the hash of their bytes', async () => {
    const { store } = open();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (given) => {
        const digest = await store.put(given);
        expect(digest).toMatch(/^[0-9a-f]{64}$/);
        expect(Buffer.compare(await store.get(digest), given)).toBe(0);
        expect(await store.has(digest)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('share a digest when their values are equal', async () => {
    const { store } = open();
    const digest = await putJson(store, { b: [1], a: { d: 2, c: 3 } });
    expect(await putJson(store, { a: { c: 3, d: 2 }, b: [1] })).toBe(digest);
    expect(await getJson(store, digest)).toEqual({ a: { c: 3, d: 2 }, b: [1] });
  });

  it('are put by many at once', async () => {
    const { store, home } = open();
    const other = new FolderStore(home);
    const digests = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? store : other).put(bytes(`${i % 3}`))),
    );
    expect(new Set(digests).size).toBe(3);
    for (const digest of digests) expect(Number(text(await store.get(digest)))).toBeLessThan(3);
    expect(filesIn(join(home, 'artifacts'))).toHaveLength(3);
  });

  it('can be read by their owner alone', async () => {
    const { store, home } = open();
    expect(statSync(pathOf(home, await store.put(bytes('a')))).mode & 0o077).toBe(0);
    expect(statSync(join(home, 'artifacts')).mode & 0o077).toBe(0);
  });

  it('that are missing say so, and what to do', async () => {
    const { store } = open();
    await expect(store.get('0'.repeat(64))).rejects.toMatchObject({
      code: 'ArtifactMissing',
      hint: expect.stringContaining('new sync'),
    });
    expect(await store.has('0'.repeat(64))).toBe(false);
  });

  it.each(['changed on disk', ''])('that are damaged (%j) are not handed out', async (content) => {
    const { store, home } = open();
    const digest = await store.put(bytes('the artifact'));
    writeFileSync(pathOf(home, digest), content);
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'ArtifactDamaged', retryable: false });
  });

  it('that were cut short are mended by putting them again', async () => {
    const { store, home } = open();
    const digest = await store.put(bytes('the artifact'));
    writeFileSync(pathOf(home, digest), 'the art');
    await store.put(bytes('the artifact'));
    expect(text(await store.get(digest))).toBe('the artifact');
  });

  it.each(['..', '../../etc/passwd', 'A'.repeat(64), 'a'.repeat(63), ''])('have no digest like %j', async (digest) => {
    const { store } = open();
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'InvalidInput' });
    await expect(store.link('name', digest)).rejects.toMatchObject({ code: 'InvalidInput' });
  });
});

describe('names of artifacts', () => {
  it('point at the last one linked', async () => {
    const { store } = open();
    const [a, b] = [await store.put(bytes('a')), await store.put(bytes('b'))];
    expect(await store.resolve('trees/abc')).toBeUndefined();
    await store.link('trees/abc', a);
    await store.link('trees/abc', b);
    expect(await store.resolve('trees/abc')).toBe(b);
  });
  it('that were damaged point nowhere', async () => {
    const { store, home } = open();
    await store.link('a', await store.put(bytes('a')));
    writeFileSync(join(home, 'artifacts', 'links', 'a'), 'half');
    expect(await store.resolve('a')).toBeUndefined();
  });
  it.each(['../x', 'a/../b', '/etc/x', '.hidden', 'a/.b', '', 'a b', 'a//b', 'a/', 'x'.repeat(201), 'a\0'])(
    'are not %j',
    (name) => expect((async () => open().store.resolve(name))()).rejects.toMatchObject({ code: 'InvalidInput' }),
  );
});

describe('a crash', () => {
  it('between writing and renaming leaves nothing that could be read', async () => {
    const { store, home } = open();
    const digest = await store.put(bytes('x'.repeat(1000)));
    const path = pathOf(home, digest);
    rmSync(path);
    writeFileSync(join(unfinishedIn(home), '0b0e.1.1.host.tmp'), 'x'.repeat(500));
    expect(await store.has(digest)).toBe(false);
    await expect(store.get(digest)).rejects.toMatchObject({ code: 'ArtifactMissing' });
    expect(await store.put(bytes('x'.repeat(1000)))).toBe(digest);
    expect(readFileSync(path, 'utf8')).toHaveLength(1000);
  });

  it('at any moment leaves each artifact whole or absent, and what it left is removed', async () => {
    const { store, home } = open();
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', putForEver(home)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await new Promise((resolve) => setTimeout(resolve, 60));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const digests = artifactsIn(home);
    expect(digests.length).toBeGreaterThan(0);
    for (const digest of digests) expect(await store.get(digest)).toHaveLength(300_000);
    writeFileSync(join(unfinishedIn(home), `0b0e.${child.pid}.1.${place}.tmp`), 'half');
    await store.tidy();
    expect(readdirSync(unfinishedIn(home))).toEqual([]);
  });

  it('is told from a writer that is at work, here and elsewhere', async () => {
    const { store, home } = open();
    await store.put(bytes('a'));
    const { pid, startedAt } = identify(process.pid);
    const mine = `1.${pid}.${startedAt}.${place}.tmp`;
    const earlier = `2.${pid}.1.${place}.tmp`; // the same number, before the container was started again
    const elsewhere = `3.1.1.1.${hostname()}.tmp`; // a container of the same host name
    const longGone = '4.1.1.1.another.host.tmp';
    for (const name of [mine, earlier, elsewhere, longGone]) writeFileSync(join(unfinishedIn(home), name), 'half');
    utimesSync(join(unfinishedIn(home), longGone), 0, 0);
    await store.tidy();
    expect(readdirSync(unfinishedIn(home)).sort()).toEqual([mine, elsewhere]);
  });

  it('of a write leaves no temporary file behind', async () => {
    const { store, home } = open();
    const path = pathOf(home, await store.put(bytes('a')));
    rmSync(path);
    mkdirSync(join(path, 'in the way'), { recursive: true });
    await expect(store.put(bytes('a'))).rejects.toThrow();
    expect(filesIn(home)).toEqual([]);
  });
});

/** A worker that stores one large artifact after the other, until it is killed. */
function putForEver(home: string): string {
  return `
    import { FolderStore } from './src/adapters/artifacts/folder-store.ts';
    const store = new FolderStore(${JSON.stringify(home)});
    for (let i = 0; ; i++) console.log(await store.put(new Uint8Array(300_000).fill(i % 256).fill(i >> 8, 0, 1)));`;
}

function artifactsIn(home: string): string[] {
  const objects = join(home, 'artifacts', 'objects');
  return readdirSync(objects).flatMap((two) => readdirSync(join(objects, two)).map((name) => two + name));
}
