/**
 * Gitea and Forgejo. https://docs.gitea.com/api/, https://forgejo.org/docs/latest/user/api-usage/
 */
import type { CommitStatus, PostedStatus } from '../../domain/forge/commit-status.js';
import type { Forge, PullComment } from './forge.js';
import { ForgeApi, type ApiAccess } from './forge-api.js';
import { commentIn, encodedPath, recordsIn, textOf } from './answers.js';

export class Gitea implements Forge {
  private readonly api: ForgeApi;
  private readonly repository: string;

  constructor(repository: string, token: string, access: Omit<ApiAccess, 'headers'>) {
    this.api = new ForgeApi('Gitea', {
      ...access,
      headers: { authorization: `token ${token}`, accept: 'application/json' },
    });
    this.repository = `/repos/${encodedPath(repository)}`;
  }

  /** What others call `state` is `status` in its answers. */
  async newestStatus(commit: string, context: string): Promise<PostedStatus | undefined> {
    const path = `${this.repository}/commits/${commit}/statuses?sort=highestindex&limit=50`;
    for await (const entry of this.api.list(path)) {
      const status = recordsIn([entry])[0];
      if (status?.['context'] === context)
        return {
          state: textOf(status['status']),
          description: textOf(status['description']),
          createdAt: textOf(status['created_at']),
        };
    }
    return undefined;
  }

  async postStatus(commit: string, context: string, { state, description, targetUrl }: CommitStatus): Promise<void> {
    const url = targetUrl === undefined ? {} : { target_url: targetUrl };
    await this.api.write('POST', `${this.repository}/statuses/${commit}`, { state, context, description, ...url });
  }

  async *comments(pullRequest: number): AsyncIterable<PullComment> {
    for await (const entry of this.api.list(`${this.repository}/issues/${pullRequest}/comments`))
      yield commentIn(entry);
  }

  async addComment(pullRequest: number, body: string): Promise<void> {
    await this.api.write('POST', `${this.repository}/issues/${pullRequest}/comments`, { body });
  }

  async editComment(_pullRequest: number, comment: number, body: string): Promise<void> {
    await this.api.write('PATCH', `${this.repository}/issues/comments/${comment}`, { body });
  }
}
