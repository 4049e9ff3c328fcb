/**
 * Events in the histories of all workflows of a server, by type of workflow.
 */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

const { EventType } = proto.temporal.api.enums.v1;

export interface EventCounts {
  readonly histories: number;
  /** By type, of all of them together. */
  readonly events: Readonly<Record<string, number>>;
}

export async function countEvents(temporal: Client): Promise<Record<string, EventCounts>> {
  const counts: Record<string, { histories: number; events: Record<string, number> }> = {};
  for await (const { type, workflowId, runId } of temporal.workflow.list()) {
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    const count = (counts[type] ??= { histories: 0, events: {} });
    count.histories += 1;
    for (const { eventType } of events ?? []) add(count.events, nameOf(eventType));
  }
  return counts;
}

function nameOf(type: number | null | undefined): string {
  return (EventType[type ?? 0] ?? '').replace('EVENT_TYPE_', '').toLowerCase();
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
