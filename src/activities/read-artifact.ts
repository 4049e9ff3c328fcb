/**
 * Fetches one text out of a JSON artifact, for a script that reads a handle (lua-api.md section 1, "Large text").
 */
import { stringify } from 'yaml';
import { getJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import { GitOpsError } from '../domain/errors.js';
import type { Digest } from '../domain/digest.js';
import { textLimitBytes } from '../domain/text-limits.js';

export function createReadArtifactText({ artifacts }: { artifacts: ArtifactStore }) {
  /**
   * @param input `path` as dotted field names and indexes, `changes.3.diff`
   * @throws GitOpsError ArtifactMissing, InvalidInput when the text is over 1 MiB
   */
  return async function readArtifactText({ digest, path }: { digest: Digest; path: string }): Promise<string> {
    const value = path.split('.').reduce<unknown>(step, await getJson(artifacts, digest));
    const text = typeof value === 'string' ? value : stringify(value ?? '');
    if (Buffer.byteLength(text) <= textLimitBytes) return text;
    throw new GitOpsError(
      'InvalidInput',
      `${path} holds ${Buffer.byteLength(text)} bytes, a script can read ${textLimitBytes}`,
      {
        hint: `read it with: sloth-runner app diff -o json`,
      },
    );
  };
}

function step(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? (value as Record<string, unknown>)[field]
    : undefined;
}
