/**
 * treeHashes: which paths a new commit changed, so that only their applications wake up. A path with a kustomization
 * has changed when any folder it builds on has.
 */
import type { Git } from '../adapters/repository/git.js';
import type { GitSource } from '../domain/application.js';
import { withHeartbeat } from './heartbeat.js';
import { hashOf, SourceFolders } from './source-folders.js';

export interface TreeHashesInput {
  readonly source: GitSource;
  readonly commit: string;
  readonly paths: readonly string[];
}

export function createTreeHashes({ git }: { git: Git }) {
  const sourceFolders = new SourceFolders(git);
  return function treeHashes({ source, commit, paths }: TreeHashesInput): Promise<Readonly<Record<string, string>>> {
    return withHeartbeat(async ({ signal }) => {
      const hashes: [path: string, hash: string][] = [];
      for (const path of paths)
        hashes.push([path, hashOf((await sourceFolders.of({ source, commit, path }, signal)).trees, path)]);
      return Object.fromEntries(hashes);
    });
  };
}
