/**
 * The diff of a preview as the comment of a pull request, one run at a time for each.
 */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { ApplicationSpec } from '../domain/application.js';
import { GitOpsError } from '../domain/errors.js';
import { taskQueues, workflowIds, workflowTaskTimeout, type DiffCommentInput } from '../workflows/messages.js';
import type { PreviewResult } from '../workflows/preview.js';
import { applicationSubject, translating } from './failure.js';

/** @throws GitOpsError InvalidConfig, InvalidInput, and those of the forge */
export async function commentOn(
  temporal: Client,
  { id, name, environment, notifications }: ApplicationSpec,
  pullRequest: number,
  { report, revision }: Pick<PreviewResult, 'report' | 'revision'>,
): Promise<void> {
  const access = notifications?.pullRequest;
  if (access === undefined) throw noForge(name);
  if (!Number.isSafeInteger(pullRequest) || pullRequest < 1)
    throw new GitOpsError('InvalidInput', `${pullRequest} is not the number of a pull request`);
  const app = { id, name, ...(environment === undefined ? {} : { environment }) };
  await oneAtATime(temporal, name, { app, access, pullRequest, report, revision });
}

async function oneAtATime(temporal: Client, name: string, input: DiffCommentInput): Promise<void> {
  const workflowId = workflowIds.diffComment(input.app.id, input.pullRequest);
  for (;;) {
    try {
      return await translatingAll(name, () =>
        temporal.workflow.execute<(asked: DiffCommentInput) => Promise<void>>('diffComment', {
          workflowId,
          taskQueue: taskQueues.engine,
          workflowTaskTimeout,
          args: [input],
          staticSummary: `${name}: comment on pull request ${input.pullRequest}`,
        }),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await temporal.workflow
        .getHandle(workflowId)
        .result()
        .catch(() => undefined);
    }
  }
}

/** But for the one that tells of another run. */
async function translatingAll(name: string, run: () => Promise<void>): Promise<void> {
  let other: unknown;
  await translating(applicationSubject(name), () =>
    run().catch((error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      other = error;
    }),
  );
  if (other !== undefined) throw other as Error;
}

function noForge(name: string): GitOpsError {
  return new GitOpsError('InvalidConfig', `${name} does not say where its pull requests are`, {
    hint: 'declare it with notifications = { pull_request = { token = secret("forge") } }',
  });
}
