/**
 * One digest over what a script can see besides its own text.
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
