/**
 * State that outlives a run: one row a function.
 */
import { optional, type CallRow, type Parameter } from './call-row.js';

const key: Parameter = { name: 'key', type: 'string' };
const value: Parameter = { name: 'value', type: 'any' };
const ttl: Parameter = { name: 'seconds to live', type: 'number' };
const amount: Parameter = { name: 'amount', type: 'number' };
const pattern: Parameter = { name: 'pattern', type: 'string' };

/** Reading raises an outage: nil would look like a key that is not there. */
const reads = (verb: string, describe: string, returns: string, parameters: readonly Parameter[] = [key]): CallRow => ({
  parameters,
  failure: 'outage',
  summary: (args) => `state: ${verb} ${String(args[0] ?? '')}`.trimEnd(),
  describe,
  returns: [returns],
});

const writes = (
  verb: string,
  describe: string,
  returns: string,
  parameters: readonly Parameter[],
  failure: CallRow['failure'] = 'false',
): CallRow => ({
  ...reads(verb, describe, returns, parameters),
  failure,
  returns: [returns, 'string? err'],
});

/** By the name within the module. */
export const stateCalls: Readonly<Record<string, CallRow>> = {
  get: reads('get', 'The value under a key, or the default.', 'any value', [key]),
  exists: reads('look for', 'Whether there is a value under the key.', 'boolean exists'),
  keys: reads('list', 'The keys, in order; `*` in the pattern stands for any text.', 'string[] keys', [
    optional(pattern),
  ]),
  get_ttl: reads('time left of', 'Seconds a key still has: -1 for ever, -2 when it is not there.', 'number seconds'),
  list_length: reads('length of', 'How many entries the list under the key has.', 'number length'),
  stats: reads('statistics', 'How many keys there are, and their size.', 'table stats {keys, bytes}', []),
  set: writes('set', 'Sets a value, perhaps for some seconds; nil deletes.', 'boolean done', [
    key,
    value,
    optional(ttl),
  ]),
  set_with_ttl: writes('set', 'Sets a value for some seconds.', 'boolean done', [key, value, ttl]),
  set_ttl: writes('keep for a time', 'Sets the seconds a key has left.', 'boolean found', [key, ttl]),
  delete: writes('delete', 'Deletes a key.', 'boolean existed', [key]),
  clear: writes('clear', 'Deletes all keys, or those that match.', 'boolean done', [optional(pattern)]),
  compare_swap: writes('compare and swap', 'Sets `new` if the value is `old`.', 'boolean swapped', [
    key,
    { ...value, name: 'old' },
    { ...value, name: 'new' },
  ]),
  increment: writes('increment', 'Adds 1, or the amount.', 'number? value', [key, optional(amount)], 'nil'),
  decrement: writes('decrement', 'Takes away 1, or the amount.', 'number? value', [key, optional(amount)], 'nil'),
  append: writes('append to', 'Appends to a text.', 'number? length', [key, { name: 'text', type: 'string' }], 'nil'),
  list_push: writes('push to', 'Adds to the end of a list.', 'number? length', [key, value], 'nil'),
  list_pop: writes('pop from', 'Takes the last entry off a list.', 'any entry', [key], 'nil'),
  try_lock: writes('lock', 'Takes a lock if nobody has it.', 'boolean taken', [
    { name: 'name', type: 'string' },
    optional(ttl),
  ]),
  unlock: writes('unlock', 'Gives a lock of this run back.', 'boolean given', [{ name: 'name', type: 'string' }]),
};
