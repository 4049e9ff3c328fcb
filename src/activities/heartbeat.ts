/**
 * Keeps an activity alive while it works and lets it hear of its cancellation: Temporal tells an activity that it was
 * cancelled, or that another attempt took over, only in answer to a heartbeat.
 */
import { Context } from '@temporalio/activity';

/** How often we beat, in ms; each beat is sent (`maxHeartbeatThrottleInterval` of the workers). */
const intervalMs = 1000;

export interface Pulse {
  /** Aborts on cancellation, timeout and worker shutdown; hand it to everything that waits. */
  readonly signal: AbortSignal;
  /** What a next attempt of this activity should know; sent with the next beat. */
  report(details: unknown): void;
}

/**
 * Runs `work` under a steady heartbeat.
 * @throws CancelledFailure when the activity is cancelled; whatever `work` throws otherwise
 */
export async function withHeartbeat<T>(work: (pulse: Pulse) => Promise<T>): Promise<T> {
  const context = Context.current();
  let details: unknown = context.info.heartbeatDetails;
  // A local activity lives inside a workflow task: nobody listens, and its signal comes by itself.
  const beat = (): void => (context.info.isLocal ? undefined : context.heartbeat(details));
  const timer = setInterval(beat, intervalMs);
  try {
    beat();
    return await work({ signal: context.cancellationSignal, report: (next) => void (details = next) });
  } catch (error) {
    if (context.cancellationSignal.aborted) await context.cancelled;
    throw error;
  } finally {
    clearInterval(timer);
  }
}
