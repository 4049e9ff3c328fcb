/**
 * Configuration from flags, the environment and `<home>/config.yaml`, in that order, as one checked object.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { S3Config } from '../adapters/artifacts/open-artifacts.js';
import type { ClusterConfig } from '../adapters/cluster/credentials.js';
import { parseDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import type { RepositoryUrlRules } from '../domain/repository-url.js';
import { readConfigFile, type ConfigFile } from './config-file.js';
import type { PolicySources, ProjectConfig } from './policy-schema.js';

export interface Config {
  /** Folder of all state: artifacts, mirrors, the local server. */
  readonly home: string;
  /** In development mode `file:` repositories and paths are allowed. */
  readonly mode: 'development' | 'production';
  readonly allowedFolders: readonly string[];
  /** Plain http to git servers. */
  readonly allowHttp: boolean;
  /** Whether sync hooks may run shell lines on the worker; by default in development mode only. */
  readonly shellAllowed: boolean;
  /** Whether scripts may talk to link-local addresses, such as a cloud's metadata service. */
  readonly allowLinkLocal: boolean;
  readonly repositoryUrls: RepositoryUrlRules;
  /** By name; see `src/worker/cluster-configs.ts` for those every installation has. */
  readonly clusters: Readonly<Record<string, ClusterConfig>>;
  /** A bucket for what would lie in the home. */
  readonly artifacts?: { readonly s3: S3Config } | undefined;
  /** Kubeconfig file and context that were asked for. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Name of a secret -> `env:NAME` or `file:PATH`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Folder of health scripts that beat the built-in rules. */
  readonly healthChecks?: string | undefined;
  /** Environment variables a script may read. */
  readonly environmentAllowList: readonly string[];
  /** How often each cluster is looked at for drift; null for never. */
  readonly driftIntervalMs: number | null;
  /** The configuration file, whether it exists or not: paths in it are relative to its folder. */
  readonly file: string;
  readonly policies?: PolicySources | undefined;
  readonly projects: Readonly<Record<string, ProjectConfig>>;
  readonly temporal: { readonly address?: string | undefined; readonly namespace?: string | undefined };
}

export interface ConfigFlags {
  readonly home?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly address?: string | undefined;
  readonly temporalNamespace?: string | undefined;
}

/** @throws GitOpsError InvalidConfig with file:line */
export function loadConfig({
  flags = {},
  env = process.env,
}: {
  flags?: ConfigFlags;
  env?: NodeJS.ProcessEnv;
}): Config {
  const home = resolve(flags.home ?? env['SLOTH_HOME'] ?? join(homedir(), '.sloth-runner'));
  const path = env['SLOTH_CONFIG'] ?? join(home, 'config.yaml');
  const file = readConfigFile(path);
  return {
    home,
    mode: file.mode ?? 'development',
    allowedFolders: (file.allowed_folders ?? []).map((folder) => resolve(home, folder)),
    allowHttp: file.allow_http ?? false,
    shellAllowed: file.allow_shell ?? file.mode !== 'production',
    allowLinkLocal: file.http?.allow_link_local ?? false,
    repositoryUrls: { baseUrl: file.repository_base_url ?? 'https://github.com', rewrites: file.url_rewrites ?? {} },
    clusters: clustersOf(file),
    artifacts: artifactsOf(file, path),
    kubeconfig: resolved(flags.kubeconfig) ?? file.kubeconfig,
    context: flags.context ?? env['SLOTH_CONTEXT'] ?? file.context,
    secrets: file.secrets ?? {},
    healthChecks: file.health_checks === undefined ? undefined : resolve(home, file.health_checks),
    environmentAllowList: file.environment ?? [],
    driftIntervalMs: intervalOf(file.drift_interval ?? '3m'),
    file: path,
    policies: file.policies,
    projects: file.projects ?? {},
    temporal: {
      address: flags.address ?? env['TEMPORAL_ADDRESS'] ?? file.temporal?.address,
      namespace: flags.temporalNamespace ?? env['TEMPORAL_NAMESPACE'] ?? file.temporal?.namespace,
    },
  };
}

function intervalOf(text: string | number): number | null {
  return text === 'never' ? null : Math.max(1000, parseDuration(text));
}

/** A flag is relative to where it was typed. */
function resolved(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function clustersOf({ clusters = {} }: ConfigFile): Record<string, ClusterConfig> {
  return Object.fromEntries(
    Object.entries(clusters).map(([name, { kubeconfig, context, allow_exec, qps, burst, max_concurrent }]) => {
      const limits = defined({ qps, burst, maxConcurrent: max_concurrent });
      const cluster = { kubeconfigPath: kubeconfig, context, allowExec: allow_exec };
      return [name, { ...defined(cluster), ...(Object.keys(limits).length === 0 ? {} : { limits }) }];
    }),
  );
}

function defined(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Where the store is AWS's own, requests are signed and encrypted; elsewhere a plain endpoint shows all to whoever listens. */
function artifactsOf({ artifacts, allow_http = false }: ConfigFile, path: string): Config['artifacts'] {
  if (artifacts === undefined) return undefined;
  const { bucket, prefix = '', endpoint, region, path_style, access_key, secret_key, session_token } = artifacts.s3;
  if (endpoint !== undefined && isPlain(endpoint) && !allow_http)
    throw new GitOpsError('InvalidConfig', `${path}: artifacts.s3.endpoint: plain http is not allowed`, {
      hint: 'use https, or set allow_http: true',
    });
  const s3 = {
    bucket,
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    endpoint,
    region,
    pathStyle: path_style ?? endpoint !== undefined,
    accessKey: access_key,
    secretKey: secret_key,
    sessionToken: session_token,
  };
  return {
    s3: Object.fromEntries(Object.entries(s3).filter(([, value]) => value !== undefined)) as unknown as S3Config,
  };
}

/** On this machine nobody listens. */
function isPlain(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
