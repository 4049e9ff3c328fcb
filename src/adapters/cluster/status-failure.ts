/**
 * What an API server's failure means: its Status object (meta/v1) and HTTP code as a GitOpsError.
 */
import { FieldConflictError, type OwnedField } from '../../domain/diff/field-conflict.js';
import { InvalidObjectError } from '../../domain/diff/immutable.js';
import { GitOpsError, type GitOpsErrorOptions } from '../../domain/errors.js';
import { describeReference, type ObjectReference } from '../../domain/object.js';
import { secretCause, secretMessage } from './secret-message.js';

/** What was attempted, for messages: `apply`, and on what. */
export interface Attempt {
  readonly verb: string;
  readonly cluster: string;
  readonly subject?: Subject;
}

/** An object, or (without a name) the objects of a kind. */
export type Subject = Omit<ObjectReference, 'name'> & { readonly name?: string };

/** The fields of meta/v1 Status that we read. */
export interface Status {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly Cause[];
  };
}

export interface Cause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface FailedAnswer {
  readonly code: number;
  readonly status: Status;
  readonly retryAfter?: string;
}

/** The server wants to be asked later: it has not begun what was asked. */
export class TurnedAwayError extends GitOpsError {}

type Mapper = (answer: FailedAnswer, attempt: Attempt) => GitOpsError;

const byCode: ReadonlyMap<number, Mapper> = new Map([
  [400, invalid],
  [401, authentication],
  [403, forbidden],
  [404, notFound],
  [409, conflict],
  [415, invalid],
  [422, invalid],
  [429, unreachable],
]);

export function toGitOpsError(answer: FailedAnswer, attempt: Attempt): GitOpsError {
  const mapper = byCode.get(answer.code) ?? (answer.code >= 500 ? serverFailure : invalid);
  return mapper(answer, attempt);
}

/** A request that got no answer at all. */
export function noAnswer(cause: unknown, { cluster, verb, subject }: Attempt): GitOpsError {
  const message = cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : String(cause);
  return new GitOpsError(
    'ClusterUnreachable',
    `cluster ${cluster} did not answer (${phrase(verb, subject)}): ${message}`,
    {
      cause,
      hint: 'check that its API server runs and can be reached from the worker',
    },
  );
}

/** A refusal by a server that is not ready to judge. */
export function notReady(refusal: GitOpsError, { cluster }: Attempt): GitOpsError {
  return new GitOpsError('ClusterUnreachable', `cluster ${cluster} is not ready (/readyz): ${refusal.message}`, {
    cause: refusal,
    hint: 'should it be ready, grant the account GET on /readyz (ClusterRole system:public-info-viewer)',
  });
}

/**
 * Server-side apply answers 500 for an object that does not fit the schema (`field not declared in schema`): a fault of
 * the manifest, which no retry mends.
 */
function serverFailure(answer: FailedAnswer, attempt: Attempt): GitOpsError {
  const text = answer.status.message ?? '';
  return /failed to create typed patch object|not declared in schema/.test(text)
    ? invalid(answer, attempt)
    : unreachable(answer, attempt);
}

function unreachable(answer: FailedAnswer, attempt: Attempt): GitOpsError {
  const { cluster, verb, subject } = attempt;
  const seconds = answer.status.details?.retryAfterSeconds ?? Number(answer.retryAfter ?? NaN);
  const options: GitOpsErrorOptions = Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {};
  const text = `cluster ${cluster} answered ${answer.code} (${phrase(verb, subject)}): ${messageOf(answer, attempt)}`;
  const turnedAway = answer.code === 429 || (answer.code === 503 && options.retryAfterMs !== undefined);
  return new (turnedAway ? TurnedAwayError : GitOpsError)('ClusterUnreachable', text, options);
}

function authentication(answer: FailedAnswer, attempt: Attempt): GitOpsError {
  const { cluster } = attempt;
  return new GitOpsError(
    'ClusterAuthentication',
    `cluster ${cluster} refused the credentials: ${messageOf(answer, attempt)}`,
    {
      hint: 'renew the token or certificate in the kubeconfig of the worker',
    },
  );
}

