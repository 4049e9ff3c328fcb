/**
 * treeHashes: which paths a new commit changed, so that only their applications wake up.
 */
import type { Git } from '../adapters/repository/git.js';
import type { GitSource } from '../domain/application.js';
import { withHeartbeat } from './heartbeat.js';

export interface TreeHashesInput {
  readonly source: GitSource;
  readonly commit: string;
  readonly paths: readonly string[];
}

export function createTreeHashes({ git }: { git: Git }) {
  return function treeHashes({ source, commit, paths }: TreeHashesInput): Promise<Readonly<Record<string, string>>> {
    return withHeartbeat(({ signal }) => git.treeHashes(source, commit, paths, signal));
  };
}
