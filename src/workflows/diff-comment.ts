/**
 * A diff becomes the comment of a pull request. One run at a time for each application and pull request, whoever asks:
 * `gitops/<id>/comment-<number>`.
 */
import type { ApplicationFailure } from '@temporalio/workflow';
import type { DiffCommentInput } from './messages.js';
import { phaseFailure } from './phase-failure.js';
import { quickStep } from './steps.js';

/** A pipeline waits for it: an outage has this long to pass. */
const patience = { scheduleToCloseTimeout: '1m', retry: { maximumAttempts: 5, initialInterval: '1s' } } as const;

/** @throws ApplicationFailure with the code of whatever stood in its way */
export async function diffComment({ app, pullRequest, report, revision }: DiffCommentInput): Promise<void> {
  const { id, name, environment, notifications } = app;
  const access = notifications?.pullRequest;
  if (access === undefined) throw noForge(name);
  const summary = `comment on ${access.repository} ${pullRequest}`;
  await quickStep(summary, patience).commentDiff({
    app: { id, name, environment },
    access,
    pullRequest,
    report,
    revision,
  });
}

function noForge(name: string): ApplicationFailure {
  return phaseFailure(
    'InvalidConfig',
    `${name} does not say where its pull requests are`,
    'declare it with notifications = { pull_request = { token = secret("forge") } }',
  );
}
