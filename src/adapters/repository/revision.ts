/**
 * What may be handed to git as a revision or a path, by the rules of `git check-ref-format`: nothing that git could
 * take for an option or an expression.
 */
import { GitOpsError } from '../../domain/errors.js';

export const fullCommit = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/;

const refused = /^[-/.]|\.\.|\/\/|@\{|[\u0000-\u0020\u007f~^:?*[\\]|\.lock(\/|$)|\/\.|[/.]$|^@$/;

/** @throws GitOpsError InvalidInput */
export function checkRevision(revision: string): string {
  if (revision !== '' && revision.length <= 250 && !refused.test(revision)) return revision;
  throw new GitOpsError('InvalidInput', `'${revision.slice(0, 80)}' is no branch, tag or commit`, {
    hint: 'write a name such as main, v1.2.0, or a commit hash',
  });
}

/** @throws GitOpsError InvalidInput */
export function checkPath(path: string): string {
  const parts = path.split('/');

  const bad =
    path.startsWith('/') ||
    path.startsWith('-') ||
    path.startsWith(':') ||
    parts.includes('..') ||
    /[\u0000-\u001f\u007f\\]/.test(path);
  if (!bad) return path;
  throw new GitOpsError('InvalidInput', `'${path.slice(0, 80)}' is no folder inside a repository`, {
    hint: 'write a relative path such as apps/web',
  });
}
