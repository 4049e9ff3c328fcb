/**
 * Where everything lies that is too large or too private for a history: archives, rendered sets, plans, backups,
 * reports. Bytes are kept under their sha256 and never change; links are the only thing that moves.
 */
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Digest } from '../../domain/digest.js';

export interface ArtifactStore {
  /** Stores the bytes; storing them again costs one look. The bytes are safe on disk when it resolves. */
  put(bytes: Uint8Array): Promise<Digest>;
  /** @throws GitOpsError ArtifactMissing, ArtifactDamaged when the bytes no longer have that digest */
  get(digest: Digest): Promise<Uint8Array>;
  has(digest: Digest): Promise<boolean>;
  /**
   * Points a name at an artifact, in one step that readers see whole or not at all.
   * @param name segments of letters, digits, `.`, `_`, `-`, with `/` between them: `trees/<git tree hash>`
   * @throws GitOpsError InvalidInput for any other name
   */
  link(name: string, digest: Digest): Promise<void>;
  /** Where a name points; undefined when it was never linked. */
  resolve(name: string): Promise<Digest | undefined>;
  /** Removes what killed processes did not finish. For processes that stay, when they start. */
  tidy(): Promise<void>;
}

/** Stores a value as canonical JSON, so that equal values share one digest. */
export function putJson(store: ArtifactStore, value: unknown): Promise<Digest> {
  return store.put(new TextEncoder().encode(canonicalJson(value)));
}

/** @throws GitOpsError ArtifactMissing, ArtifactDamaged */
export async function getJson<T>(store: ArtifactStore, digest: Digest): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await store.get(digest))) as T;
}
