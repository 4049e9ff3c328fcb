/**
 * Calls of `notifications`: sent once; a message that may have arrived is not sent again.
 */
import { parseDuration } from '../../domain/duration.js';
import { notificationCalls as rows } from '../../lua/calls/notification-calls.js';
import type { Step } from '../../lua/host.js';
import { isTimeout, quickStep } from '../steps.js';
import type { Call, CallContext } from './call.js';
import { interrupted } from './http-calls.js';

export const notificationCalls: Readonly<Record<string, Call>> = Object.fromEntries(
  Object.keys(rows).map((service): [string, Call] => [
    `notifications.${service}`,
    (context, step) => send(service, context, step),
  ]),
);

async function send(service: string, _context: CallContext, { args, summary }: Step): Promise<true> {
  const { timeout = 30, ...fields } = args[0] as { timeout?: string | number };
  const timeoutMs = Math.min(10 * 60_000, parseDuration(timeout));
  const options = { startToCloseTimeout: timeoutMs + 10_000, retry: { maximumAttempts: 1 } };
  try {
    await quickStep(summary, options).sendNotification({ service, fields, timeoutMs });
    return true;
  } catch (error) {
    if (isTimeout(error)) throw interrupted(summary);
    throw error;
  }
}
