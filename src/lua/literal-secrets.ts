/**
 * Secrets written out in a script. Its source becomes part of a history, so they are looked for before it is sent.
 */
import { GitOpsError } from '../domain/errors.js';

export interface LiteralSecret {
  readonly line: number;
  /** What it looks like; never the text itself. */
  readonly what: string;
}

const shapes: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /\b(?:token|password|passwd|ssh_key|api_key|secret_key)\s*=\s*(["'])(?!secret:|env:|file:)[^"']+\1/i,
    'a literal secret',
  ],
  [/\bgh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}/, 'a GitHub token'],
  [/\bglpat-[\w-]{16,}/, 'a GitLab token'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, 'an AWS key'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/[a-z][a-z0-9+.-]*:\/\/[^\s/@:"']+:[^\s/@"']+@/i, 'a password in a URL'],
];

export function findLiteralSecrets(source: string): LiteralSecret[] {
  return source.split('\n').flatMap((text, i) => {
    const shape = shapes.find(([pattern]) => pattern.test(withoutComment(text)));
    return shape === undefined ? [] : [{ line: i + 1, what: shape[1] }];
  });
}

function withoutComment(text: string): string {
  return /^\s*--/.test(text) ? '' : text;
}

/** @throws GitOpsError LiteralSecret with file:line */
export function refuseSecrets({ name, source }: { name: string; source: string }): void {
  const [first] = findLiteralSecrets(source);
  if (first === undefined) return;
  throw new GitOpsError('LiteralSecret', `${name}:${first.line}: ${first.what} is written into the script`, {
    hint: 'write secret("name"), "env:NAME" or "file:PATH" instead; the script becomes part of a history that others can read',
  });
}
