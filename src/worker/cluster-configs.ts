/**
 * Which clusters this worker can reach, by name: those of the configuration, `local` for the local control plane, and
 * `default` for applications that name none.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ClusterConfig } from '../adapters/cluster/credentials.js';
import type { Config } from '../config/config.js';

export function localClusterFolder(home: string): string {
  return join(home, 'local-cluster');
}

export function localKubeconfig(home: string): string {
  return join(localClusterFolder(home), 'kubeconfig');
}

export function clusterConfigs(config: Config): Record<string, ClusterConfig> {
  const local: ClusterConfig = { kubeconfigPath: localKubeconfig(config.home) };
  const written = config.clusters['default'];
  const usual = written?.kubeconfigPath === undefined ? { ...defaultCluster(config, local), ...written } : written;
  return { local, ...config.clusters, default: usual };
}

/** The kubeconfig that was named, what kubectl would use, else (no set-up at all) the local control plane. */
function defaultCluster({ kubeconfig, context }: Config, local: ClusterConfig): ClusterConfig {
  const chosen = context === undefined || context === 'local' ? {} : { context };
  if (kubeconfig !== undefined) return { kubeconfigPath: kubeconfig, ...chosen };
  return hasUsualConfig() ? chosen : local;
}

/** Where kubectl looks: KUBECONFIG, the home folder, the account of a Pod. */
function hasUsualConfig(): boolean {
  const inCluster = '/var/run/secrets/kubernetes.io/serviceaccount/token';
  return Boolean(process.env['KUBECONFIG']) || existsSync(join(homedir(), '.kube', 'config')) || existsSync(inCluster);
}
