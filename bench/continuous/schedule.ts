/**
 * One tick of a Temporal Schedule, now.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ScheduleHandle } from '@temporalio/client';

const pollMs = 20;

/** @returns what the workflow that the Schedule starts answers */
export async function tick<T>(temporal: Client, schedule: string): Promise<T> {
  const handle = temporal.schedule.getHandle(schedule);
  const before = await lastRun(handle);
  await handle.trigger();
  for (;;) {
    const started = await lastRun(handle);
    if (started?.runId !== before?.runId && started !== undefined)
      return (await temporal.workflow.getHandle(started.workflowId, started.runId).result()) as T;
    await delay(pollMs);
  }
}

async function lastRun(handle: ScheduleHandle): Promise<{ workflowId: string; runId: string } | undefined> {
  const workflow = (await handle.describe()).info.recentActions.at(-1)?.action.workflow;
  return workflow && { workflowId: workflow.workflowId, runId: workflow.firstExecutionRunId };
}
