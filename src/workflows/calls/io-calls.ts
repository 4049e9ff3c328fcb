/**
 * `io.read`: a question to a person. Always a text: `y` where every question is answered with yes, `n` when nobody
 * answered.
 */
import { formatDuration, parseDuration } from '../../domain/duration.js';
import type { Call } from './call.js';

const dayMs = 24 * 60 * 60_000;

export const ioCalls: Readonly<Record<string, Call>> = {
  'io.read': async ({ input, questions, warn }, { args, task }) => {
    const { prompt = '', timeout } = (args[0] ?? {}) as { prompt?: string; timeout?: string | number };
    if (input.yes === true) return 'y';
    const timeoutMs = timeout === undefined ? dayMs : parseDuration(timeout);
    const answer = await questions.ask({ prompt, timeoutMs, ...(task === undefined ? {} : { task: task.name }) });
    if (answer !== undefined) return answer;
    warn(`nobody answered within ${formatDuration(timeoutMs)}: "n"`);
    return 'n';
  },
};
