/**
 * `gitops.register_repository`: checks that the repository answers and the branch exists, then registers it.
 */
import { credentialsOf, sha256hex } from '../client/application-spec.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import { GitOpsError } from '../domain/errors.js';
import { repositoryId } from '../domain/identity.js';
import type { RepositoryConfig } from '../schema/repository-config.js';
import { withHeartbeat } from './heartbeat.js';
import type { RepositoryLookup } from './repository-lookup.js';

export interface RegisterInput {
  readonly config: RepositoryConfig;
  readonly directory?: string;
}

export function createRegisterRepository(deps: { client: GitOpsClient; repositories: RepositoryLookup }) {
  /** @returns the id of the repository */
  return function registerRepository({ config, directory }: RegisterInput): Promise<string> {
    return withHeartbeat(async ({ signal }) => {
      const text = config.url ?? config.repo;
      if (text === undefined || text.trim() === '') {
        throw new GitOpsError('InvalidConfig', 'url is missing', {
          hint: 'gitops.register_repository{ url = "https://..." }',
        });
      }
      const credentials = credentialsOf(config.credentials);
      const { url } = await deps.repositories.resolve(text, { directory });
      const id = config.id ?? repositoryId(url, sha256hex);
      const branch = config.branch ?? 'main';
      const known = credentials === undefined ? {} : { credentials };
      await deps.repositories.check({ repositoryId: id, url, branch, path: '.', ...known }, signal);
      await deps.client.repositories.register({ id, url, branch, ...known });
      return id;
    });
  };
}
