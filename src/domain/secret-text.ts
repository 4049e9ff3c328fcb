/**
 * Text with references to secrets in it, as `"Bearer " .. secret("token")` is in a script. It travels as references and
 * becomes the text itself only in the activity that sends it (docs/decisions/0020-script-modules.md).
 */

/** Text and references in turn: `['Bearer ', 'secret:token', '']`. */
export interface SecretText {
  readonly $secret: readonly string[];
}

export type MaybeSecret = string | SecretText;

export function isSecretText(value: unknown): value is SecretText {
  return typeof value === 'object' && value !== null && '$secret' in value;
}

/** As it prints: the references instead of what they stand for. */
export function shown(value: MaybeSecret): string {
  return isSecretText(value) ? value.$secret.join('') : value;
}

export function referencesIn({ $secret }: SecretText): string[] {
  return $secret.filter((_, i) => i % 2 === 1);
}

/** Every text with references in it replaced by what it prints. */
export function withoutReferences(value: unknown): unknown {
  return mapTexts(value, shown);
}

/** @param replace for each text with references, however deep it stands */
export function mapTexts(value: unknown, replace: (text: SecretText) => unknown): unknown {
  if (isSecretText(value)) return replace(value);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, replace)]));
}

export function textsIn(value: unknown): SecretText[] {
  if (isSecretText(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const reference = /^(\w+ )?((?:secret|env|file):\S+)$/;

/** Where no script put them together: `secret:token`, or behind a word, `Bearer secret:token`, becomes a text with a reference. */
export function withReferences(value: unknown): unknown {
  if (typeof value === 'string') return referenceIn(value);
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null || isSecretText(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withReferences(entry)]));
}

function referenceIn(text: string): MaybeSecret {
  const [, before = '', found] = reference.exec(text) ?? [];
  return found === undefined ? text : { $secret: [before, found, ''] };
}
