/**
 * From what users write (`gitops.workflow{...}`, lua-api.md 2.1) to the specification that lives in the application
 * workflow: defaults filled in, durations in ms, identity hashed. Pure but for the hash.
 */
import { createHash } from 'node:crypto';
import type {
  ApplicationSpec,
  CredentialsReference,
  FailureMode,
  FurtherSource,
  OwnPolicies,
  RetryPolicy,
} from '../domain/application.js';
import { parseDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import { applicationId, repositoryId } from '../domain/identity.js';
import { checkSyncOptions, syncOption } from '../domain/sync-options.js';
import type { SourceConfig } from '../schema/source-config.js';
import { declaredPolicies } from '../domain/policy/short-form.js';
import { syncWindowsFrom } from '../schema/sync-windows.js';
import type { WorkflowConfig } from '../schema/workflow-config.js';
import { approvalPolicy } from './approval-policy.js';
import { healthPolicy } from './health-policy.js';
import { ignoreRules } from './ignore-differences.js';
import { notificationsOf } from './notifications.js';
import { renderOptionsOf } from './render-options.js';

/** The repository a declaration points at, looked up and normalised by the caller. */
export interface ResolvedRepository {
  readonly id?: string;
  /** Normalised URL. */
  readonly url: string;
  /** Branch of a registered repository, used when the declaration names none. */
  readonly branch?: string;
  readonly credentials?: CredentialsReference;
}

export function sha256hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * @param now RFC 3339 UTC
 * @param further the repositories of `repos`, in their order
 * @throws GitOpsError InvalidConfig, InvalidInput (durations)
 */
export function applicationSpec(
  config: WorkflowConfig,
  repository: ResolvedRepository,
  now: string,
  further: readonly ResolvedRepository[] = [],
): ApplicationSpec {
  refuseUnheard(config);
  const branch = config.branch ?? repository.branch ?? 'main';
  const place = placeOf(config);
  const id = applicationId({ ...place, ...named(config), repository: repository.url, branch }, sha256hex);
  const credentials = credentialsOf(config.credentials) ?? repository.credentials;
  const { cluster, namespace, path, project } = place;
  return {
    id,
    name: config.name ?? config.id ?? id,
    project,
    ...(config.environment === undefined ? {} : { environment: config.environment }),
    source: {
      repositoryId: repository.id ?? repositoryId(repository.url, sha256hex),
      url: repository.url,
      branch,
      path,
      ...(credentials === undefined ? {} : { credentials }),
    },
    ...(config.render === undefined ? {} : { render: renderOptionsOf(config.render) }),
    ...furtherOf(config.repos ?? [], further),
    destination: { cluster, ...(namespace === '' ? {} : { namespace }) },
    ...switchesOf(config),
    ...policyOf(config),
    ...differencesOf(config),
    ...gateOf(config),
    ...ownPoliciesOf(config),
    ...notificationsOf(config.notifications, config.name ?? config.id ?? id, repository.url),
    metadata: config.metadata ?? {},
    createdAt: now,
  };
}

function furtherOf(
  configs: readonly SourceConfig[],
  repositories: readonly ResolvedRepository[],
): { further?: readonly FurtherSource[] } {
  const further = configs.flatMap((config, i) => furtherSource(config, repositories[i]) ?? []);
  return further.length === 0 ? {} : { further };
}

function furtherSource(config: SourceConfig, repository: ResolvedRepository | undefined): FurtherSource | undefined {
  if (repository === undefined) return undefined;
  const credentials = credentialsOf(config.credentials) ?? repository.credentials;
  return {
    source: {
      repositoryId: repository.id ?? repositoryId(repository.url, sha256hex),
      url: repository.url,
      branch: config.branch ?? repository.branch ?? 'main',
      path: folder(config.path ?? config.target_path ?? '.'),
      ...(credentials === undefined ? {} : { credentials }),
    },
    ...(config.render === undefined ? {} : { render: renderOptionsOf(config.render) }),
  };
}

/** Promises of later versions. A field that restrains or selects is refused rather than ignored. */
const unheard = ['branch_strategy', 'depends_on'] as const satisfies readonly (keyof WorkflowConfig)[];

function refuseUnheard(config: WorkflowConfig): void {
  const field = unheard.find((name) => config[name] !== undefined && config[name] !== false);
  if (field === undefined) return;
  throw new GitOpsError('InvalidConfig', `${field} is not available in this version, so it would have no effect`, {
    hint: `take ${field} out of the declaration`,
  });
}

/** A folder inside the application's path, or a list in the short form, which is read here already. */
function ownPoliciesOf({ policies }: WorkflowConfig): { policies?: OwnPolicies } {
  if (policies === undefined || (Array.isArray(policies) && policies.length === 0)) return {};
  if (typeof policies === 'string') {
    const inside = folder(policies);
    if (inside !== '.') return { policies: { folder: inside } };
  } else if (Array.isArray(policies)) {
    declaredPolicies(policies);
    return { policies: { inline: policies } };
  }
  throw new GitOpsError('InvalidConfig', 'policies is neither a folder inside path nor a list of policies', {
    hint: 'write policies = "policies", or policies = {{ name = "limits", max_replicas = 10 }}',
  });
}

function placeOf(config: WorkflowConfig) {
  return {
    project: config.project ?? 'default',
    path: folder(config.path ?? config.target_path ?? '.'),
    cluster: config.cluster ?? 'default',
    namespace: config.namespace ?? '',
  };
}

function named({ id, name }: WorkflowConfig): { id?: string; name?: string } {
  return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
}

/** `./a//b/` and `a/b` are one folder. */
function folder(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || parts.includes('..')) {
    throw new GitOpsError('InvalidConfig', `path '${path}' leaves the repository`, {
      hint: 'give a folder inside it, such as "apps/web"',
    });
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

function switchesOf(config: WorkflowConfig) {
  return {
    autoSync: config.auto_sync ?? false,
    diffPreview: config.diff_preview ?? false,
    rollbackOnFailure: config.rollback_on_failure ?? false,
    validationRequired: config.validation_required ?? false,
    syncIntervalMs: intervalMs(config.sync_interval ?? '5m'),
    conflictResolution: config.conflict_resolution ?? 'fail',
  } as const;
}

function intervalMs(interval: string | number): number | null {
  return interval === 'never' ? null : Math.max(1000, parseDuration(interval));
}

function policyOf(config: WorkflowConfig) {
  const policy = config.sync_policy ?? {};
  const health = policy.health_check ?? {};
  const { options } = checkSyncOptions(policy.sync_options ?? []);
  const prune = syncOption(options, 'Prune');
  return {
    failureMode: failureModeOf(config),
    prune: prune === undefined ? (policy.auto_prune ?? false) : prune === 'true',
    ...(policy.self_heal ? { selfHeal: true } : {}),
    createNamespace: syncOption(options, 'CreateNamespace') === 'true',
    ...syncOptionsOf(options),
    retry: retryOf(policy.retry),
    health: healthPolicy(health),
    preSyncHooks: policy.pre_sync_hooks ?? [],
    postSyncHooks: policy.post_sync_hooks ?? [],
  };
}

/** Those that have no field of their own. */
function syncOptionsOf(options: readonly string[]) {
  const others = options.filter((option) => !/^(Prune|CreateNamespace)=/.test(option));
  return others.length === 0 ? {} : { syncOptions: others };
}

/** What a sync passes before its first write. */
function gateOf({ approval_required, sync_windows = [] }: WorkflowConfig) {
  const approval = approvalPolicy(approval_required);
  return {
    ...(approval === undefined ? {} : { approval }),
    ...(sync_windows.length === 0 ? {} : { syncWindows: syncWindowsFrom(sync_windows) }),
  };
}

/** Absent when nothing is ignored, so that a specification says no more than its declaration. */
function differencesOf(config: WorkflowConfig) {
  const ignoreDifferences = ignoreRules(config.ignore_differences);
  return ignoreDifferences.length === 0 ? {} : { ignoreDifferences };
}

/** Written explicitly it wins; else `rollback_on_failure` decides (lua-api.md 2.1). */
function failureModeOf(config: WorkflowConfig): FailureMode {
  const explicit = config.sync_policy?.health_check?.failure_mode;
  return explicit ?? (config.rollback_on_failure === true ? 'rollback' : 'fail');
}

type RetryConfig = NonNullable<NonNullable<WorkflowConfig['sync_policy']>['retry']>;

/** 3 retries, from 10 s, factor 2, at most 3 minutes apart. */
function retryOf(retry: RetryConfig | undefined): RetryPolicy {
  const backoff = retry?.backoff ?? 'exponential';
  const table = typeof backoff === 'string' ? {} : backoff;
  return {
    limit: retry?.limit ?? 3,
    strategy: typeof backoff === 'string' ? backoff : 'exponential',
    initialMs: parseDuration(table.duration ?? '10s'),
    factor: table.factor ?? 2,
    maximumMs: parseDuration(table.max_duration ?? retry?.max_duration ?? '3m'),
  };
}

type CredentialsConfig = NonNullable<WorkflowConfig['credentials']>;

/** References only: the schema has refused literals already. */
export function credentialsOf(config: CredentialsConfig | undefined): CredentialsReference | undefined {
  if (config === undefined) return undefined;
  const missing = (field: string): never => {
    throw new GitOpsError('InvalidConfig', `credentials of type ${config.type} need ${field}`, {
      hint: `write ${field} = secret("name")`,
    });
  };
  switch (config.type) {
    case 'token':
      return {
        type: 'token',
        token: config.token ?? missing('token'),
        ...(config.username === undefined ? {} : { username: config.username }),
      };
    case 'userpass':
      return {
        type: 'userpass',
        username: config.username ?? missing('username'),
        password: config.password ?? missing('password'),
      };
    case 'ssh':
      return { type: 'ssh', sshKey: config.ssh_key ?? keyFile(config.ssh_key_path) ?? missing('ssh_key') };
  }
}

function keyFile(path: string | undefined): string | undefined {
  return path === undefined ? undefined : `file:${path.replace(/^file:/, '')}`;
}
