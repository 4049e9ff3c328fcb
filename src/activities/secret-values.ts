/**
 * From texts with references to the texts themselves, for the one activity that sends them; and the masks for whatever
 * comes back.
 */
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import { maskKnown } from '../domain/redaction.js';
import { mapTexts, referencesIn, textsIn } from '../domain/secret-text.js';

export interface Resolved<T> {
  readonly value: T;
  /** The secrets that are in it. */
  readonly secrets: readonly string[];
  /** Without any of them, however the other side wrote it back. */
  mask(text: string): string;
}

/** @throws GitOpsError SecretUnavailable */
export async function resolveTexts<T>(given: unknown, resolve: ResolveSecret): Promise<Resolved<T>> {
  const references = [...new Set(textsIn(given).flatMap(referencesIn))];
  const values = new Map(await Promise.all(references.map(async (one) => [one, await resolve(one)] as const)));
  const text = ({ $secret }: { readonly $secret: readonly string[] }): string =>
    $secret.map((part, i) => (i % 2 === 1 ? (values.get(part) ?? '') : part)).join('');
  const secrets = [...values.values()].filter((secret) => secret.length > 3);
  return { value: mapTexts(given, text) as T, secrets, mask: (shown) => maskKnown(shown, secrets) };
}
