/**
 * How long the histories of all workflows are. Nothing is woken: Temporal knows it without.
 */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import pLimit from 'p-limit';

interface History {
  readonly type: string;
  readonly events: number;
  readonly bytes: number;
}

/** By workflow and run. */
export type Histories = ReadonlyMap<string, History>;

const atATime = 50;

export async function readHistories(temporal: Client): Promise<Histories> {
  const infos: WorkflowExecutionInfo[] = [];
  for await (const info of temporal.workflow.list()) infos.push(info);
  const limit = pLimit(atATime);
  return new Map(await Promise.all(infos.map((info) => limit(() => entryOf(temporal, info)))));
}

/** The index knows the length of a history when it is closed; of an open one Temporal is asked. */
async function entryOf(temporal: Client, info: WorkflowExecutionInfo): Promise<[string, History]> {
  const { workflowId, runId, type } = info;
  const isOpen = info.status.name === 'RUNNING';
  const known = isOpen ? await temporal.workflow.getHandle(workflowId, runId).describe() : info;
  return [`${workflowId} ${runId}`, { type, events: known.historyLength, bytes: known.historySize ?? 0 }];
}

/** By type of workflow. */
export type Growth = Readonly<Record<string, { readonly events: number; readonly bytes: number }>>;

export function growth(before: Histories, after: Histories): Growth {
  const sums: Record<string, { events: number; bytes: number }> = {};
  for (const [key, { type, events, bytes }] of after) {
    const { events: eventsBefore = 0, bytes: bytesBefore = 0 } = before.get(key) ?? {};
    if (events === eventsBefore) continue;
    const sum = (sums[type] ??= { events: 0, bytes: 0 });
    sum.events += events - eventsBefore;
    sum.bytes += bytes - bytesBefore;
  }
  return sums;
}

/** Ids of the workflows of this type whose histories are not what they were. */
export function grown(before: Histories, after: Histories, type: string): string[] {
  const changed = [...after].filter(([key, h]) => h.type === type && h.events !== before.get(key)?.events);
  return changed.map(([key]) => key.split(' ')[0] ?? '');
}
