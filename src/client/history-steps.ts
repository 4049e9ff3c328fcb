/**
 * A Temporal history as the steps a person thinks in: one line for each activity, timer, child and message.
 */
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';

type History = temporal.api.history.v1.IHistory;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

export interface HistoryStep {
  readonly event: number;
  /** RFC 3339 UTC. */
  readonly at: string;
  readonly kind: 'activity' | 'timer' | 'child' | 'signal' | 'update' | 'end';
  readonly summary: string;
}

interface Row {
  readonly kind: HistoryStep['kind'];
  /** Used when the event carries no summary of its own. */
  name(event: HistoryEvent): string | null | undefined;
}

const rows: readonly (readonly [field: keyof HistoryEvent, row: Row])[] = [
  [
    'activityTaskScheduledEventAttributes',
    { kind: 'activity', name: (e) => e.activityTaskScheduledEventAttributes?.activityType?.name },
  ],
  ['markerRecordedEventAttributes', { kind: 'activity', name: (e) => e.markerRecordedEventAttributes?.markerName }],
  ['timerStartedEventAttributes', { kind: 'timer', name: () => 'wait' }],
  [
    'startChildWorkflowExecutionInitiatedEventAttributes',
    { kind: 'child', name: (e) => e.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId },
  ],
  [
    'workflowExecutionSignaledEventAttributes',
    { kind: 'signal', name: (e) => e.workflowExecutionSignaledEventAttributes?.signalName },
  ],
  [
    'workflowExecutionUpdateAcceptedEventAttributes',
    { kind: 'update', name: (e) => e.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name },
  ],
  ['workflowExecutionCompletedEventAttributes', { kind: 'end', name: completed }],
  [
    'workflowExecutionFailedEventAttributes',
    { kind: 'end', name: (e) => `failed: ${e.workflowExecutionFailedEventAttributes?.failure?.message ?? ''}` },
  ],
  ['workflowExecutionCanceledEventAttributes', { kind: 'end', name: () => 'cancelled' }],
  ['workflowExecutionTerminatedEventAttributes', { kind: 'end', name: () => 'terminated' }],
];

/** It says by which build's rules a run goes on, and is no step. */
const patchMarker = 'core_patch';

/** With the message of the record that a run leaves. */
function completed(event: HistoryEvent): string {
  const [payload] = event.workflowExecutionCompletedEventAttributes?.result?.payloads ?? [];
  if (!payload) return 'completed';
  const result: unknown = defaultPayloadConverter.fromPayload(payload);
  const message = (result as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? `completed: ${message}` : 'completed';
}

export function historySteps(history: History): HistoryStep[] {
  return (history.events ?? []).flatMap((event) => {
    if (event.markerRecordedEventAttributes?.markerName === patchMarker) return [];
    const row = rows.find(([field]) => event[field] !== null && event[field] !== undefined)?.[1];
    return row === undefined ? [] : [stepOf(event, row)];
  });
}

function stepOf(event: HistoryEvent, { kind, name }: Row): HistoryStep {
  return { event: Number(event.eventId ?? 0), at: timeOf(event), kind, summary: summaryOf(event) ?? name(event) ?? '' };
}

function summaryOf(event: HistoryEvent): string | undefined {
  const payload = event.userMetadata?.summary;
  return payload ? defaultPayloadConverter.fromPayload<string>(payload) : undefined;
}

function timeOf({ eventTime }: HistoryEvent): string {
  const ms = Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1e6);
  return new Date(ms).toISOString();
}
