import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { historySteps } from '../../src/client/history-steps.js';

type Event = NonNullable<NonNullable<Parameters<typeof historySteps>[0]['events']>[number]>;

const event = (attributes: Event, summary?: string): Event => ({
  eventId: 7 as never,
  eventTime: { seconds: 1_767_323_045 as never, nanos: 678_900_000 },
  ...(summary === undefined ? {} : { userMetadata: { summary: defaultPayloadConverter.toPayload(summary) } }),
  ...attributes,
});
const only = (attributes: Event, summary?: string) => historySteps({ events: [event(attributes, summary)] })[0];

const completedWith = (result: unknown): Event => ({
  workflowExecutionCompletedEventAttributes: { result: { payloads: [defaultPayloadConverter.toPayload(result)] } },
});

describe('a history as steps', () => {
  it.each<[string, Event, string, string]>([
    ['an activity', { activityTaskScheduledEventAttributes: { activityType: { name: 'clone' } } }, 'activity', 'clone'],
    ['a timer', { timerStartedEventAttributes: { timerId: '1' } }, 'timer', 'wait'],
    [
      'a child',
      { startChildWorkflowExecutionInitiatedEventAttributes: { workflowId: 'gitops/a/sync-1' } },
      'child',
      'gitops/a/sync-1',
    ],
    ['a signal', { workflowExecutionSignaledEventAttributes: { signalName: 'moved' } }, 'signal', 'moved'],
    [
      'an update',
      { workflowExecutionUpdateAcceptedEventAttributes: { acceptedRequest: { input: { name: 'sync' } } } },
      'update',
      'sync',
    ],
    ['the end', { workflowExecutionCompletedEventAttributes: {} }, 'end', 'completed'],
    ['the end that left a record', completedWith({ message: 'Drift corrected' }), 'end', 'completed: Drift corrected'],
    ['the end with another result', completedWith(null), 'end', 'completed'],
    ['a failure', { workflowExecutionFailedEventAttributes: { failure: { message: 'no' } } }, 'end', 'failed: no'],
    ['a cancellation', { workflowExecutionCanceledEventAttributes: {} }, 'end', 'cancelled'],
    ['a termination', { workflowExecutionTerminatedEventAttributes: {} }, 'end', 'terminated'],
  ])('%s', (_title, attributes, kind, summary) =>
    expect(only(attributes)).toEqual({ event: 7, at: '2026-01-02T03:04:05.678Z', kind, summary }),
  );

  it('prefers the summary that was written for people', () =>
    expect(only({ timerStartedEventAttributes: {} }, 'pause before attempt 2')).toMatchObject({
      kind: 'timer',
      summary: 'pause before attempt 2',
    }));

  it('leaves out what Temporal keeps for itself, and null fields', () => {
    const internal = [
      { workflowTaskScheduledEventAttributes: {} },
      { timerStartedEventAttributes: null },
      { markerRecordedEventAttributes: { markerName: 'core_patch' } },
    ];
    expect(historySteps({ events: internal.map((attributes) => event(attributes)) })).toEqual([]);
    expect(historySteps({})).toEqual([]);
  });
});
