/**
 * What digests and names of artifacts look like, and the failures of reading one: the same for every store.
 */
import { createHash } from 'node:crypto';
import type { Digest } from '../../domain/digest.js';
import { GitOpsError } from '../../domain/errors.js';

const digestForm = /^[0-9a-f]{64}$/;
/** No segment starts with a dot, so none is `..` and none is hidden. */
const linkForm = /^[A-Za-z0-9_-][\w.-]*(?:\/[A-Za-z0-9_-][\w.-]*)*$/;

export function sha256(bytes: Uint8Array): Digest {
  return createHash('sha256').update(bytes).digest('hex');
}

/** `objects/ab/cdef...` @throws GitOpsError InvalidInput */
export function objectKey(digest: Digest): string {
  const text = checkedDigest(digest);
  return `objects/${text.slice(0, 2)}/${text.slice(2)}`;
}

/** `links/<name>` @throws GitOpsError InvalidInput */
export function linkKey(name: string): string {
  if (linkForm.test(name) && name.length <= 200) return `links/${name}`;
  throw new GitOpsError('InvalidInput', `'${name}' cannot name an artifact`);
}

/** @throws GitOpsError InvalidInput */
export function checkedDigest(digest: Digest): Digest {
  if (digestForm.test(digest)) return digest;
  throw new GitOpsError('InvalidInput', `'${digest}' is not the digest of an artifact`, {
    hint: 'a digest has 64 characters, 0-9 and a-f',
  });
}

/** What a link holds; undefined when it was damaged. */
export function linkedDigest(bytes: Uint8Array | undefined): Digest | undefined {
  const text = bytes === undefined ? '' : new TextDecoder().decode(bytes);
  return digestForm.test(text) ? text : undefined;
}

/** @param place where the store keeps things, as its user calls it */
export function artifactMissing(digest: Digest, place: string): GitOpsError {
  return new GitOpsError('ArtifactMissing', `artifact ${digest} is not in ${place}`, {
    hint: 'do all workers share this store, and was it cleaned? A new sync makes its artifacts again',
  });
}

/** @param where the one object lies */
export function artifactDamaged(digest: Digest, where: string): GitOpsError {
  return new GitOpsError('ArtifactDamaged', `artifact ${digest} was changed or cut short in its store`, {
    hint: `remove ${where} and sync again`,
  });
}
