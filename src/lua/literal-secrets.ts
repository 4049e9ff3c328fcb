/**
 * Secrets written out in a script, its values or its parameters. All of these become part of a history, so they are
 * looked for before anything is sent.
 */
import { GitOpsError } from '../domain/errors.js';

export interface LiteralSecret {
  readonly line: number;
  /** 1 is the first. */
  readonly column: number;
  /** How many characters from there; the name of a field belongs to its secret. */
  readonly length: number;
  /** What it looks like; never the text itself. */
  readonly what: string;
}

/** Fields that hold a secret, alone or as the end of a longer name (`github_token`). */
const names = 'token|password|passwd|ssh_key|api_key|secret_key';

const shapes: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    new RegExp(`["']?\\b(?:\\w*_)?(?:${names})(?:["']\\s*\\])?\\s*=\\s*(["'])(?!secret:|env:|file:)[^"']+\\1`, 'i'),
    'a literal secret',
  ],
  [/\bgh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}/, 'a GitHub token'],
  [/\bglpat-[\w-]{16,}/, 'a GitLab token'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, 'an AWS key'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]{8,}/, 'a Slack webhook'],
  [/[\w-]{1,100}\.webhook\.office\.com\/\S{8,}/, 'a Teams webhook'],
  // Bounded: without an end to its parts it would take the square of a long text's length.
  [/[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/@:"']{1,200}:[^\s/@"']{1,500}@/i, 'a password in a URL'],
];

export function findLiteralSecrets(source: string): LiteralSecret[] {
  return source.split('\n').flatMap((text, i) => {
    const found = shapes.map(([pattern, what]) => ({ what, match: pattern.exec(withoutComment(text)) }));
    const [first] = found.flatMap(({ what, match }) => (match === null ? [] : [{ what, match }]));
    if (first === undefined) return [];
    const { what, match } = first;
    return [{ line: i + 1, column: match.index + 1, length: match[0].length, what }];
  });
}

function withoutComment(text: string): string {
  return /^\s*--/.test(text) ? '' : text;
}

/** Names whose value is taken for a secret, as of variables that `os.getenv` gives a reference to. */
export const secretName = /TOKEN|PASSWORD|PASSWD|SECRET|KEY|CREDENTIAL/i;

const secretField = new RegExp(`(^|_)(${names})$`, 'i');
const references = /^(secret|env|file):/;

/** Paths of the fields that hold a secret, `values.git.token`. */
export function findSecretFields(data: unknown, path: string): string[] {
  if (typeof data === 'string') return shapes.some(([pattern]) => pattern.test(data)) ? [path] : [];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) => {
    const literal = secretField.test(key) && typeof value === 'string' && value !== '' && !references.test(value);
    return literal ? [`${path}.${key}`] : findSecretFields(value, `${path}.${key}`);
  });
}

/** What is sent when a script is submitted. */
export interface Submission {
  readonly name: string;
  readonly source: string;
  readonly values?: unknown;
  readonly params?: unknown;
  /** Files that go with it. */
  readonly modules?: Readonly<Record<string, string>>;
}

/** @throws GitOpsError LiteralSecret with file:line, or the path of the field */
export function refuseSecrets({ name, source, values, params, modules = {} }: Submission): void {
  const [field] = [...findSecretFields(values, 'values'), ...findSecretFields(params, 'params')];
  if (field !== undefined)
    throw new GitOpsError('LiteralSecret', `${name}: ${field} holds a literal secret`, {
      hint: 'give "secret:NAME", "env:NAME" or "file:PATH" instead; values become part of a history that others can read',
    });
  for (const [file, text] of [[name, source], ...Object.entries(modules)] as const) refuseIn(file, text);
}

function refuseIn(name: string, source: string): void {
  const [first] = findLiteralSecrets(source);
  if (first === undefined) return;
  throw new GitOpsError('LiteralSecret', `${name}:${first.line}: ${first.what} is written into the script`, {
    hint: 'write secret("name"), "env:NAME" or "file:PATH" instead; the script becomes part of a history that others can read',
  });
}
