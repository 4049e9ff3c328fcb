/**
 * State of scripts seen from outside: one workflow a name, started by its first change.
 */
import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
import { hasCode } from '../domain/errors.js';
import { isReading, read, type StateOperation, type StateValue } from '../domain/script-state.js';
import {
  changeStateUpdate,
  readStateQuery,
  taskQueues,
  workflowIds,
  workflowTaskTimeout,
} from '../workflows/messages.js';
import { translating } from './failure.js';

export class ScriptStates {
  constructor(private readonly temporal: Client) {}

  /** @param once a name for this change: said twice under one name, it is made once */
  perform(name: string, operation: StateOperation, once: string): Promise<StateValue> {
    return isReading(operation.name) ? this.read(name, operation) : this.change(name, operation, once);
  }

  /** A state that nobody has changed yet is empty. */
  private async read(name: string, operation: StateOperation): Promise<StateValue> {
    const handle = this.temporal.workflow.getHandle(workflowIds.scriptState(name));
    try {
      return await translating({ code: 'UnknownWorkflow', name }, () => handle.query(readStateQuery, operation));
    } catch (error) {
      if (hasCode(error, 'UnknownWorkflow')) return read({}, operation, 0);
      throw error;
    }
  }

  private change(name: string, operation: StateOperation, once: string): Promise<StateValue> {
    const startWorkflowOperation = new WithStartWorkflowOperation('scriptState', {
      workflowId: workflowIds.scriptState(name),
      taskQueue: taskQueues.engine,
      workflowTaskTimeout,
      args: [{ name }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `state of ${name}`,
    });
    const args: [StateOperation & { once: string }] = [{ ...operation, once }];
    return translating({ code: 'UnknownWorkflow', name }, () =>
      this.temporal.workflow.executeUpdateWithStart(changeStateUpdate, {
        startWorkflowOperation,
        args,
        updateId: once,
      }),
    );
  }
}
