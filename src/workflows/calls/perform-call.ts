/**
 * Performs a call of a script. The Lua side has checked the arguments and owns the return conventions (`src/lua/calls`).
 */
import type { RetryPolicy } from '../../domain/application.js';
import type { Step } from '../../lua/host.js';
import { phaseFailure } from '../phase-failure.js';
import { begun, withRetries } from '../retry.js';
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
 * The SDK takes the stack of every promise, and a script of a thousand calls is replayed with all of them: so the way of
 * a call, from here to the interpreter, is made of as few as can be.
 * @returns rejects with whatever the step failed with; calls the engine does not know fail the script
 */
export function performCall(step: Step, context: CallContext): Promise<unknown> {
  return savesBefore(context, step) ? save(context).then(() => call(step, context)) : call(step, context);
}

function call(step: Step, context: CallContext): Promise<unknown> {
  const known = retried[step.call];
  if (known !== undefined) return withRetries(outages, step.call, () => known(context, step));
  return begun(() => (once[step.call] ?? unknown)(context, step));
}

async function unknown(_context: CallContext, step: Step): Promise<never> {
  throw phaseFailure('InvalidInput', `'${step.call}' is not available in this version`);
}
