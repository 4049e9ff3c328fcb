/**
 * What every artifact store promises, on each of them: a folder, and a bucket of a real S3 server.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getJson, putJson, type ArtifactStore } from '../../src/adapters/artifacts/artifact-store.js';
import { FolderStore } from '../../src/adapters/artifacts/folder-store.js';
import { largestObject, S3Objects, type S3Credentials } from '../../src/adapters/artifacts/s3-objects.js';
import { S3Store } from '../../src/adapters/artifacts/s3-store.js';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { s3Keys, startS3Server, type S3Server } from '../support/s3-server.js';

const home = mkdtempSync(join(tmpdir(), 'sloth-stores-'));
let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
});
afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (b: Uint8Array) => new TextDecoder().decode(b);

function bucket(keys: S3Credentials = s3Keys, port = server.port, name = server.bucket): S3Store {
  const endpoint = `http://127.0.0.1:${port}`;
  const settings = { bucket: name, prefix: 'team/a/', endpoint, region: 'us-east-1', pathStyle: true };
  return new S3Store(new S3Objects(settings, () => Promise.resolve(keys)));
}

interface Kind {
  open(): ArtifactStore;
  /** Where the bytes of a key lie. */
  fileOf(key: string): string;
}

const kinds: [string, Kind][] = [
  ['a folder', { open: () => new FolderStore(home), fileOf: (key) => join(home, 'artifacts', key) }],
  ['a bucket', { open: () => bucket(), fileOf: (key) => server.fileOf(`team/a/${key}`) }],
];
const keyOf = (digest: string) => `objects/${digest.slice(0, 2)}/${digest.slice(2)}`;

describe.each(kinds)('artifacts in %s', (_title, { open, fileOf }) => {
  it('come back as they were put, under the hash of their bytes', async () => {
    const store = open();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (given) => {
        const digest = await store.put(given);
        expect(Buffer.compare(await store.get(digest), given)).toBe(0);
        expect(await store.has(digest)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('share a digest when their values are equal', async () => {
    const store = open();
    const digest = await putJson(store, { b: [1], a: { d: 2, c: 3 } });
    expect(await putJson(open(), { a: { c: 3, d: 2 }, b: [1] })).toBe(digest);
    expect(await getJson(open(), digest)).toEqual({ a: { c: 3, d: 2 }, b: [1] });
  });

  it('of 20 MiB come back whole', async () => {
    const large = new Uint8Array(20 << 20).fill(7);
    const digest = await open().put(large);
    expect(Buffer.compare(await open().get(digest), large)).toBe(0);
  });

  it('are put by many at once, each written once it is there', async () => {
    const digests = await Promise.all(Array.from({ length: 30 }, (_, i) => open().put(bytes(`many ${i % 3}`))));
    expect(new Set(digests).size).toBe(3);
    const [digest = ''] = digests;
    const before = statSync(fileOf(keyOf(digest))).ino;
    await open().put(bytes('many 0'));
    expect(statSync(fileOf(keyOf(digest))).ino).toBe(before);
  });

  it('that are missing say so, and what to do', async () => {
    const missing = { code: 'ArtifactMissing', hint: expect.stringContaining('new sync') };
    await expect(open().get('0'.repeat(64))).rejects.toMatchObject(missing);
    expect(await open().has('0'.repeat(64))).toBe(false);
  });

  it.each(['changed!', 'cut'])('that were damaged (%j) are not handed out', async (content) => {
    const digest = await open().put(bytes(`original ${content}`));
    writeFileSync(fileOf(keyOf(digest)), content);
    const damaged = { code: 'ArtifactDamaged', retryable: false, hint: expect.stringContaining(keyOf(digest)) };
    await expect(open().get(digest)).rejects.toMatchObject(damaged);
    await open().put(bytes(`original ${content}`)); // another length: mended
    expect(text(await open().get(digest))).toBe(`original ${content}`);
  });

  it('have names that point at the last one linked', async () => {
    const store = open();
    const [a, b] = [await store.put(bytes('a')), await store.put(bytes('b'))];
    expect(await store.resolve('trees/abc')).toBeUndefined();
    await store.link('trees/abc', a);
    await store.link('trees/abc', b);
    expect(await open().resolve('trees/abc')).toBe(b);
    writeFileSync(fileOf('links/trees/abc'), 'half');
    expect(await store.resolve('trees/abc')).toBeUndefined();
  });

  it.each(['..', '../../etc/passwd', 'A'.repeat(64), ''])('have neither digest nor name like %j', async (bad) => {
    await expect(open().get(bad)).rejects.toMatchObject({ code: 'InvalidInput' });
    await expect(open().link('name', bad)).rejects.toMatchObject({ code: 'InvalidInput' });
    if (bad.length !== 64) await expect(open().resolve(bad)).rejects.toMatchObject({ code: 'InvalidInput' });
  });
});

describe('a bucket', () => {
  it('with wrong keys refuses us, and its secret is not told', async () => {
    const wrong = { ...s3Keys, secretAccessKey: 'not-the-secret-at-all' };
    const failure: Error = await bucket(wrong)
      .put(bytes('x'))
      .then(
        () => new Error('it was stored'),
        (error: Error) => error,
      );
    expect(failure).toMatchObject({ code: 'NotAllowed', retryable: false });
    expect(failure.message).not.toContain('not-the-secret');
  });

  it('that does not exist is a mistake of the configuration', () =>
    expect(bucket(s3Keys, server.port, 'nowhere').put(bytes('x'))).rejects.toMatchObject({
      code: 'InvalidConfig',
      message: expect.stringContaining("'nowhere'"),
    }));

  it('takes nothing larger than a worker can hold', () =>
    expect(bucket().put(new Uint8Array(largestObject + 1))).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('256 MiB'),
    }));

  it('whose line breaks for a moment is asked again; one that stays away is an outage', async () => {
    const line = await TcpProxy.start(server.port);
    const store = bucket(s3Keys, line.port);
    line.set('refuse');
    const putting = store.put(bytes('through an outage'));
    setTimeout(() => line.set('pass'), 150);
    expect(text(await bucket().get(await putting))).toBe('through an outage');
    line.set('refuse');
    await expect(store.has('1'.repeat(64))).rejects.toMatchObject({
      code: 'ArtifactStoreUnreachable',
      retryable: true,
    });
    await line.stop();
  });
});
