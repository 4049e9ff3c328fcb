/**
 * Where a path inside a folder really leads: every link on the way is followed by hand, and must stay inside.
 */
import type { Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { GitOpsError } from '../../domain/errors.js';

/**
 * @param root real path of the folder
 * @param path relative to it, without `..`
 * @param last whether a link at the very end is followed, too
 * @returns an absolute path without links; what does not exist yet is named where it would come to be
 * @throws GitOpsError NotAllowed for a link that leads out of the folder, or nowhere
 */
export async function confine(root: string, path: string, last: 'follow' | 'keep' = 'follow'): Promise<string> {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  let at = root;
  for (const [i, part] of parts.entries()) {
    const next = join(at, part);
    const found = await statOf(next);
    if (found === undefined) return join(at, ...parts.slice(i));
    const isKept = last === 'keep' && i === parts.length - 1;
    at = found.isSymbolicLink() && !isKept ? await targetOf(next, root, path) : next;
  }
  return at;
}

async function targetOf(link: string, root: string, path: string): Promise<string> {
  const target = await realpath(link).catch(() => undefined);
  if (target !== undefined && (target === root || target.startsWith(root + sep))) return target;
  const why = target === undefined ? 'a link to nothing' : 'a link out of the folder of the run';
  throw new GitOpsError('NotAllowed', `path '${path}' goes through ${why}`, { hint: 'put a file in its place' });
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
