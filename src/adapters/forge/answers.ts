/**
 * Answers of forges, read without trust: whatever is not as documented is left out or refused.
 */
import { GitOpsError } from '../../domain/errors.js';
import type { PullComment } from './forge.js';

type Fields = Readonly<Record<string, unknown>>;

export function recordsIn(entries: readonly unknown[]): Fields[] {
  return entries.filter((entry): entry is Fields => typeof entry === 'object' && entry !== null);
}

/** Nothing for what is no text: a description may be null. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** @throws GitOpsError RequestFailed */
export function commentIn(entry: unknown): PullComment {
  const { id, body } = recordsIn([entry])[0] ?? {};
  if (typeof id === 'number') return { id, body: textOf(body) };
  throw new GitOpsError('RequestFailed', 'the forge lists a comment without an id', { retryable: false });
}

/** `owner/name` as part of a path. */
export function encodedPath(repository: string): string {
  return repository.split('/').map(encodeURIComponent).join('/');
}
