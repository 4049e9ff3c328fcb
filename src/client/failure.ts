/**
 * What Temporal's client throws, in the engine's own words: `UnknownApplication`, `TemporalUnavailable`, or the code
 * a workflow or an update failed with.
 */
import {
  isGrpcServiceError,
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { fromFailure } from '../activities/failure.js';
import { GitOpsError } from '../domain/errors.js';

/** Runs a client call; what it throws is a GitOpsError. `subject` names the thing for a "not found". */
export async function translating<T>(subject: Subject, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translate(subject, error);
  }
}

export interface Subject {
  readonly code: 'UnknownApplication' | 'UnknownWorkflow' | 'UnknownRepository' | 'UnknownSync';
  readonly name: string;
  readonly hint?: string;
}

export const applicationSubject = (name: string): Subject => ({
  code: 'UnknownApplication',
  name,
  hint: 'sloth-runner app list shows the applications there are',
});

const nouns: Record<Subject['code'], string> = {
  UnknownApplication: 'GitOps workflow',
  UnknownWorkflow: 'workflow',
  UnknownRepository: 'repository',
  UnknownSync: 'sync',
};

/** @throws nothing; returns the error to throw */
export function translate(subject: Subject, error: unknown): GitOpsError {
  if (error instanceof GitOpsError) return error;
  if (isMissing(error)) return notFound(subject);
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError) return ofFailure(error);
  const refusal = error instanceof ServiceError ? error.cause : error; // queries come wrapped
  return isGrpcServiceError(refusal) ? unavailable(refusal) : fromFailure(error);
}

export function notFound({ code, name, hint }: Subject): GitOpsError {
  return new GitOpsError(code, `unknown ${nouns[code]} '${name}'`, hint === undefined ? {} : { hint });
}

function isMissing(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === 5);
}

function ofFailure(error: WorkflowUpdateFailedError | WorkflowFailedError): GitOpsError {
  if (error.cause instanceof CancelledFailure) return new GitOpsError('Cancelled', 'the workflow was cancelled');
  return fromFailure(error);
}

function unavailable(error: Error & { details?: string }): GitOpsError {
  return new GitOpsError('TemporalUnavailable', `Temporal does not answer: ${error.details ?? error.message}`, {
    hint: 'sloth-runner doctor shows what was found; sloth-runner server status shows the local server',
    cause: error,
  });
}
