/**
 * Digests of what a script is and of what it can see.
 */
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Sha256 } from '../../domain/identity.js';
import type { Script } from '../host.js';

export function valuesDigest(
  { values = {}, params = {}, environment = {} }: Pick<Script, 'values' | 'params' | 'environment'>,
  sha256: Sha256,
): string {
  return sha256(canonicalJson({ values, params, environment }));
}

/** Of its text, and of the files that go with it. */
export function scriptDigest({ source, modules = {} }: Pick<Script, 'source' | 'modules'>, sha256: Sha256): string {
  return Object.keys(modules).length === 0 ? sha256(source) : sha256(canonicalJson({ source, modules }));
}
