/** `state`: values that outlive a run. */
import type { ModuleText } from '../function-entry.js';

const key = 'key string';
const done = ['boolean ok', 'string? err'];

export const state: ModuleText = {
  name: 'state',
  describe: 'Values that outlive a run, for each workflow name: 64 KiB a value, 1 MiB in all.',
  durable: true,
  functions: {
    set: [[key, 'value any text, a number, a boolean or a table of these'], done, 'Keeps a value.'],
    get: [[key, 'default? any'], ['any value'], 'The value, or the default.'],
    delete: [[key], done, 'Forgets a value.'],
    exists: [[key], ['boolean exists'], 'Whether there is a value.'],
    keys: [['prefix? string'], ['string[] keys'], 'The keys, in order.'],
    increment: [[key, 'by? number 1 when absent'], ['number? value the new one', 'string? err'], 'Adds to a number.'],
    set_with_ttl: [[key, 'value any', 'ttl string|number "5m", or seconds'], done, 'Keeps a value for a time.'],
    compare_swap: [
      [key, 'expected any', 'value any'],
      ['boolean swapped', 'string? err'],
      'Keeps a value if the old one is as expected.',
    ],
    clear: [[], done, 'Forgets all values.'],
    list_push: [[key, 'value any'], ['number? length', 'string? err'], 'Adds to the end of a list.'],
    list_pop: [[key], ['any value nil of an empty list'], 'Takes the last one off a list.'],
  },
};
