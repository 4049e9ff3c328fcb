/**
 * Temporal's histories of an application: do they replay on the build, and was any step that had ended begun again?
 */
import { temporal } from '@temporalio/proto';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ApplicationUnderTest } from './application-under-test.js';
import { neverRan } from './reports.js';
import type { Rig } from './rig.js';

type History = temporal.api.history.v1.IHistory;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
export type Histories = ReadonlyMap<string, History>;

/** Of the application, and of each sync from that number on that became a run, by workflow id. */
export async function historiesOf({ rig, id }: ApplicationUnderTest, since: number): Promise<Histories> {
  const records = (await rig.client.history(id)).filter((r) => r.number >= since && !neverRan(r));
  const ids = [`gitops/${id}`, ...records.map(({ number }) => `gitops/${id}/sync-${number}`)];
  const found = new Map<string, History>();
  for (const workflowId of ids)
    found.set(workflowId, await rig.client.temporal.workflow.getHandle(workflowId).fetchHistory());
  return found;
}

export interface Replays {
  readonly replayed: number;
  /** One line for each history that does not. */
  readonly failures: readonly string[];
}

/** Replays every history of the rig's Temporal on the build. */
export async function replayAll({ temporal: { address } }: Rig): Promise<Replays> {
  const script = fileURLToPath(new URL('replay.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, address], {
    env: { PATH: process.env['PATH'] },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Replays;
}

/** Types of the activities that a workflow has completed, in the order in which it asked for them. */
export async function completedActivities({ client }: Rig, workflowId: string): Promise<string[]> {
  const { events } = await client.temporal.workflow.getHandle(workflowId).fetchHistory();
  return completedSteps(events ?? []).map((e) => e.activityTaskScheduledEventAttributes?.activityType?.name ?? '');
}

/** One that ends with a failure in its result (a wave that was not finished) has not completed. */
function completedSteps(events: readonly HistoryEvent[]): HistoryEvent[] {
  const completed = events.map(({ activityTaskCompletedEventAttributes: done }) =>
    hasFailure(done?.result) ? undefined : done?.scheduledEventId?.toString(),
  );
  return events.filter((e) => e.activityTaskScheduledEventAttributes && completed.includes(String(e.eventId)));
}

function hasFailure(result: temporal.api.common.v1.IPayloads | null | undefined): boolean {
  const [payload] = result?.payloads ?? [];
  const text = Buffer.from(payload?.data ?? []).toString();
  return text.startsWith('{') && (JSON.parse(text) as { failure?: unknown }).failure !== undefined;
}

/** Steps that had completed and were scheduled again with the same input. */
export function repeatedSteps(histories: Histories): string[] {
  return [...histories].flatMap(([workflowId, { events }]) => {
    const done = completedSteps(events ?? []).map(stepOf);
    return done.filter((step, i) => done.indexOf(step) !== i).map((step) => `${workflowId}: ${step}`);
  });
}

function stepOf({ activityTaskScheduledEventAttributes: step }: HistoryEvent): string {
  const input = step?.input?.payloads?.map((p) => Buffer.from(p.data ?? []).toString()).join() ?? '';
  return `${step?.activityType?.name} ${input}`;
}

/** When each event happened and what it was, for the message of a failed test. */
export async function timeline({ rig, id }: ApplicationUnderTest, sync: number): Promise<string> {
  const { events } = await rig.client.temporal.workflow.getHandle(`gitops/${id}/sync-${sync}`).fetchHistory();
  return (events ?? []).map(lineOf).join('\n');
}

function lineOf(event: HistoryEvent): string {
  const { seconds, nanos } = event.eventTime ?? {};
  const at = new Date(Number(seconds) * 1000 + Number(nanos) / 1e6).toISOString();
  const { activityType } = event.activityTaskScheduledEventAttributes ?? {};
  const { attempt, lastFailure } = event.activityTaskStartedEventAttributes ?? {};
  const type = String(temporal.api.enums.v1.EventType[event.eventType ?? 0]).replace('EVENT_TYPE_', '');
  return [at, type, activityType?.name, attempt && `attempt ${attempt}`, lastFailure?.message]
    .filter(Boolean)
    .join(' ');
}
