/**
 * What the engine would make of a script's declarations, from the very functions it uses, without a server.
 */
import { localPath, looksLikeId } from '../activities/repository-lookup.js';
import { applicationIdOf } from '../client/application-id.js';
import { applicationSpec, sha256hex, type ResolvedRepository } from '../client/application-spec.js';
import { promotionPlan } from '../client/promotion-plan.js';
import { furtherRepositories, repositoryOf, withMainSource } from '../client/sources.js';
import type { Config } from '../config/config.js';
import { GitOpsError } from '../domain/errors.js';
import { repositoryId } from '../domain/identity.js';
import { normaliseRepositoryUrl } from '../domain/repository-url.js';
import type { DeclaredApplication, EngineFacts, FindRepository } from '../lua/plan/engine-facts.js';
import type { PromotionConfig } from '../schema/promotion-config.js';
import type { RepositoryConfig } from '../schema/repository-config.js';
import type { WorkflowConfig } from '../schema/workflow-config.js';
import type { ScriptInput } from '../workflows/messages.js';

/** @param script its directory, where relative repository paths start, and the cluster of applications that name none */
export function engineFacts(
  { repositoryUrls }: Pick<Config, 'repositoryUrls'>,
  { directory, cluster }: Pick<ScriptInput, 'directory' | 'cluster'> = {},
): EngineFacts {
  const urlOf = (text: string): string => normaliseRepositoryUrl(localPath(text, directory) ?? text, repositoryUrls);
  return {
    sha256: sha256hex,
    idOf: applicationIdOf,
    declare: (config, registered) =>
      declare({ ...(cluster && { cluster }), ...(config as WorkflowConfig) }, registered, urlOf),
    register: (config) => register(config as RepositoryConfig, urlOf),
    checkPromotion: (config) => void promotionPlan(config as PromotionConfig),
  };
}

function declare(
  written: WorkflowConfig,
  registered: FindRepository,
  urlOf: (text: string) => string,
): DeclaredApplication {
  const config = withMainSource(written);
  const lookUp = (text: string): ResolvedRepository => registered(text) ?? unregistered(text, urlOf);
  const repository = lookUp(repositoryOf(config));
  const further = furtherRepositories(config).map(({ text }) => lookUp(text));
  const spec = applicationSpec(config, repository, new Date(0).toISOString(), further);
  return {
    id: spec.id,
    certain: !('unknown' in repository) || (config.id ?? config.name) !== undefined,
    name: spec.name,
    repositoryId: spec.source.repositoryId,
    url: spec.source.url,
    branch: spec.source.branch,
    autoSync: spec.autoSync,
    diffPreview: spec.diffPreview,
    rollbackOnFailure: spec.rollbackOnFailure,
  };
}

/** What looks like an id and is no path may have been registered before: only the engine knows where it lies. */
function unregistered(text: string, urlOf: (text: string) => string): ResolvedRepository & { unknown?: true } {
  try {
    return { url: urlOf(text) };
  } catch (error) {
    if (!looksLikeId(text)) throw error;
    return { id: text, url: `https://example.invalid/${text}`, unknown: true };
  }
}

function register(config: RepositoryConfig, urlOf: (text: string) => string): ReturnType<EngineFacts['register']> {
  const text = config.url ?? config.repo ?? '';
  if (text.trim() === '') throw new GitOpsError('InvalidConfig', 'url is missing');
  const url = urlOf(text);
  return { id: config.id ?? repositoryId(url, sha256hex), url, branch: config.branch ?? 'main' };
}
