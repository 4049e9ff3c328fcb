/**
 * What one process works on, from its configuration and what its command line chose.
 */
import type { KubeconfigClusters } from '../adapters/cluster/kubeconfig-clusters.js';
import type { Config } from '../config/config.js';
import { GitOpsError } from '../domain/errors.js';
import { nearest } from '../domain/nearest.js';
import type { Served } from './brief-steps.js';
import { clusterConfigs } from './cluster-configs.js';
import type { Role } from './roles.js';

export interface Choice {
  readonly roles: readonly Role[];
  /** Default: every cluster that is configured, and every context of the default kubeconfig. */
  readonly clusters?: readonly string[] | undefined;
}

/** @throws GitOpsError UnknownCluster when the configuration has no such cluster */
export async function servedBy(
  { roles, clusters: chosen }: Choice,
  config: Config,
  clusters: KubeconfigClusters,
): Promise<Served> {
  const configured = Object.keys(clusterConfigs(config));
  const every = async (): Promise<string[]> => [...configured, ...(await clusters.contexts())];
  const names = !roles.includes('cluster') ? [] : (chosen?.map((name) => known(name, configured)) ?? (await every()));
  return {
    git: roles.includes('git'),
    clusters: new Set(names),
    configured: new Set(configured),
    silentMs: (cluster) => clusters.silentMs(cluster),
  };
}

function known(name: string, configured: readonly string[]): string {
  if (configured.includes(name)) return name;
  const near = nearest(name, configured);
  throw new GitOpsError('UnknownCluster', `the configuration has no cluster '${name}'`, {
    hint: near === undefined ? `write it under clusters:, beside ${configured.join(', ')}` : `did you mean '${near}'?`,
  });
}
