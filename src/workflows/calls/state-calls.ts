/**
 * Calls of `state`: each is one operation on the workflow that keeps the state, made once however often it is tried.
 */
import { workflowInfo } from '@temporalio/workflow';
import { checkSizes, type StateOperation, type StateValue } from '../../domain/script-state.js';
import type { Step } from '../../lua/host.js';
import { stateCalls as rows } from '../../lua/calls/state-calls.js';
import { quickStep } from '../steps.js';
import { nameOf, type Call, type CallContext } from './call.js';

export const stateCalls: Readonly<Record<string, Call>> = Object.fromEntries(
  Object.keys(rows).map((name) => [`state.${name}`, perform]),
);

function perform({ input }: CallContext, step: Step): Promise<StateValue> {
  const args = step.args as readonly StateValue[];
  const operation: StateOperation = { name: step.call.slice('state.'.length), args, owner: workflowInfo().runId };
  checkSizes(operation);
  const state = step.place?.workflow ?? input.name ?? 'script.lua';
  return quickStep(step.summary).scriptState({ state, operation, once: nameOf(step) });
}
