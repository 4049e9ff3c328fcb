/**
 * From what a user of the library writes to the specification of an application: the same fields as `gitops.workflow`
 * takes in a script.
 */
import type { ApplicationSpec } from '../domain/application.js';
import { GitOpsError } from '../domain/errors.js';
import { normaliseRepositoryUrl } from '../domain/repository-url.js';
import { workflowConfigSchema, type WorkflowConfig } from '../schema/workflow-config.js';
import { applicationSpec, credentialsOf, type ResolvedRepository } from './application-spec.js';
import { refuseLiterals } from './literal-secrets.js';
import type { Repositories } from './repositories.js';
import { furtherRepositories, repositoryOf, withMainSource } from './sources.js';

/** Rewrites are the server's own, in its configuration. */
const rules = { baseUrl: 'https://github.com', rewrites: {} };

/** @throws GitOpsError InvalidConfig, LiteralSecret */
export async function specificationOf(config: WorkflowConfig, repositories: Repositories): Promise<ApplicationSpec> {
  const checked = check(config);
  refuseLiterals(checked);
  const declared = withMainSource(checked);
  const further = furtherRepositories(declared);
  return applicationSpec(
    declared,
    await lookUp(repositoryOf(declared), declared.credentials, repositories),
    new Date().toISOString(),
    await Promise.all(further.map(({ text, config: { credentials } }) => lookUp(text, credentials, repositories))),
  );
}

function check(config: WorkflowConfig): WorkflowConfig {
  const parsed = workflowConfigSchema.safeParse(config);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GitOpsError('InvalidConfig', `${issue?.path.join('.')}: ${issue?.message}`);
}

async function lookUp(
  text: string,
  written: WorkflowConfig['credentials'],
  repositories: Repositories,
): Promise<ResolvedRepository> {
  const registered = /^[\w.-]+$/.test(text) ? await repositories.find(text) : undefined;
  const credentials = credentialsOf(written);
  return {
    ...(registered ?? { url: normaliseRepositoryUrl(text, rules) }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}
