/**
 * What git says when it fails, in the engine's codes. First row that fits wins; what fits none is an outage, because
 * a network says "no" in more ways than a table can hold.
 */
import { GitOpsError, type ErrorCode } from '../../domain/errors.js';
import { redact } from '../../domain/redaction.js';

interface Row {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly says: string;
  readonly hint: string;
}

const rows: readonly Row[] = [
  {
    pattern:
      /authentication failed|could not read (username|password)|permission denied \(|invalid username or|returned error: 40[13]|host key verification/i,
    code: 'RepositoryAuthentication',
    says: 'the repository refused the credentials',
    hint: 'give credentials = { type = "token", token = secret("name") }, or check those that were given',
  },
  {
    pattern:
      /repository .*not found|does not appear to be a git repository|no such file or directory|returned error: 404|could not be found/i,
    code: 'RepositoryNotFound',
    says: 'there is no repository at this address',
    hint: 'check the address; a private repository needs credentials',
  },
  {
    pattern: /transport '.*' not allowed|dubious ownership/i,
    code: 'NotAllowed',
    says: 'git refused this kind of address',
    hint: 'use https or ssh',
  },
];

/** @param url as normalised: holds no credentials */
export function gitFailure(url: string, error: unknown): GitOpsError {
  if (error instanceof GitOpsError) return error;
  const text = redact(error instanceof Error ? error.message : String(error));
  const row = rows.find(({ pattern }) => pattern.test(text));
  const detail = firstComplaint(text);
  if (row !== undefined) return new GitOpsError(row.code, `${url}: ${row.says} (${detail})`, { hint: row.hint });
  return new GitOpsError('RepositoryUnreachable', `${url}: the repository does not answer (${detail})`, {
    hint: 'check that the address is right and the server is up',
  });
}

/** The line git complains with, without its prefix. */
export function firstComplaint(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const complaint =
    lines.find((line) => /^(fatal|error|ssh):/.test(line)) ?? lines.find((line) => line !== '') ?? 'no reason given';
  return complaint.replace(/^(fatal|error): /, '').slice(0, 200);
}
