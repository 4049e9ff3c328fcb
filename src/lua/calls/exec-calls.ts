/**
 * Shell lines: one row a call.
 */
import { optional, type CallRow } from './call-row.js';

/** By the name within the module. */
export const execCalls: Readonly<Record<string, CallRow>> = {
  run: {
    parameters: [{ name: 'command', type: 'string' }, optional({ name: 'options', type: 'table' })],
    failure: 'nil',
    summary: (args) => `run ${String(args[0])}`,
  },
};
