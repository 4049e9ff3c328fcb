/**
 * GitHub and GitHub Enterprise Server.
 * https://docs.github.com/en/rest/commits/statuses, https://docs.github.com/en/rest/issues/comments
 */
import type { CommitStatus, PostedStatus } from '../../domain/forge/commit-status.js';
import type { Forge, PullComment } from './forge.js';
import { ForgeApi, type ApiAccess } from './forge-api.js';
import { commentIn, encodedPath, recordsIn, textOf } from './answers.js';

export class GitHub implements Forge {
  private readonly api: ForgeApi;
  private readonly repository: string;

  constructor(repository: string, token: string, access: Omit<ApiAccess, 'headers'>) {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    };
    this.api = new ForgeApi('GitHub', { ...access, headers });
    this.repository = `/repos/${encodedPath(repository)}`;
  }

  /** Newest first, whatever the context. */
  async newestStatus(commit: string, context: string): Promise<PostedStatus | undefined> {
    for await (const entry of this.api.list(`${this.repository}/commits/${commit}/statuses?per_page=100`)) {
      const status = recordsIn([entry])[0];
      if (status?.['context'] === context)
        return {
          state: textOf(status['state']),
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
    for await (const entry of this.api.list(`${this.repository}/issues/${pullRequest}/comments?per_page=100`))
      yield commentIn(entry);
  }

  async addComment(pullRequest: number, body: string): Promise<void> {
    await this.api.write('POST', `${this.repository}/issues/${pullRequest}/comments`, { body });
  }

  async editComment(_pullRequest: number, comment: number, body: string): Promise<void> {
    await this.api.write('PATCH', `${this.repository}/issues/comments/${comment}`, { body });
  }
}
