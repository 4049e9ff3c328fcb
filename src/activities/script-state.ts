/**
 * One operation on the state of scripts.
 */
import type { GitOpsClient } from '../client/gitops-client.js';
import type { StateOperation, StateValue } from '../domain/script-state.js';

export interface ScriptStateRequest {
  /** Name of the state. */
  readonly state: string;
  readonly operation: StateOperation;
  readonly once: string;
}

export function createScriptState({ client }: { client: GitOpsClient }) {
  return function scriptState({ state, operation, once }: ScriptStateRequest): Promise<StateValue> {
    return client.states.perform(state, operation, once);
  };
}
