/**
 * A diff as a comment of a pull request: the comment of this application is written anew, or made.
 */
import { getJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { Forge } from '../adapters/forge/forge.js';
import type { OpenForge } from '../adapters/forge/open-forge.js';
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import type { Digest } from '../domain/digest.js';
import type { DiffReport } from '../domain/diff/report.js';
import { diffComment, isCommentOf, type CommentedApplication } from '../domain/forge/diff-comment.js';
import type { ForgeAccess } from '../domain/forge/forge.js';
import { withForge } from './with-forge.js';

export interface CommentDiffInput {
  readonly app: CommentedApplication;
  readonly access: ForgeAccess;
  readonly pullRequest: number;
  /** Artifact: the DiffReport. */
  readonly report: Digest;
  readonly revision: string;
}

export function createCommentDiff(deps: {
  artifacts: ArtifactStore;
  openForge: OpenForge;
  resolveSecret: ResolveSecret;
}) {
  /** @throws GitOpsError of the forge, without its token; ArtifactMissing */
  return async function commentDiff({ app, access, pullRequest, report, revision }: CommentDiffInput): Promise<void> {
    const body = diffComment(app, await getJson<DiffReport>(deps.artifacts, report), revision);
    return withForge(deps, access, async (forge) => {
      const ours = await commentOf(forge, pullRequest, app.id);
      if (ours === undefined) await forge.addComment(pullRequest, body);
      else if (ours.body !== body) await forge.editComment(pullRequest, ours.id, body);
    });
  };
}

async function commentOf(forge: Forge, pullRequest: number, app: string) {
  for await (const comment of forge.comments(pullRequest)) if (isCommentOf(app, comment.body)) return comment;
  return undefined;
}
