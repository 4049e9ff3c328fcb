/** `log`: lines of a run; never a step. */
import type { FunctionText, ModuleText } from '../function-entry.js';

const line = (what: string): FunctionText => [['... any any values, tables as JSON'], [], `Prints a line ${what}.`];

export const log: ModuleText = {
  name: 'log',
  describe: 'Lines among the progress of a run. None of them is a step.',
  durable: false,
  functions: {
    info: line('of level INFO'),
    warn: line('of level WARN'),
    error: line('of level ERROR; it raises nothing'),
    debug: line('of level DEBUG'),
    success: line('of level SUCCESS'),
    print: line('without a level'),
    table: [['value any', 'title? string what stands in front'], [], 'Prints a table as JSON.'],
  },
};
