/**
 * The artifact store of one machine, or of several that share a folder: `<home>/artifacts/objects/ab/cdef...` and
 * `<home>/artifacts/links/<name>`, `<home>/artifacts/unfinished` for what is being written. Any number of processes may
 * read and write it at once.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../domain/digest.js';
import {
  artifactDamaged,
  artifactMissing,
  checkedDigest,
  linkedDigest,
  linkKey,
  objectKey,
  sha256,
} from './artifact-names.js';
import type { ArtifactStore } from './artifact-store.js';
import { removeAbandoned, writeDurably } from './durable-file.js';

export class FolderStore implements ArtifactStore {
  private readonly folder: string;
  private readonly unfinished: string;

  constructor(home: string) {
    this.folder = join(home, 'artifacts');
    this.unfinished = this.path('unfinished');
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = sha256(bytes);
    const path = this.path(objectKey(digest));
    if ((await sizeOf(path)) !== bytes.byteLength) await this.write(path, bytes);
    return digest;
  }

  async get(digest: Digest): Promise<Uint8Array> {
    const path = this.path(objectKey(digest));
    const bytes = await readIfThere(path);
    if (bytes === undefined) throw artifactMissing(digest, this.folder);
    if (sha256(bytes) !== digest) throw artifactDamaged(digest, path);
    return bytes;
  }

  async has(digest: Digest): Promise<boolean> {
    return (await sizeOf(this.path(objectKey(digest)))) !== undefined;
  }

  async link(name: string, digest: Digest): Promise<void> {
    await this.write(this.path(linkKey(name)), checkedDigest(digest));
  }

  async resolve(name: string): Promise<Digest | undefined> {
    return linkedDigest(await readIfThere(this.path(linkKey(name))));
  }

  tidy(): Promise<void> {
    return removeAbandoned(this.unfinished);
  }

  private write(path: string, bytes: Uint8Array | string): Promise<void> {
    return writeDurably(path, bytes, this.unfinished);
  }

  private path(key: string): string {
    return join(this.folder, key);
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
