/**
 * One look at every repository that somebody follows at this interval: `git ls-remote` each, and a hint to those whose
 * branches moved, which then look for themselves: what is seen here may be old when it arrives. A repository that does not answer delays nobody else.
 */
import pLimit from 'p-limit';
import type { Git } from '../adapters/repository/git.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import { redact } from '../domain/redaction.js';
import type { RepositoryMemo, SweepInput } from '../workflows/messages.js';
import type { SweepResult } from '../workflows/sweep.js';
import { withHeartbeat } from './heartbeat.js';

const concurrency = 8;
const shown = 20;

type Look = { moved: boolean } | { unreachable: string };

export function createSweepRepositories(deps: { client: GitOpsClient; git: Git }) {
  return function sweepRepositories({ intervalMs }: SweepInput): Promise<SweepResult> {
    return withHeartbeat(async ({ signal }) => {
      const repositories = await deps.client.repositories.followedEvery(intervalMs);
      const limit = pLimit(concurrency);
      const looks = await Promise.all(repositories.map((repository) => limit(() => look(deps, repository, signal))));
      const unreachable = looks.flatMap((l) => ('unreachable' in l ? [l.unreachable] : []));
      const moved = looks.filter((l) => 'moved' in l && l.moved).length;
      return { repositories: repositories.length, moved, unreachable: unreachable.slice(0, shown) };
    });
  };
}

async function look(
  { client, git }: { client: GitOpsClient; git: Git },
  repository: RepositoryMemo,
  signal: AbortSignal,
): Promise<Look> {
  try {
    const heads = await git.listRemote({ ...repository, repositoryId: repository.id, branch: '', path: '.' }, signal);
    const moved = repository.branches.some((branch) => isNews(repository, branch, heads));
    if (moved) await client.repositories.look(repository.id, 'sweep');
    return { moved };
  } catch (error) {
    signal.throwIfAborted();
    return { unreachable: redact(`${repository.url}: ${(error as Error).message}`).slice(0, 200) };
  }
}

/** A branch that vanished is not news: unreachable and deleted are never "absent" to an application. */
function isNews(repository: RepositoryMemo, branch: string, heads: Readonly<Record<string, string>>): boolean {
  return heads[branch] !== undefined && heads[branch] !== repository.heads[branch];
}
