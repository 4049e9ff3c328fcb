/**
 * What is asked of a forge. One file an API: `github.ts`, `gitlab.ts`, `gitea.ts`.
 */
import type { CommitStatus, PostedStatus } from '../../domain/forge/commit-status.js';

export interface PullComment {
  readonly id: number;
  readonly body: string;
}

/** Every method throws GitOpsError: RequestFailed (retryable where it may help), NotAllowed, Timeout, InvalidInput. */
export interface Forge {
  /** The newest status of the commit under that context. */
  newestStatus(commit: string, context: string): Promise<PostedStatus | undefined>;
  /** Has no effect when GitLab finds it there already. */
  postStatus(commit: string, context: string, status: CommitStatus): Promise<void>;
  /** Oldest first, read only as far as somebody looks. */
  comments(pullRequest: number): AsyncIterable<PullComment>;
  addComment(pullRequest: number, body: string): Promise<void>;
  editComment(pullRequest: number, comment: number, body: string): Promise<void>;
}
