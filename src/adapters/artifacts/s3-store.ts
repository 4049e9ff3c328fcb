/**
 * The artifact store of many machines: a bucket of anything that speaks S3, with the keys of the folder store
 * (`objects/ab/cdef...`, `links/<name>`). S3 shows an object whole or not at all, and the latest one at once.
 */
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
import type { S3Objects } from './s3-objects.js';

export class S3Store implements ArtifactStore {
  constructor(private readonly objects: S3Objects) {}

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = sha256(bytes);
    const key = objectKey(digest);
    if ((await this.objects.size(key)) !== bytes.byteLength) await this.objects.put(key, bytes, inBase64(digest));
    return digest;
  }

  async get(digest: Digest): Promise<Uint8Array> {
    const key = objectKey(digest);
    const bytes = await this.objects.get(key);
    if (bytes === undefined) throw artifactMissing(digest, this.objects.place);
    if (sha256(bytes) !== digest) throw artifactDamaged(digest, `${this.objects.place}${key}`);
    return bytes;
  }

  async has(digest: Digest): Promise<boolean> {
    return (await this.objects.size(objectKey(digest))) !== undefined;
  }

  async link(name: string, digest: Digest): Promise<void> {
    const bytes = new TextEncoder().encode(checkedDigest(digest));
    await this.objects.put(linkKey(name), bytes, inBase64(sha256(bytes)));
  }

  async resolve(name: string): Promise<Digest | undefined> {
    return linkedDigest(await this.objects.get(linkKey(name)));
  }

  /** Nothing: what was not sent to the end is not there. */
  async tidy(): Promise<void> {}
}

function inBase64(digest: Digest): string {
  return Buffer.from(digest, 'hex').toString('base64');
}
