/**
 * `gitops.workflow` and `gitops.create_workflow`: looks the repository up, checks that it answers and has the branch,
 * and declares the application.
 */
import type { GitOpsClient } from '../client/gitops-client.js';
import { applicationSpec, credentialsOf, type ResolvedRepository } from '../client/application-spec.js';
import { GitOpsError } from '../domain/errors.js';
import { projectOf, requirePlace, type Governance } from '../domain/policy/project.js';
import type { WorkflowConfig } from '../schema/workflow-config.js';
import { withHeartbeat } from './heartbeat.js';
import type { RepositoryLookup } from './repository-lookup.js';

export interface DeclareInput {
  readonly config: WorkflowConfig;
  /** Folder of the script: relative repository paths start there. */
  readonly directory?: string;
  /** Cluster of a declaration that names none. */
  readonly cluster?: string;
}

export interface DeclaredWorkflow {
  readonly workflow_id: string;
  readonly repository_id: string;
  readonly status: 'created';
  readonly auto_sync: boolean;
  readonly diff_preview: boolean;
  readonly rollback_on_failure: boolean;
}

export function createDeclareApplication(deps: {
  client: GitOpsClient;
  repositories: RepositoryLookup;
  governance: Governance;
  now: () => number;
}) {
  return function declareApplication({ config, directory, cluster }: DeclareInput): Promise<DeclaredWorkflow> {
    return withHeartbeat(async ({ signal }) => {
      const repository = await resolve(deps.repositories, config, directory);
      const spec = applicationSpec(cluster === undefined ? config : { cluster, ...config }, repository, now(deps));
      requirePlace(projectOf(deps.governance, spec.project), { repository: spec.source.url, ...spec.destination });
      await deps.repositories.check(spec.source, signal);
      const { app } = await deps.client.declare(spec, { adopt: config.adopt === true });
      return {
        workflow_id: app,
        repository_id: spec.source.repositoryId,
        status: 'created',
        auto_sync: spec.autoSync,
        diff_preview: spec.diffPreview,
        rollback_on_failure: spec.rollbackOnFailure,
      };
    });
  };
}

/** RFC 3339 UTC. */
function now(deps: { now: () => number }): string {
  return new Date(deps.now()).toISOString();
}

function resolve(
  lookup: RepositoryLookup,
  config: WorkflowConfig,
  directory: string | undefined,
): Promise<ResolvedRepository> {
  const text = config.repo ?? config.repository;
  if (text === undefined || text.trim() === '') {
    throw new GitOpsError('InvalidConfig', 'repo is missing', {
      hint: 'give the URL, owner/name or id of a repository: gitops.workflow{ repo = "https://..." }',
    });
  }
  return lookup.resolve(text, { directory, credentials: credentialsOf(config.credentials) });
}
