/**
 * Performs a call of a script. The Lua side has checked the arguments and owns the return conventions (`src/lua/calls`).
 */
import type { RetryPolicy } from '../../domain/application.js';
import type { Data, Step } from '../../lua/host.js';
import { phaseFailure } from '../phase-failure.js';
import { withRetries } from '../retry.js';
import type { Call, CallContext } from './call.js';
import { execCalls } from './exec-calls.js';
import { fsCalls } from './fs-calls.js';
import { gitCalls } from './git-calls.js';
import { gitopsCalls } from './gitops-calls.js';
import { httpCalls } from './http-calls.js';
import { ioCalls } from './io-calls.js';
import { notificationCalls } from './notification-calls.js';
import { stateCalls } from './state-calls.js';
import { save, savesBefore, workspaceCalls } from './workspace-calls.js';

/** A call that meets an outage tries again for some seconds before the script hears of it. */
const outages: RetryPolicy = { limit: 3, strategy: 'exponential', initialMs: 1000, factor: 2, maximumMs: 10_000 };

/** Calls that may be made again after an outage: they read, or carry a name by which they happen once. */
const retried: Readonly<Record<string, Call>> = {
  ...gitopsCalls,
  ...stateCalls,
  ...fsCalls,
  ...gitCalls,
  ...workspaceCalls,
};

/** Calls that nobody repeats unasked; those of `http` that read see to that themselves. */
const once: Readonly<Record<string, Call>> = { ...execCalls, ...httpCalls, ...ioCalls, ...notificationCalls };

/**
 * The SDK takes the stack of every promise, so the way of a call through here is kept short: a script of a thousand calls
 * is replayed with it.
 * @throws whatever the step failed with; calls the engine does not know fail the script
 */
export async function performCall(step: Step, context: CallContext): Promise<Data> {
  const call = retried[step.call] ?? once[step.call];
  if (call === undefined) throw phaseFailure('InvalidInput', `'${step.call}' is not available in this version`);
  if (savesBefore(context, step)) await save(context);
  const answer = Object.hasOwn(once, step.call)
    ? call(context, step)
    : withRetries(outages, step.call, () => call(context, step));
  return ((await answer) ?? null) as Data;
}
