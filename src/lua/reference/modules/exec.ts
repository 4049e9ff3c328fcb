/** `exec`: shell lines; the parameters of `run` are those of its row. */
import type { ModuleText } from '../function-entry.js';

const parameters = ['command string a shell line', 'options? table workdir, env, timeout, stdin'];
const returns = ['sloth.ExecResult result', 'string? stderr set when it failed', 'boolean failed'];

export const exec: ModuleText = {
  name: 'exec',
  describe: 'Shell lines on a worker, in the folder of the run.',
  durable: true,
  functions: {
    run: [parameters, returns, 'Runs a shell line. One attempt: it may not be safe to repeat.'],
    command: [parameters, returns, 'Another name of `run`.'],
  },
};
