/**
 * `gitops.workflow` and `gitops.create_workflow`: looks the repository up, checks that it answers and has the branch,
 * and declares the application.
 */
import type { GitOpsClient } from '../client/gitops-client.js';
import { applicationSpec, credentialsOf, type ResolvedRepository } from '../client/application-spec.js';
import { repositoriesOf } from '../domain/application.js';
import { furtherRepositories, repositoryOf, withMainSource } from '../client/sources.js';
import type { SourceConfig } from '../schema/source-config.js';
import { checkSyncOptions } from '../domain/sync-options.js';
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
  /** What of the declaration has no effect; the script's lines say so. */
  readonly warnings?: readonly string[];
}

export function createDeclareApplication(deps: {
  client: GitOpsClient;
  repositories: RepositoryLookup;
  governance: Governance;
  now: () => number;
}) {
  return function declareApplication({ config: written, directory, cluster }: DeclareInput): Promise<DeclaredWorkflow> {
    return withHeartbeat(async ({ signal }) => {
      const config = withMainSource(cluster === undefined ? written : { cluster, ...written });
      const lookUp = (text: string, { credentials }: SourceConfig): Promise<ResolvedRepository> =>
        deps.repositories.resolve(text, { directory, credentials: credentialsOf(credentials) });
      const repository = await lookUp(repositoryOf(config), config);
      const further = await Promise.all(furtherRepositories(config).map((one) => lookUp(one.text, one.config)));
      const spec = applicationSpec(config, repository, now(deps), further);
      requirePlace(projectOf(deps.governance, spec.project), {
        repositories: repositoriesOf(spec),
        ...spec.destination,
      });
      for (const { source } of [spec, ...(spec.further ?? [])]) await deps.repositories.check(source, signal);
      const { warnings } = checkSyncOptions(config.sync_policy?.sync_options ?? []);
      const { app, undeclared } = await deps.client.declare(spec, { adopt: config.adopt === true });
      const remarks = [...warnings, ...undeclared.map(notDeclared)];
      return {
        workflow_id: app,
        repository_id: spec.source.repositoryId,
        status: 'created',
        auto_sync: spec.autoSync,
        diff_preview: spec.diffPreview,
        rollback_on_failure: spec.rollbackOnFailure,
        ...(remarks.length === 0 ? {} : { warnings: remarks }),
      };
    });
  };
}

/** The order of declarations in a script does not matter, so this is no error. */
function notDeclared(name: string): string {
  return `depends_on: '${name}' is not declared yet; the first sync waits until it is, synced and healthy`;
}

/** RFC 3339 UTC. */
function now(deps: { now: () => number }): string {
  return new Date(deps.now()).toISOString();
}
