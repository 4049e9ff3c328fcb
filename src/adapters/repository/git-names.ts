/**
 * What may be handed to git as a name: checked here, before it becomes an argument, so that no text can be an option,
 * a refspec or a path out of the repository.
 */
import { GitOpsError } from '../../domain/errors.js';

const fullHash = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const shortHash = /^[0-9a-f]{7,63}$/;

/** https://git-scm.com/docs/git-check-ref-format, and no leading dash in any part. */
const refRules: readonly (readonly [wrong: RegExp, why: string])[] = [
  [/^$/, 'is empty'],
  [/^.{257}/su, 'is too long'],
  [/[\0-\x20\x7f~^:?*[\\]/, 'has a space or one of ~ ^ : ? * [ \\'],
  [/\.\./, "has '..'"],
  [/@\{/, "has '@{'"],
  [/^@$/, "is '@'"],
  [/(?:^|\/)-/, 'has a part that starts with a dash'],
  [/(?:^|\/)\./, 'has a part that starts with a dot'],
  [/\.lock(?:\/|$)/, "has a part that ends in '.lock'"],
  [/\/\/|^\/|\/$/, 'has an empty part'],
  [/\.$/, 'ends with a dot'],
];

export function isFullHash(revision: string): boolean {
  return fullHash.test(revision);
}

export function isShortHash(revision: string): boolean {
  return shortHash.test(revision);
}

/**
 * A branch, tag, `refs/...` or hash.
 * @throws GitOpsError InvalidInput
 */
export function checkRevision(revision: string): string {
  const broken = refRules.find(([wrong]) => wrong.test(revision));
  if (broken === undefined) return revision;
  throw new GitOpsError('InvalidInput', `revision '${revision.slice(0, 100)}' ${broken[1]}`, {
    hint: 'give a branch, a tag or a commit hash',
  });
}

/** @throws GitOpsError InvalidInput unless it is a full hash in lower case */
export function checkCommit(commit: string): string {
  if (fullHash.test(commit)) return commit;
  throw new GitOpsError('InvalidInput', `'${commit.slice(0, 100)}' is not a full commit hash`);
}

const pathRules: readonly (readonly [wrong: RegExp, why: string])[] = [
  [/^$/, 'is empty'],
  [/^.{1025}/su, 'is too long'],
  [/[\0-\x1f\x7f\\]/, 'has a control character or a backslash'],
  [/^\//, 'is absolute'],
  [/(?:^|\/)\.\.(?:\/|$)/, "has '..'"],
  [/(?:^|\/)-/, 'has a part that starts with a dash'],
  [/(?:^|\/)\.git(?:\/|$)/i, 'names a git folder'],
];

/**
 * A folder of the repository: `a/b`, or `.` for its root.
 * @throws GitOpsError InvalidInput
 */
export function checkTreePath(path: string): string {
  const broken = pathRules.find(([wrong]) => wrong.test(path));
  if (broken !== undefined) {
    throw new GitOpsError('InvalidInput', `path '${path.slice(0, 100)}' ${broken[1]}`, {
      hint: 'give a folder inside the repository, such as apps/web',
    });
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 ? '.' : parts.join('/');
}
