/**
 * What the tasks of the DSL ask of the folder of the run: files handed from task to task, and a save after each task.
 */
import { isCancellation } from '@temporalio/workflow';
import type { Step } from '../../lua/host.js';
import type { Call, CallContext } from './call.js';
import { failureOf } from '../retry.js';

interface Request {
  readonly task: string;
  readonly globs?: readonly string[];
  readonly from?: readonly string[];
}

export const workspaceCalls: Readonly<Record<string, Call>> = {
  'workspace.collect': ({ folder }, step) => {
    const { task, globs = [] } = step.args[0] as unknown as Request;
    return folder.collect(step, task, globs);
  },
  'workspace.deliver': ({ folder }, step) => {
    const { globs = [], from = [] } = step.args[0] as unknown as Request;
    return folder.deliver(step, globs, from);
  },
  'workspace.save': async ({ folder }, step) => {
    await folder.save(step.summary);
    return true;
  },
};

/** Calls that may take long: the worker that holds the folder may be another one afterwards. */
const waiting: ReadonlySet<string> = new Set([
  'gitops.sync_workflow',
  'gitops.rollback_workflow',
  'gitops.delete_workflow',
  'gitops.wait',
  'io.read',
]);

/** Before such a call. That the folder cannot be saved is no failure of the call. */
export function savesBefore({ folder }: CallContext, { call }: Step): boolean {
  return waiting.has(call) && folder.changed;
}

export async function save({ folder, warn }: CallContext): Promise<void> {
  try {
    await folder.save('save the folder of the run');
  } catch (error) {
    if (isCancellation(error)) throw error;
    warn(failureOf(error).message);
  }
}
