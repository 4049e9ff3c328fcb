import { Context } from '@temporalio/activity';

/**
 * What is left of a timeout that began when this activity was first scheduled, in ms: a retry does not start it anew.
 * @param now ms since 1970
 */
export function remainingMs(timeoutMs: number, now: number): number {
  return Math.max(0, Context.current().info.scheduledTimestampMs + timeoutMs - now);
}
