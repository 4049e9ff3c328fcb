/**
 * The application: what Lua calls a GitOps workflow. Which path of which repository drives which namespace of which
 * cluster, and how. This is the normalised form that lives in workflow inputs; the forms users write are the zod
 * schemas of `src/schema`. No secret is ever part of it: credentials are references.
 */
import type { Notifications } from './announcements.js';
import type { ApprovalPolicy } from './approval.js';
import type { ExternalCheck } from './health/external-checks.js';
import type { RenderOptions } from './render-options.js';
import type { IgnoreRule } from './diff/ignore-rules.js';
import type { SyncWindow } from './sync-window.js';

/** Where a secret value is found; resolved inside the activity that needs it. `env:NAME`, `file:PATH`, `secret:NAME`. */
export type SecretReference = string;

export type CredentialsReference =
  | { readonly type: 'token'; readonly token: SecretReference; readonly username?: string }
  | { readonly type: 'userpass'; readonly username: string; readonly password: SecretReference }
  | { readonly type: 'ssh'; readonly sshKey: SecretReference };

export interface GitSource {
  readonly repositoryId: string;
  /** Normalised, without user information. */
  readonly url: string;
  readonly branch: string;
  /** Folder inside the repository, "." for its root. */
  readonly path: string;
  readonly credentials?: CredentialsReference;
}

/** One more source, rendered apart; its objects win over those of the sources before it. */
export interface FurtherSource {
  readonly source: GitSource;
  readonly render?: RenderOptions;
}

export interface Destination {
  /** Name of a cluster as the worker knows it; "default" for the worker's current context. */
  readonly cluster: string;
  /** Namespace for objects that name none; absent when the application has none or several. */
  readonly namespace?: string;
}

export type FailureMode = 'ignore' | 'fail' | 'rollback';
/** Users write the first four. `reclaim` is `auto` for a set that was accepted once: nothing is left undecided. */
export type ConflictResolution = 'fail' | 'force' | 'yield' | 'auto' | 'reclaim';
export type BackoffStrategy = 'exponential' | 'linear' | 'fixed';

export interface RetryPolicy {
  /** Further attempts after the first. */
  readonly limit: number;
  readonly strategy: BackoffStrategy;
  readonly initialMs: number;
  readonly factor: number;
  readonly maximumMs: number;
}

export interface HealthPolicy {
  readonly enabled: boolean;
  readonly timeoutMs: number;
  /** How long a Degraded verdict must hold before the check gives up, so that a passing hiccup is not a failure. */
  readonly degradedGraceMs: number;
  /** For how long everything must be healthy without a break before it counts as healthy. */
  readonly stableMs?: number;
  /** What is asked besides the objects, once these are healthy. */
  readonly checks?: readonly ExternalCheck[];
}

/** Policies an application brings itself: they can only add to those of the operator. */
export interface OwnPolicies {
  /** Folder inside the application's path; its files are policies, not manifests. */
  readonly folder?: string;
  /** In the short form, as declared. */
  readonly inline?: readonly unknown[];
}

export interface ApplicationSpec {
  /** `workflow-` and 15 digits: the id scripts and the CLI use; the Temporal workflow id is `gitops/<id>`. */
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly environment?: string;
  readonly source: GitSource;
  /** How the source is rendered; absent: by what it holds. */
  readonly render?: RenderOptions;
  readonly further?: readonly FurtherSource[];
  readonly destination: Destination;
  readonly autoSync: boolean;
  /** Drift is corrected instead of only reported; absent for no. */
  readonly selfHeal?: boolean;
  /** null = never on a schedule. */
  readonly syncIntervalMs: number | null;
  readonly diffPreview: boolean;
  readonly rollbackOnFailure: boolean;
  readonly validationRequired: boolean;
  readonly failureMode: FailureMode;
  readonly prune: boolean;
  readonly createNamespace: boolean;
  readonly conflictResolution: ConflictResolution;
  /** Fields left as they are in the cluster. */
  readonly ignoreDifferences?: readonly IgnoreRule[];
  /** `Force=true`, as checked by `sync-options.ts`. */
  readonly syncOptions?: readonly string[];
  readonly retry: RetryPolicy;
  readonly health: HealthPolicy;
  readonly preSyncHooks: readonly string[];
  readonly postSyncHooks: readonly string[];
  readonly policies?: OwnPolicies;
  /** People approve each plan before its first write. */
  readonly approval?: ApprovalPolicy;
  /** When it may be synced, within what the operator allows. */
  readonly syncWindows?: readonly SyncWindow[];
  /** Who hears how its syncs went. */
  readonly notifications?: Notifications;
  /** Fields of the declaration the engine does not know, kept as they were written. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
}

/** URLs of all repositories an application takes its objects from. */
export function repositoriesOf({ source, further = [] }: ApplicationSpec): string[] {
  return [source, ...further.map((one) => one.source)].map(({ url }) => url);
}

/** The part of a specification that says where it points: two declarations of one id must agree on it. */
export interface ApplicationIdentity {
  readonly project: string;
  readonly repository: string;
  readonly path: string;
  readonly cluster: string;
  readonly namespace: string;
}

export function identityOf(spec: Pick<ApplicationSpec, 'project' | 'source' | 'destination'>): ApplicationIdentity {
  return {
    project: spec.project,
    repository: spec.source.url,
    path: spec.source.path,
    cluster: spec.destination.cluster,
    namespace: spec.destination.namespace ?? '',
  };
}

export type HealthStatus = 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';
