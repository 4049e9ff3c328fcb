/**
 * Shell lines: one row a call. What went wrong with the command itself is in the result; a call fails when it could not
 * be run at all.
 */
import { optional, table, type CallRow } from './call-row.js';

/** By the name within the module. */
export const execCalls: Readonly<Record<string, CallRow>> = {
  run: {
    parameters: [{ name: 'command', type: 'string', filled: true }, optional(table('options', 'exec'))],
    failure: 'nil',
    secrets: 'refused',
    summary: (args) => `run ${String(args[0])}`,
    describe:
      'Runs a shell line on a worker, in the folder of the run. One attempt: a shell line may not be safe to repeat.',
    returns: ['sloth.ExecResult result', 'string? stderr set when it failed', 'boolean failed'],
  },
};
