/**
 * The status of a commit, posted when it is still to be said: a worker that dies after posting it leaves one status.
 */
import type { OpenForge } from '../adapters/forge/open-forge.js';
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import type { CommitStatusTarget } from '../domain/announcements.js';
import { stillToSay, type CommitStatus } from '../domain/forge/commit-status.js';
import { withForge } from './with-forge.js';

export interface CommitStatusInput {
  readonly target: CommitStatusTarget;
  readonly commit: string;
  readonly status: CommitStatus;
  /** Of the sync that says it, RFC 3339. */
  readonly startedAt: string;
}

export function createPostCommitStatus(deps: { openForge: OpenForge; resolveSecret: ResolveSecret }) {
  /** @throws GitOpsError of the forge, without its token */
  return function postCommitStatus({ target, commit, status, startedAt }: CommitStatusInput): Promise<void> {
    return withForge(deps, target, async (forge) => {
      const newest = await forge.newestStatus(commit, target.context);
      if (stillToSay(newest, status, startedAt)) await forge.postStatus(commit, target.context, status);
    });
  };
}
