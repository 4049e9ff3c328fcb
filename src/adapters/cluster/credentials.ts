/**
 * Address and credentials of a cluster, read from a kubeconfig by `@kubernetes/client-node` and handed to our own
 * connection pool: the library's client costs five times the CPU of a bare request.
 */
import type { KubeConfig } from '@kubernetes/client-node';
import type { RequestOptions as HttpsOptions } from 'node:https';
import { GitOpsError } from '../../domain/errors.js';
import type { RequestLimits } from './transport.js';

/** Where a cluster's kubeconfig lies, as the worker's configuration says. */
export interface ClusterConfig {
  /** File; KUBECONFIG, ~/.kube/config or the pod's own account when absent. */
  readonly kubeconfigPath?: string;
  /** Context in it; its current one when absent. */
  readonly context?: string;
  /** Whether a credential plugin (a program the kubeconfig names) may be run. */
  readonly allowExec?: boolean;
  readonly limits?: RequestLimits;
}

export interface Tls {
  readonly ca?: Buffer | string;
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface Credentials {
  readonly server: URL;
  readonly tls: Tls;
  /** Headers that prove who we are; read again from file or plugin when they may have changed. */
  headers(): Promise<Readonly<Record<string, string>>>;
}

/** Tokens in files rotate (bound service account tokens hourly); client-go reads them again each minute. */
const headersValidMs = 60_000;

/** Reads the kubeconfig. The library takes half a second to load, so that happens on first use. */
export async function loadKubeConfig({ kubeconfigPath }: ClusterConfig): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (kubeconfigPath === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfigPath);
  } catch (cause) {
    const message = `kubeconfig ${kubeconfigPath ?? '(default)'} cannot be read: ${(cause as Error).message}`;
    throw new GitOpsError('InvalidConfig', message, { cause });
  }
  return config;
}

/**
 * Credentials of the kubeconfig's selected context.
 * @throws GitOpsError NotAllowed (a plugin nobody allowed), InvalidConfig
 */
export async function readCredentials(config: KubeConfig, settings: ClusterConfig): Promise<Credentials> {
  if (settings.context !== undefined) config.setCurrentContext(settings.context);
  refusePlugins(config, settings);
  const options = await httpsOptions(config);
  const { ca, cert, key, servername, rejectUnauthorized } = options;
  return {
    server: serverOf(config),
    tls: defined({ ca, cert, key, servername, rejectUnauthorized }),
    headers: cached(async () => headersOf(await httpsOptions(config))),
  };
}

/** `exec` and the old cloud providers run a program that the kubeconfig names: code, where data is expected. */
function refusePlugins(config: KubeConfig, { allowExec }: ClusterConfig): void {
  const user = config.getCurrentUser();
  const provider = user?.authProvider as { name?: string } | null | undefined;
  const plugin =
    Boolean(user?.exec) || (Boolean(provider) && provider?.name !== 'tokenFile' && provider?.name !== 'oidc');
  if (!plugin || allowExec) return;
  throw new GitOpsError('NotAllowed', `user '${user?.name}' of the kubeconfig gets its credentials from a program`, {
    hint: 'set allow_exec: true for this cluster if you trust its kubeconfig',
  });
}

function serverOf(config: KubeConfig): URL {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new GitOpsError('InvalidConfig', `context '${config.getCurrentContext()}' names no cluster`);
  if (cluster.proxyUrl) throw new GitOpsError('InvalidConfig', `cluster '${cluster.name}': proxy-url is not supported`);
  return new URL(cluster.server);
}

async function httpsOptions(config: KubeConfig): Promise<HttpsOptions> {
  const options: HttpsOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

function headersOf({ headers, auth }: HttpsOptions): Record<string, string> {
  const basic: Record<string, string> = auth ? { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
  return { ...basic, ...(headers as Record<string, string> | undefined) };
}

function cached<T>(read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  let readAt = 0;
  return () => {
    if (value === undefined || performance.now() - readAt > headersValidMs) {
      readAt = performance.now();
      value = read();
      value.catch(() => (value = undefined));
    }
    return value;
  };
}

function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
