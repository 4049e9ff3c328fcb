/**
 * A context that was asked for must exist, before anything is sent anywhere.
 */
import { loadKubeConfig } from '../adapters/cluster/credentials.js';
import type { Config } from '../config/config.js';
import { nearest } from '../domain/nearest.js';
import { GitOpsError } from '../domain/errors.js';
import { clusterConfigs } from '../worker/cluster-configs.js';

/** @throws GitOpsError UnknownCluster naming the contexts there are */
export async function checkContext(config: Config, context: string): Promise<void> {
  const clusters = clusterConfigs({ ...config, context: undefined });
  if (Object.hasOwn(clusters, context)) return;
  const kubeconfig = await loadKubeConfig({ ...clusters['default'] });
  const contexts = kubeconfig.getContexts().map((c) => c.name);
  if (contexts.includes(context)) return;
  const near = nearest(context, contexts);
  throw new GitOpsError('UnknownCluster', `no kubeconfig context is called '${context}'`, {
    hint: `${near === undefined ? '' : `did you mean '${near}'? `}contexts there are: ${contexts.join(', ') || 'none'}`,
  });
}
