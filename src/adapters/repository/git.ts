/**
 * Git as the activities see it. Every method takes a signal that ends the child process, and rejects with a GitOpsError:
 * RepositoryUnreachable (worth a retry), RepositoryNotFound, RepositoryAuthentication, RevisionNotFound, PathNotFound,
 * NotAllowed (a kind of address this installation refuses), SecretUnavailable. No message holds a credential.
 */
import type { GitSource } from '../../domain/application.js';
import type { RemoteRefs } from '../../domain/branch-strategy.js';

export interface Git {
  /** Branch -> commit, as the remote says now; and each of these feeds (`branch-strategy.ts`) that matches anything. */
  listRemote(
    source: GitSource,
    signal: AbortSignal,
    feeds?: readonly string[],
  ): Promise<Readonly<Record<string, string>>>;
  /** `refs/heads/main` -> commit, and every tag: of an annotated one the commit it points to. */
  listRefs(source: GitSource, signal: AbortSignal): Promise<RemoteRefs>;
  /** Full commit of a branch, a feed, a tag or a commit. A full commit costs no request. */
  resolve(source: GitSource, revision: string, signal: AbortSignal): Promise<string>;
  /** Tree hash of each path at a commit; a path that is not there has the empty text. */
  treeHashes(
    source: GitSource,
    commit: string,
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>>;
  describe(source: GitSource, commit: string, signal: AbortSignal): Promise<CommitDescription>;
  /** Whether `older` is in the history of `commit`: what lies between them is a fast-forward. */
  isAncestor(source: GitSource, older: string, commit: string, signal: AbortSignal): Promise<boolean>;
  /** The tree as a tar, paths relative to it; of several, folder -> tree, with each below its folder. */
  archive(source: GitSource, trees: string | FolderTrees, signal: AbortSignal): Promise<Uint8Array>;
  /** The first of the names that is a file right in the tree; undefined when none is. */
  file(source: GitSource, tree: string, names: readonly string[], signal: AbortSignal): Promise<TreeFile | undefined>;
}

export interface CommitDescription {
  /** First line, at most 100 characters. */
  readonly subject: string;
  readonly author: string;
}

/** Folder inside the repository -> hash of its tree. */
export type FolderTrees = Readonly<Record<string, string>>;

export interface TreeFile {
  readonly name: string;
  readonly content: Buffer;
}
