/**
 * Temporal's histories of an application: do they replay on the build, and was any step that had ended begun again?
 */
import { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import type { ApplicationUnderTest } from './application-under-test.js';

type History = temporal.api.history.v1.IHistory;
export type Histories = ReadonlyMap<string, History>;

const workflowBundle = { codePath: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)) };

/** Of the application, and of each sync from that number on, by workflow id. */
export async function historiesOf({ rig, id }: ApplicationUnderTest, since: number): Promise<Histories> {
  const records = (await rig.client.history(id)).filter(({ number }) => number >= since);
  const ids = [`gitops/${id}`, ...records.map(({ number }) => `gitops/${id}/sync-${number}`)];
  const found = new Map<string, History>();
  for (const workflowId of ids)
    found.set(workflowId, await rig.client.temporal.workflow.getHandle(workflowId).fetchHistory());
  return found;
}

export async function replayFailures(histories: Histories): Promise<string[]> {
  const failures: string[] = [];
  for (const [workflowId, history] of histories) {
    try {
      await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
    } catch (error) {
      failures.push(`${workflowId}: ${(error as Error).message}`);
    }
  }
  return failures;
}

/** Steps that had completed and were scheduled again with the same input. */
export function repeatedSteps(histories: Histories): string[] {
  return [...histories].flatMap(([workflowId, { events }]) => {
    const completed = new Set(
      (events ?? []).flatMap((e) => e.activityTaskCompletedEventAttributes?.scheduledEventId?.toString() ?? []),
    );
    const done = (events ?? []).filter((e) => completed.has(String(e.eventId))).map(stepOf);
    return done.filter((step, i) => done.indexOf(step) !== i).map((step) => `${workflowId}: ${step}`);
  });
}

function stepOf({ activityTaskScheduledEventAttributes: step }: temporal.api.history.v1.IHistoryEvent): string {
  const input = step?.input?.payloads?.map((p) => Buffer.from(p.data ?? []).toString()).join() ?? '';
  return `${step?.activityType?.name} ${input}`;
}
