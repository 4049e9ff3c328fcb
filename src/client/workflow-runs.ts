/**
 * Whatever runs on Temporal for us, seen as runs: list them, follow one, cancel one.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { GitOpsError } from '../domain/errors.js';
import { translating, type Subject } from './failure.js';
import { historySteps, type HistoryStep } from './history-steps.js';

export interface RunSummary {
  readonly id: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
  readonly startedAt: string;
  readonly closedAt: string;
  readonly app: string;
}

const types = [
  ...['script', 'scriptState', 'sync', 'application', 'repository', 'preview', 'renderPreview', 'sweep', 'driftSweep'],
  'resourceAction',
  'announcement',
  'diffComment',
];
const subject = (name: string): Subject => ({
  code: 'UnknownWorkflow',
  name,
  hint: 'sloth-runner workflow list shows the workflows there are',
});

export class WorkflowRuns {
  constructor(private readonly temporal: Client) {}

  /** Newest first. @param filter `type`: one workflow type; `app`: name of an application */
  async list(filter: { type?: string; app?: string; limit?: number } = {}): Promise<RunSummary[]> {
    const clauses = [`WorkflowType IN (${(filter.type ? [filter.type] : types).map(quoted).join(', ')})`];
    if (filter.app !== undefined) clauses.push(`GitopsApp = ${quoted(filter.app)}`);
    const found: RunSummary[] = [];
    await translating(subject('list'), async () => {
      for await (const info of this.temporal.workflow.list({ query: clauses.join(' AND ') })) {
        found.push(summaryOf(info));
        if (found.length >= (filter.limit ?? 50)) break;
      }
    });
    return found;
  }

  async describe(id: string): Promise<RunSummary> {
    return translating(subject(id), async () => summaryOf(await this.temporal.workflow.getHandle(id).describe()));
  }

  /** Every step of the history in words, oldest first. */
  async steps(id: string): Promise<HistoryStep[]> {
    return translating(subject(id), async () =>
      historySteps(await this.temporal.workflow.getHandle(id).fetchHistory()),
    );
  }

  /** The steps as they come, until the run is closed. */
  async *follow(id: string): AsyncGenerator<HistoryStep> {
    let seen = 0;
    for (;;) {
      const open = (await this.describe(id)).status === 'RUNNING';
      const steps = (await this.steps(id)).slice(seen);
      yield* steps;
      seen += steps.length;
      if (!open) return;
      await pause(500);
    }
  }

  /** @throws InvalidInput for an application or a repository: these end when they are deleted */
  async cancel(id: string): Promise<void> {
    const { type, app } = await this.describe(id);
    if (type === 'application' || type === 'repository') throw lasting(id, type, app);
    await translating(subject(id), () => this.temporal.workflow.getHandle(id).cancel());
  }
}

/** Workflows that stand for a thing: cancelled, they would leave it without anybody in charge. */
function lasting(id: string, type: string, app: string): GitOpsError {
  const hint = `sloth-runner app delete ${app || '<name>'} ends it; to end only a sync, cancel ${id}/sync-<n>`;
  const rest = type === 'application' ? { hint } : {};
  return new GitOpsError('InvalidInput', `${id} stands for the ${type} itself and cannot be cancelled`, rest);
}

function summaryOf(info: Omit<WorkflowExecutionInfo, 'raw'>): RunSummary {
  return {
    id: info.workflowId,
    runId: info.runId,
    type: info.type,
    status: info.status.name,
    startedAt: info.startTime.toISOString(),
    closedAt: info.closeTime?.toISOString() ?? '',
    app: String(info.searchAttributes['GitopsApp']?.[0] ?? ''),
  };
}

/** A value inside a visibility query; anything that could end the quotes is refused by leaving it out. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '')}"`;
}
