/**
 * The one error of the engine: a code from the table below, whether a retry can help, and what to do next.
 *
 * Everything that fails on purpose throws a GitOpsError. `src/activities/failure.ts` maps it to Temporal's
 * ApplicationFailure (`type` = code, `nonRetryable` = !retryable) and back. Compare codes, never classes: an error
 * that crossed the workflow sandbox or a process boundary keeps its code but not its prototype.
 */

interface ErrorRule {
  /** May the same call succeed later without anybody changing anything? */
  readonly retryable: boolean;
  /** Exit code of the command line, see docs/cli.md. */
  readonly exit: number;
}

const user = (exit: number): ErrorRule => ({ retryable: false, exit });
const outage = (exit = 1): ErrorRule => ({ retryable: true, exit });

/** Every code, with its retry class and exit code. New failures get a row here first. */
export const errorRules = {
  // What the user wrote
  InvalidInput: user(2),
  InvalidConfig: user(2),
  LiteralSecret: user(2),
  ScriptSyntax: user(1),
  ScriptFailed: user(1),
  LuaBudgetExceeded: user(1),
  UnknownApplication: user(4),
  UnknownRepository: user(4),
  UnknownWorkflow: user(4),
  UnknownSync: user(4),
  /** The application has no such object. */
  UnknownObject: user(4),
  UnknownAction: user(4),
  ActionDisabled: user(1),
  IdentityConflict: user(8),
  /** What is to be run is not what was planned. */
  PlanMismatch: user(8),
  NotAllowed: user(3),
  /** Too large for the state of a script. */
  StateLimit: user(1),
  /** Nobody waits for the answer. */
  NoQuestion: user(4),
  /** No plan waits for an approval. */
  NothingToApprove: user(4),
  // Requests and messages of scripts
  /** A request got no answer. */
  RequestFailed: outage(),
  /** The worker was lost while it sent something that must not be sent twice. */
  Interrupted: user(1),
  // Git
  RepositoryNotFound: user(1),
  RepositoryUnreachable: outage(),
  RepositoryAuthentication: user(3),
  RevisionNotFound: user(1),
  PathNotFound: user(1),
  SecretUnavailable: user(2),
  // Render
  RenderFailed: user(1),
  DuplicateObject: user(1),
  // Policies and projects
  InvalidPolicy: user(2),
  PolicyViolation: user(7),
  UnknownProject: user(2),
  ProjectDenied: user(7),
  ShrinkHeld: user(7),
  // Cluster
  UnknownCluster: user(2),
  ClusterUnreachable: outage(),
  /** A brief step that another worker has to do, or that would hold up a workflow task; see docs/decisions/0026. */
  ServedElsewhere: outage(),
  ClusterAuthentication: user(3),
  Forbidden: user(3),
  UnknownKind: user(1),
  NamespaceNotFound: user(1),
  NamespaceTerminating: user(1),
  ObjectInvalid: user(1),
  FieldConflict: user(8),
  OwnershipConflict: user(8),
  PlanOutdated: outage(8),
  FenceLost: user(1),
  ApplyFailed: user(1),
  PruneHeld: user(7),
  // Outcome of a sync
  HookFailed: user(1),
  HealthCheckFailed: user(1),
  HealthCheckTimeout: user(1),
  NothingToRollBackTo: user(4),
  RollbackFailed: user(1),
  SyncFailed: user(1),
  RevisionRejected: user(7),
  ApprovalRejected: user(7),
  ApprovalExpired: user(7),
  SyncWindowClosed: user(7),
  ApplicationSuspended: user(7),
  ApplicationDeleted: user(7),
  Cancelled: user(130),
  Timeout: user(5),
  // Ours and the machine's
  ArtifactMissing: user(1),
  ArtifactDamaged: user(1),
  ArtifactStoreUnreachable: outage(),
  ToolMissing: user(2),
  /** The folder of a run is not where it was: it is opened anew, from what was saved. */
  FolderGone: outage(),
  LocalClusterFailed: outage(),
  TemporalUnavailable: outage(),
  Internal: outage(),
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof errorRules;

export interface GitOpsErrorOptions {
  /** What to do or type next: the third line of the message a user sees. */
  readonly hint?: string;
  /** Overrides the table when this one occurrence is known to be (not) worth retrying. */
  readonly retryable?: boolean;
  /** Earliest useful moment of a retry, in ms from now (a server's Retry-After). */
  readonly retryAfterMs?: number;
  /** Of a script that failed: its stack of Lua functions, innermost first. */
  readonly trace?: readonly string[];
  readonly cause?: unknown;
}

export class GitOpsError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly trace: readonly string[];

  constructor(code: ErrorCode, message: string, options: GitOpsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GitOpsError';
    this.code = code;
    this.retryable = options.retryable ?? errorRules[code].retryable;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.trace = options.trace ?? [];
  }
}

export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && Object.hasOwn(errorRules, text);
}

/** True for a GitOpsError of that code, also one that came from another realm. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code;
}
