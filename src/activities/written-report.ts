/**
 * From what became of the objects of a write to what the history carries: counts, the digest of the report, and why not
 * all of it could be done.
 */
import { Context } from '@temporalio/activity';
import type { GitOpsError } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import type { ObjectOutcome, WriteFailure } from '../domain/sync.js';

export function countOf(outcomes: readonly ObjectOutcome[], ...wanted: ObjectOutcome['outcome'][]): number {
  return outcomes.filter(({ outcome }) => wanted.includes(outcome)).length;
}

/** Masked, as it leaves the activity. */
export function withFailure(failure: GitOpsError | undefined): { failure?: WriteFailure } {
  if (failure === undefined) return {};
  const { code, message, hint } = failure;
  return { failure: { code, message: redact(message), ...(hint === undefined ? {} : { hint: redact(hint) }) } };
}

/**
 * What a person cancelled ends with a report of what was written; a worker that stops, or has been given up, hands over.
 * @throws the signal's reason unless it was a person
 */
export function reportUnlessHandedOver(signal: AbortSignal): void {
  if (Context.current().cancellationDetails?.cancelRequested !== true) signal.throwIfAborted();
}
