/**
 * Questions to people.
 */
import { optional, table, type CallRow } from './call-row.js';

/** By the name within the module. */
export const ioCalls: Readonly<Record<string, CallRow>> = {
  read: {
    parameters: [optional(table('question', 'question'))],
    failure: 'outage',
    summary: ([question]) => `ask: ${lastLine((question as { prompt?: string } | undefined)?.prompt)}`,
    describe:
      'Asks a person: the lines printed before are the prompt. Waits for `sloth-runner workflow approve`; "n" on timeout.',
    returns: ['string answer'],
  },
};

function lastLine(prompt = 'a question'): string {
  return prompt.trim().split('\n').at(-1) ?? '';
}
