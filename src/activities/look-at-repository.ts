/**
 * lookAtRepository: where the followed branches of one repository stand now, and what lies at the paths that somebody
 * cares for on those that moved. What `git ls-remote` says is the truth; a hint that led here carries no commit.
 *
 * treeHashes does the second half alone, for commits that the sweep of an older build saw.
 */
import type { Git } from '../adapters/repository/git.js';
import type { GitSource } from '../domain/application.js';
import { withHeartbeat } from './heartbeat.js';
import { hashOf, SourceFolders } from './source-folders.js';

export interface LookInput {
  readonly source: GitSource;
  readonly branches: Readonly<Record<string, FollowedBranch>>;
}

export interface FollowedBranch {
  /** The commit last seen. */
  readonly head?: string;
  readonly paths: readonly string[];
}

/** Path -> hash of its tree; that of a path with a kustomization is over all folders it builds on. */
export type PathHashes = Readonly<Record<string, string>>;

export interface MovedBranch {
  readonly commit: string;
  readonly trees: PathHashes;
}

/** Branches that moved. One that vanished has not: unreachable and deleted are never "absent" to an application. */
export type LookResult = Readonly<Record<string, MovedBranch>>;

export interface TreeHashesInput {
  readonly source: GitSource;
  readonly commit: string;
  readonly paths: readonly string[];
}

export function createLookAtRepository({ git }: { git: Git }) {
  const folders = new SourceFolders(git);
  return {
    lookAtRepository: ({ source, branches }: LookInput): Promise<LookResult> =>
      withHeartbeat(async ({ signal }) => {
        const heads = await git.listRemote(source, signal);
        const moved: [branch: string, seen: MovedBranch][] = [];
        for (const [branch, { head, paths }] of Object.entries(branches)) {
          const { [branch]: commit = head } = heads;
          if (commit === undefined || commit === head) continue;
          moved.push([branch, { commit, trees: await hashesOf(folders, { source, commit, paths }, signal) }]);
        }
        return Object.fromEntries(moved);
      }),
    treeHashes: (input: TreeHashesInput): Promise<PathHashes> =>
      withHeartbeat(({ signal }) => hashesOf(folders, input, signal)),
  };
}

async function hashesOf(
  folders: SourceFolders,
  { source, commit, paths }: TreeHashesInput,
  signal: AbortSignal,
): Promise<PathHashes> {
  const hashes: [path: string, hash: string][] = [];
  for (const path of paths)
    hashes.push([path, hashOf((await folders.of({ source, commit, path }, signal)).trees, path)]);
  return Object.fromEntries(hashes);
}
