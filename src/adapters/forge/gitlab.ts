/**
 * GitLab. https://docs.gitlab.com/api/commits/#commit-status, https://docs.gitlab.com/api/notes/#merge-requests
 */
import { hasCode } from '../../domain/errors.js';
import type { CommitState, CommitStatus, PostedStatus } from '../../domain/forge/commit-status.js';
import type { Forge, PullComment } from './forge.js';
import { ForgeApi, type ApiAccess } from './forge-api.js';
import { commentIn, recordsIn, textOf } from './answers.js';

const states: Readonly<Record<CommitState, string>> = { pending: 'pending', success: 'success', failure: 'failed' };

export class GitLab implements Forge {
  private readonly api: ForgeApi;
  private readonly project: string;

  constructor(repository: string, token: string, access: Omit<ApiAccess, 'headers'>) {
    this.api = new ForgeApi('GitLab', { ...access, headers: { 'private-token': token } });
    this.project = `/projects/${encodeURIComponent(repository)}`;
  }

  /** Without `all` it lists the latest of each name and pipeline. */
  async newestStatus(commit: string, context: string): Promise<PostedStatus | undefined> {
    const path = `${this.project}/repository/commits/${commit}/statuses?per_page=100&name=${encodeURIComponent(context)}`;
    let newest: PostedStatus | undefined;
    for await (const entry of this.api.list(path)) {
      const [status] = recordsIn([entry]);
      if (status === undefined || textOf(status['name']) !== context) continue;
      const createdAt = textOf(status['created_at']);
      if (newest === undefined || Date.parse(createdAt) >= Date.parse(newest.createdAt))
        newest = { state: textOf(status['status']), description: textOf(status['description']), createdAt };
    }
    return newest;
  }

  async postStatus(commit: string, context: string, { state, description, targetUrl }: CommitStatus): Promise<void> {
    const url = targetUrl === undefined ? {} : { target_url: targetUrl };
    const content = { state: states[state], name: context, description, ...url };
    try {
      await this.api.write('POST', `${this.project}/statuses/${commit}`, content);
    } catch (error) {
      if (!isThereAlready(error)) throw error;
    }
  }

  async *comments(pullRequest: number): AsyncIterable<PullComment> {
    const path = `${this.project}/merge_requests/${pullRequest}/notes?sort=asc&order_by=created_at&per_page=100`;
    for await (const entry of this.api.list(path)) yield commentIn(entry);
  }

  async addComment(pullRequest: number, body: string): Promise<void> {
    await this.api.write('POST', `${this.project}/merge_requests/${pullRequest}/notes`, { body });
  }

  async editComment(pullRequest: number, comment: number, body: string): Promise<void> {
    await this.api.write('PUT', `${this.project}/merge_requests/${pullRequest}/notes/${comment}`, { body });
  }
}

/** A pending status that is said twice is an error to most versions: somebody was quicker. */
function isThereAlready(error: unknown): boolean {
  return hasCode(error, 'RequestFailed') && /Cannot transition status via :enqueue from :pending/.test(String(error));
}
