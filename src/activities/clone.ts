/**
 * clone: from a branch to a commit, and from its path to an archive in the store that any worker can read. A tree that
 * was archived once is never read again, whichever commit holds it.
 */
import type { ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { FolderTrees, Git } from '../adapters/repository/git.js';
import { isFullHash } from '../adapters/repository/git-names.js';
import type { GitSource } from '../domain/application.js';
import { GitOpsError } from '../domain/errors.js';
import type { CloneInput, CloneResult } from '../domain/sync.js';
import type { Digest } from '../domain/digest.js';
import { withHeartbeat } from './heartbeat.js';
import { hashOf, SourceFolders } from './source-folders.js';

export function createClone({ git, artifacts }: { git: Git; artifacts: ArtifactStore }) {
  const sourceFolders = new SourceFolders(git);
  /** @throws GitOpsError those of `Git`, and PathNotFound */
  return function clone({ source, revision, render, follows }: CloneInput): Promise<CloneResult> {
    return withHeartbeat(async ({ signal }) => {
      const { path } = source;
      const commit = await git.resolve(source, revision ?? source.branch, signal);
      const { trees, renderer } = await sourceFolders.of({ source, commit, path, render }, signal);
      const tree = hashOf(trees, path);
      if (tree === '') throw pathNotFound(source.url, path, commit);
      const folders = Object.keys(trees);
      const alone = folders.length === 1 && folders[0] === path;
      const [archive, description, forward] = await Promise.all([
        archiveOf(tree, alone ? tree : trees),
        git.describe(source, commit, signal),
        goesOn(git, { source, commit, follows }, signal),
      ]);
      return {
        revision: commit,
        tree,
        archive,
        ...(alone ? {} : { folders }),
        ...(renderer === undefined ? {} : { renderer }),
        ...description,
        ...(forward ? {} : { noFastForward: true as const }),
      };

      async function archiveOf(hash: string, wanted: string | FolderTrees): Promise<Digest> {
        const known = await artifacts.resolve(`trees/${hash}`);
        if (known !== undefined && (await artifacts.has(known))) return known;
        const digest = await artifacts.put(await git.archive(source, wanted, signal));
        await artifacts.link(`trees/${hash}`, digest);
        return digest;
      }
    });
  };
}

interface Succession {
  readonly source: GitSource;
  readonly commit: string;
  readonly follows: string | undefined;
}

/** What cannot be found out is no reason to warn, and none to fail: a record may know what is live by a name alone. */
async function goesOn(git: Git, { source, commit, follows }: Succession, signal: AbortSignal): Promise<boolean> {
  if (follows === undefined || follows === commit || !isFullHash(follows)) return true;
  return git.isAncestor(source, follows, commit, signal).catch(() => {
    signal.throwIfAborted();
    return true;
  });
}

function pathNotFound(url: string, path: string, commit: string): GitOpsError {
  return new GitOpsError('PathNotFound', `${url} has no folder '${path}' at ${commit.slice(0, 8)}`, {
    hint: 'check path (or target_path) of the declaration',
  });
}
