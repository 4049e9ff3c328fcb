/**
 * A diff becomes the comment of a pull request. One run at a time for each application and pull request, whoever asks:
 * `gitops/<id>/comment-<number>`.
 */
import type { DiffCommentInput } from './messages.js';
import { quickStep } from './steps.js';

/** A pipeline waits for it: an outage has this long to pass. */
const patience = { scheduleToCloseTimeout: '1m', retry: { maximumAttempts: 5, initialInterval: '1s' } } as const;

/** @throws ApplicationFailure with the code of whatever stood in its way */
export async function diffComment(input: DiffCommentInput): Promise<void> {
  const summary = `comment on ${input.pullRequest} of ${input.access.repository}`;
  await quickStep(summary, patience).commentDiff(input);
}
