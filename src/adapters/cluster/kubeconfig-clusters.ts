/**
 * The clusters a worker knows: those its configuration names, and every context of the default one's kubeconfig.
 */
import { GitOpsError } from '../../domain/errors.js';
import type { Cluster, ClusterRegistry } from './cluster.js';
import { loadKubeConfig, readCredentials, type ClusterConfig } from './credentials.js';
import { HttpCluster } from './http-cluster.js';
import { Transport } from './transport.js';

export interface KubeconfigClustersOptions {
  /** By name; `default` is the one applications get that name none. */
  readonly clusters: Readonly<Record<string, ClusterConfig>>;
  /** Version of Sloth Runner, for the User-Agent. */
  readonly version: string;
}

export class KubeconfigClusters implements ClusterRegistry {
  private readonly opened = new Map<string, Promise<Cluster>>();
  private readonly transports = new Map<string, Transport>();

  constructor(private readonly options: KubeconfigClustersOptions) {}

  /** One connection pool a cluster, kept until `close`; a failed attempt is forgotten, so that a mended file works. */
  get(name: string): Promise<Cluster> {
    const known = this.opened.get(name);
    if (known) return known;
    const opening = this.open(name);
    this.opened.set(name, opening);
    opening.catch(() => this.opened.delete(name));
    return opening;
  }

  /** For how long a cluster has owed an answer; 0 for one that was not asked. */
  silentMs(name: string): number {
    return this.transports.get(name)?.silentMs ?? 0;
  }

  /** Contexts of the default kubeconfig: names of clusters, too; none when it cannot be read. */
  async contexts(): Promise<string[]> {
    const { clusters } = this.options;
    const config = await loadKubeConfig(clusters['default'] ?? {}).catch(() => undefined);
    return config?.getContexts().map((context) => context.name) ?? [];
  }

  async close(): Promise<void> {
    const clusters = await Promise.allSettled(this.opened.values());
    this.opened.clear();
    await Promise.all(clusters.map((c) => (c.status === 'fulfilled' ? c.value.close() : undefined)));
  }

  private async open(name: string): Promise<Cluster> {
    const settings = this.settingsOf(name);
    const config = await loadKubeConfig(settings);
    const contexts = config.getContexts().map((c) => c.name);
    if (settings.context !== undefined && !contexts.includes(settings.context))
      throw this.unknown(settings.context, contexts);
    const credentials = await readCredentials(config, settings);
    const transport = new Transport(credentials, `sloth-runner/${this.options.version}`, settings.limits);
    this.transports.set(name, transport);
    return new HttpCluster(name, transport);
  }

  private settingsOf(name: string): ClusterConfig {
    const { clusters } = this.options;
    return Object.hasOwn(clusters, name) ? (clusters[name] ?? {}) : { ...clusters['default'], context: name };
  }

  private unknown(name: string, contexts: readonly string[]): GitOpsError {
    const named = Object.keys(this.options.clusters).join(', ') || 'none';
    return new GitOpsError('UnknownCluster', `no cluster or kubeconfig context is called '${name}'`, {
      hint: `contexts: ${contexts.join(', ') || 'none'}; configured clusters: ${named}`,
    });
  }
}
