/**
 * Paths inside the folder of a run, judged by their text alone. What links on the disk make of them is
 * `adapters/workspace/confined-path.ts`'s to judge.
 */
import { GitOpsError } from './errors.js';

const rules: readonly (readonly [wrong: RegExp, why: string])[] = [
  [/^$/, 'is empty'],
  [/^.{4097}/su, 'is too long'],
  [/\0/, 'has a zero byte'],
  [/(?:^|\/)\.\.(?:\/|$)/, "has '..'"],
  [/^~/, "starts with '~', which only a shell understands"],
];

/**
 * @param root absolute path of the folder; an absolute `path` must lie in it
 * @param base folder that a relative path starts from, relative to the root
 * @returns the path relative to the root, `.` for the root itself
 * @throws GitOpsError InvalidInput, NotAllowed
 */
export function workPath(path: string, root: string, base = '.'): string {
  const broken = rules.find(([wrong]) => wrong.test(path));
  if (broken !== undefined) throw refused(path, broken[1]);
  if (path.startsWith('/')) return joined(belowRoot(path, root));
  return joined(base === '.' ? path : `${base}/${path}`);
}

/** Whether git would take what lies there for settings of its own: only git writes them. */
export function isGitFolder(path: string): boolean {
  return path.split('/').some((part) => /^\.git$/i.test(part));
}

function belowRoot(path: string, root: string): string {
  if (path === root || path.startsWith(`${root}/`)) return path.slice(root.length);
  throw new GitOpsError('NotAllowed', `path '${path.slice(0, 200)}' lies outside the folder of the run`, {
    hint: 'give a path relative to that folder; a script has no other files',
  });
}

function joined(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 ? '.' : parts.join('/');
}

function refused(path: string, why: string): GitOpsError {
  return new GitOpsError('InvalidInput', `path '${path.slice(0, 200)}' ${why}`, {
    hint: 'give a path inside the folder of the run, such as build/out.txt',
  });
}
