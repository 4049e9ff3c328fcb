/**
 * The one mapper between GitOpsError and Temporal's ApplicationFailure (design.md section 3, rule 8). Messages of
 * errors are masked here; failures that are part of a result, where the result is made.
 */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { GitOpsError, isErrorCode, type ErrorCode } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';

/** First detail of every ApplicationFailure we throw. */
export interface FailureDetails {
  readonly hint?: string;
  readonly trace?: readonly string[];
}

/** Turns whatever an activity threw into the failure Temporal records. Cancellation passes through. */
export function toFailure(error: unknown): Error {
  if (error instanceof CancelledFailure || error instanceof ApplicationFailure) return error;
  const known = error instanceof GitOpsError ? error : unexpected(error);
  const details: FailureDetails = known.hint === undefined ? {} : { hint: redact(known.hint) };
  return ApplicationFailure.create({
    message: redact(known.message),
    type: known.code,
    nonRetryable: !known.retryable,
    details: [details],
    ...(known.retryAfterMs === undefined ? {} : { nextRetryDelay: known.retryAfterMs }),
  });
}

/** A bug or an unforeseen answer of a system: retried, because the next attempt may run on a mended worker. */
function unexpected(error: unknown): GitOpsError {
  const message = error instanceof Error ? error.message : String(error);
  return new GitOpsError('Internal', message, { cause: error });
}

/** The GitOpsError inside a failure that came back from Temporal, looking through its wrappers. */
export function fromFailure(error: unknown): GitOpsError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof GitOpsError) return cause;
    if (cause instanceof ApplicationFailure && isErrorCode(cause.type)) return ofApplicationFailure(cause, cause.type);
  }
  return unexpected(error);
}

function ofApplicationFailure(failure: ApplicationFailure, code: ErrorCode): GitOpsError {
  const details = failure.details?.[0] as FailureDetails | undefined;
  return new GitOpsError(code, failure.message, {
    retryable: !failure.nonRetryable,
    cause: failure,
    ...(details?.hint === undefined ? {} : { hint: details.hint }),
    ...(details?.trace === undefined ? {} : { trace: details.trace }),
  });
}
