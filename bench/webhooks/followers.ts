/** Repositories that are registered, and what became of the hooks that were sent for them. */
import type { GitOpsClient } from '../../src/client/index.js';
import type { Accepted } from './load.js';

/** Empty bare repositories need no git here: nothing follows a branch of them, so nobody looks. */
export async function followRepositories(client: GitOpsClient, dir: string, count: number): Promise<string[]> {
  const urls = Array.from({ length: count }, (_, i) => `file://${dir}/repository-${i}.git`);
  for (const [i, url] of urls.entries()) await client.repositories.register({ id: `bench-${i}`, url });
  return urls;
}

/**
 * A repository whose history holds no hint at or after the moment its last accepted hook was sent has lost it.
 * @returns how many have
 */
export async function lostHooks(
  client: GitOpsClient,
  urls: readonly string[],
  accepted: ReadonlyMap<string, Accepted>,
): Promise<number> {
  let lost = 0;
  for (const [i, url] of urls.entries()) {
    const sentAt = accepted.get(url)?.lastSentAt;
    if (sentAt === undefined) continue;
    const steps = await client.workflows.steps(`repository/bench-${i}`);
    if (!steps.some(({ kind, at }) => kind === 'signal' && Date.parse(at) >= sentAt)) lost++;
  }
  return lost;
}
