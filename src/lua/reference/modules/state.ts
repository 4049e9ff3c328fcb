/** `state`: values that outlive a run. */
import type { ModuleText } from '../function-entry.js';

const key = 'key string';
const done = ['boolean ok', 'string? err'];

export const state: ModuleText = {
  name: 'state',
  describe: 'Values that outlive a run, for each workflow name: 64 KiB a value, 1 MiB in all.',
  durable: true,
  adapted: ['get'],
  functions: {
    set: [[key, 'value any text, a number, a boolean or a table of these'], done, 'Keeps a value.'],
    get: [[key, 'default? any'], ['any value'], 'The value, or the default.'],
    delete: [[key], done, 'Forgets a value.'],
    exists: [[key], ['boolean exists'], 'Whether there is a value.'],
    keys: [['pattern? string * stands for any text'], ['string[] keys'], 'The keys, in order.'],
    decrement: [
      [key, 'by? number 1 when absent'],
      ['number? value the new one', 'string? err'],
      'Takes from a number.',
    ],
    increment: [[key, 'by? number 1 when absent'], ['number? value the new one', 'string? err'], 'Adds to a number.'],
    set_with_ttl: [[key, 'value any', 'seconds number'], done, 'Keeps a value for a time.'],
    compare_swap: [
      [key, 'expected any', 'value any'],
      ['boolean swapped', 'string? err'],
      'Keeps a value if the old one is as expected.',
    ],
    clear: [['pattern? string'], done, 'Forgets all values.'],
    list_push: [[key, 'value any'], ['number? length', 'string? err'], 'Adds to the end of a list.'],
    list_length: [[key], ['number length'], 'How many entries a list has.'],
    append: [[key, 'text string'], ['number? length', 'string? err'], 'Adds to the end of a text.'],
    set_ttl: [[key, 'seconds number'], ['boolean found'], 'Sets the seconds a key has left.'],
    get_ttl: [[key], ['number seconds -1 for ever, -2 when it is not there'], 'Seconds a key has left.'],
    stats: [[], ['table stats {keys, bytes}'], 'How many keys there are, and their size.'],
    try_lock: [['name string', 'seconds? number'], ['boolean taken', 'string? err'], 'Takes a lock if nobody has it.'],
    unlock: [['name string'], ['boolean given', 'string? err'], 'Gives a lock of this run back.'],
    lock: [
      ['name string', 'timeout? number seconds, 60 when absent'],
      ['boolean taken', 'string? err'],
      'Waits for a lock.',
    ],
    with_lock: [
      ['name string', 'body fun(): any', 'timeout? number seconds'],
      ['any result what the function gives'],
      'Runs a function while it holds a lock.',
    ],
    list_pop: [[key], ['any value nil of an empty list'], 'Takes the last one off a list.'],
  },
};
