/**
 * Texts of scripts that are too large for a history: kept in the artifact store, with a handle in their place
 * (lua-api.md section 1, "Large text").
 */
import { getJson, putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { Digest } from '../domain/digest.js';
import { heldFromBytes } from '../domain/text-limits.js';

/** What a script finds as a field that is fetched when it is first read. */
export interface TextHandle {
  readonly $artifact: Digest;
  readonly path: string;
}

export type HeldText = string | TextHandle;

/** On its way in: text that a script hands over. */
export type PassedText = string | { readonly text: Digest };

/** The same fields, with a handle for each text that is too large. */
export async function heldTexts<K extends string>(
  texts: Readonly<Record<K, string>>,
  put: (value: unknown) => Promise<Digest>,
): Promise<Record<K, HeldText>> {
  const large = Object.entries<string>(texts).filter(([, text]) => Buffer.byteLength(text) > heldFromBytes);
  if (large.length === 0) return texts;
  const $artifact = await put(Object.fromEntries(large));
  return { ...texts, ...Object.fromEntries(large.map(([path]) => [path, { $artifact, path }])) };
}

export function createHoldText({ artifacts }: { artifacts: ArtifactStore }) {
  /** Called as a local activity: what it is given is in no history. */
  return async function holdText({ text }: { text: string }): Promise<{ text: Digest }> {
    return { text: await putJson(artifacts, { text }) };
  };
}

export async function textOf(artifacts: ArtifactStore, passed: PassedText): Promise<string> {
  return typeof passed === 'string' ? passed : (await getJson<{ text: string }>(artifacts, passed.text)).text;
}
