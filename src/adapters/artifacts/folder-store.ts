/**
 * The artifact store of one machine, or of several that share a folder: `<home>/artifacts/objects/ab/cdef...` and
 * `<home>/artifacts/links/<name>`. Any number of processes may read and write it at once.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GitOpsError } from '../../domain/errors.js';
import type { Digest } from '../../domain/digest.js';
import type { ArtifactStore } from './artifact-store.js';
import { writeDurably } from './durable-file.js';

const digestForm = /^[0-9a-f]{64}$/;
/** No segment starts with a dot, so none is `..` and none is hidden. */
const linkForm = /^[A-Za-z0-9_-][\w.-]*(?:\/[A-Za-z0-9_-][\w.-]*)*$/;

export class FolderStore implements ArtifactStore {
  private readonly folder: string;

  constructor(home: string) {
    this.folder = join(home, 'artifacts');
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = sha256(bytes);
    const path = this.objectPath(digest);
    if ((await sizeOf(path)) !== bytes.byteLength) await writeDurably(path, bytes);
    return digest;
  }

  async get(digest: Digest): Promise<Uint8Array> {
    const path = this.objectPath(digest);
    const bytes = await readIfThere(path);
    if (bytes === undefined) throw missing(digest, this.folder);
    if (sha256(bytes) !== digest) throw damaged(digest, path);
    return bytes;
  }

  async has(digest: Digest): Promise<boolean> {
    return (await sizeOf(this.objectPath(digest))) !== undefined;
  }

  async link(name: string, digest: Digest): Promise<void> {
    await writeDurably(this.linkPath(name), checked(digest));
  }

  async resolve(name: string): Promise<Digest | undefined> {
    const bytes = await readIfThere(this.linkPath(name));
    const digest = bytes?.toString('utf8');
    return digest !== undefined && digestForm.test(digest) ? digest : undefined;
  }

  private objectPath(digest: Digest): string {
    const text = checked(digest);
    return join(this.folder, 'objects', text.slice(0, 2), text.slice(2));
  }

  private linkPath(name: string): string {
    if (linkForm.test(name) && name.length <= 200) return join(this.folder, 'links', name);
    throw new GitOpsError('InvalidInput', `'${name}' cannot name an artifact`);
  }
}

function sha256(bytes: Uint8Array): Digest {
  return createHash('sha256').update(bytes).digest('hex');
}

function checked(digest: Digest): Digest {
  if (digestForm.test(digest)) return digest;
  throw new GitOpsError('InvalidInput', `'${digest}' is not the digest of an artifact`, {
    hint: 'a digest has 64 characters, 0-9 and a-f',
  });
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

function missing(digest: Digest, folder: string): GitOpsError {
  return new GitOpsError('ArtifactMissing', `artifact ${digest} is not in ${folder}`, {
    hint: 'do all workers share this folder, and was it cleaned? A new sync makes its artifacts again',
  });
}

function damaged(digest: Digest, path: string): GitOpsError {
  return new GitOpsError('ArtifactDamaged', `artifact ${digest} was changed or cut short on disk`, {
    hint: `remove ${path} and sync again`,
  });
}
