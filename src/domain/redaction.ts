/**
 * The one masking function: every message that leaves an activity passes through it (design.md section 3, rule 9).
 * Servers, git and renderers quote their input in errors, so a token can turn up in any text.
 */

const masks: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,})/g, '***'],
  [/(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '***'],
  [/eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '***'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '***'],
  [/(authorization:\s*(?:bearer|basic)\s+)\S+/gi, '$1***'],
  [/((?:password|passwd|token|secret|api[_-]?key)["']?\s*[=:]\s*["']?)(?!\*\*\*)[^\s"',;}]{6,}/gi, '$1***'],
  [/(?<=\w:\/\/)[^\s/"]+@/g, '***@'], // last: what the others leave may stand in a user's place
];

const maximumLength = 4096;

/**
 * The text without credentials, control characters other than newline and tab shown escaped, at most 4 KiB.
 * @param known secret values in use right now; each occurrence is masked whatever it looks like
 */
export function redact(text: string, known: readonly string[] = []): string {
  const shown = escapeControls(withoutKnown(text, known));
  return truncate(masks.reduce((t, [pattern, replacement]) => t.replace(pattern, replacement), shown));
}

/** Longer ones first: one may be the beginning of another. */
function withoutKnown(text: string, known: readonly string[]): string {
  const values = known.filter((value) => value.length > 3).sort((a, b) => b.length - a.length);
  return values.reduce((t, value) => t.replaceAll(value, '***'), text);
}

/** Before masking: what is escaped may be part of a secret, and must look the same when it is masked again. */
function escapeControls(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function truncate(text: string): string {
  return text.length <= maximumLength ? text : `${text.slice(0, maximumLength - 1)}…`;
}

/** What has the shape of a credential, wherever it stands. */
const shapes = masks.slice(0, 4);

/** Text that a script goes on working with: only the secrets in use, and what can be nothing but a credential are masked. */
export function maskSecrets(text: string, known: readonly string[] = []): string {
  return shapes.reduce((t, [pattern, replacement]) => t.replace(pattern, replacement), maskKnown(text, known));
}

/** Only the secrets in use, however a program or a server wrote them back. */
export function maskKnown(text: string, secrets: readonly string[]): string {
  return withoutKnown(text, secrets.flatMap(spellingsOf));
}

/** As it is, in JSON, in a URL, in base 64: alone, and in front of whatever else is encoded with it. */
function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const alone = bytes.toString('base64').replace(/=+$/, '');
  const inFront = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), alone, inFront];
}
