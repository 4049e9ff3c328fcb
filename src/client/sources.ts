/**
 * Which repositories a declaration names: the main one (`repo`, else the first of `repos`) and the further ones.
 */
import { GitOpsError } from '../domain/errors.js';
import type { SourceConfig } from '../schema/source-config.js';
import type { WorkflowConfig } from '../schema/workflow-config.js';

/** The declaration with its main source in front: when it has only `repos`, the first of them is the main one. */
export function withMainSource(config: WorkflowConfig): WorkflowConfig {
  const { repos = [], ...rest } = config;
  const [first, ...others] = repos;
  if (repositoryText(config) !== undefined || first === undefined) return config;
  const { branch, path, target_path, credentials, render } = { ...rest, ...first };
  const main = { repo: repositoryText(first), branch, path, target_path, credentials, render };
  const said = Object.fromEntries(Object.entries(main).filter(([, value]) => value !== undefined));
  return { ...rest, ...said, repos: others };
}

/**
 * What a source calls its repository, to be looked up.
 * @param field of the declaration, for the message
 * @throws GitOpsError InvalidConfig when it names none
 */
export function repositoryOf(source: Pick<SourceConfig, 'repo' | 'repository'>, field = 'repo'): string {
  const text = repositoryText(source);
  if (text !== undefined) return text;
  throw new GitOpsError('InvalidConfig', `${field} is missing`, {
    hint: 'give the URL, owner/name or id of a repository: gitops.workflow{ repo = "https://..." }',
  });
}

export function furtherRepositories({ repos = [] }: WorkflowConfig): { text: string; config: SourceConfig }[] {
  return repos.map((config, i) => ({ text: repositoryOf(config, `repos[${i + 1}].repo`), config }));
}

function repositoryText({ repo, repository }: Pick<SourceConfig, 'repo' | 'repository'>): string | undefined {
  return [repo, repository].find((text) => text !== undefined && text.trim() !== '');
}