function forbidden(answer: FailedAnswer, attempt: Attempt): GitOpsError {
  const { cluster, verb, subject } = attempt;
  if (answer.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating'))
    return terminating(attempt);
  const text = `not allowed to ${phrase(verb, subject)} in cluster ${cluster}: ${messageOf(answer, attempt)}`;
  return new GitOpsError('Forbidden', text, {
    hint: `grant the engine's account the verb on that kind, or change the manifest`,
  });
}

function terminating({ verb, subject }: Attempt): GitOpsError {
  const { namespace = '' } = subject ?? {};
  return new GitOpsError('NamespaceTerminating', `${phrase(verb, subject)}: namespace ${namespace} is being deleted`, {
    hint: `wait until it is gone (kubectl get namespace ${namespace} -o yaml says what holds it), then sync again`,
  });
}

/** A 404 names what is missing: the namespace, the object (the caller decides) or, naming nothing, the API itself. */
function notFound(answer: FailedAnswer, attempt: Attempt): GitOpsError {
  const { cluster, verb, subject } = attempt;
  const { details } = answer.status;
  if (details?.kind === 'namespaces' && subject?.namespace !== undefined) {
    return new GitOpsError(
      'NamespaceNotFound',
      `${phrase(verb, subject)}: namespace ${subject.namespace} does not exist`,
      {
        hint: 'create it, add it to the repository, or sync with sync_options = {"CreateNamespace=true"}',
      },
    );
  }
  if (details?.name === undefined && subject !== undefined) {
    return unknownKind(subject, cluster);
  }
  return new GitOpsError('PlanOutdated', `${phrase(verb, subject)}: ${messageOf(answer, attempt)}`);
}

export function unknownKind(subject: Subject, cluster: string): GitOpsError {
  const named = subject.name === undefined ? '' : ` (wanted by ${describeReference(subject as ObjectReference)})`;
  return new GitOpsError('UnknownKind', `cluster ${cluster} knows no ${subject.apiVersion} ${subject.kind}${named}`, {
    hint: 'check the spelling of apiVersion and kind, or install the CustomResourceDefinition first',
  });
}

function conflict(answer: FailedAnswer, attempt: Attempt): GitOpsError {
  const { verb, subject } = attempt;
  const fields = ownedFields(answer.status);
  if (fields.length > 0 && subject?.name !== undefined)
    return new FieldConflictError(subject as ObjectReference, fields);
  return new GitOpsError('PlanOutdated', `${phrase(verb, subject)}: ${messageOf(answer, attempt)}`, {
    hint: 'it changed after the plan was made; sync again',
  });
}

function ownedFields({ details }: Status): OwnedField[] {
  const causes = details?.causes?.filter((c) => c.reason === 'FieldManagerConflict') ?? [];
  return causes.map(({ field = '', message = '' }) => ({
    field,
    manager: /^conflict with "([^"]*)"/.exec(message)?.[1] ?? message,
  }));
}

/** A uid precondition that does not hold comes back as an attempt to change an immutable field. */
function isUidMismatch({ details }: Status): boolean {
  return details?.causes?.some(({ field }) => field === 'metadata.uid') ?? false;
}

function invalid(answer: FailedAnswer, attempt: Attempt): GitOpsError {
  const { verb, subject } = attempt;
  if (isUidMismatch(answer.status)) return conflict(answer, attempt);
  const describeCause = subject?.kind === 'Secret' ? secretCause : plainCause;
  const causes = (answer.status.details?.causes ?? []).map((cause) => ({
    field: cause.field ?? '',
    message: describeCause(cause),
  }));
  const text = causes.length > 0 ? causes.map((c) => c.message).join('; ') : messageOf(answer, attempt);
  return new InvalidObjectError(`${subject === undefined ? verb : describe(subject)}: ${text}`, causes);
}

function plainCause({ field, message }: Cause): string {
  return [field, message].filter(Boolean).join(': ');
}

function messageOf({ code, status }: FailedAnswer, { subject }: Attempt): string {
  if (status.message === undefined) return `HTTP ${code}`;
  return subject?.kind === 'Secret' ? secretMessage(code, status.message) : status.message;
}

function phrase(verb: string, subject: Subject | undefined): string {
  return subject === undefined ? verb : `${verb} ${describe(subject)}`;
}

function describe(subject: Subject): string {
  if (subject.name !== undefined) return describeReference(subject as ObjectReference);
  return subject.namespace === undefined ? subject.kind : `${subject.kind} in ${subject.namespace}`;
}
