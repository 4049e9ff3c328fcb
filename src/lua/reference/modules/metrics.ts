/** `metrics`: figures of a run. */
import type { FunctionText, ModuleText } from '../function-entry.js';

const labels = 'labels? table<string, string>';
const adds = 'value? number|table 1 when absent';
const sets = (what: string, value = 'value number'): FunctionText => [
  ['name string', value, labels],
  ['any value'],
  what,
];

export const metrics: ModuleText = {
  name: 'metrics',
  describe: 'Figures of a run, in its result. None of it is a step.',
  durable: false,
  functions: {
    counter: sets('Adds to a counter.', adds),
    increment: sets('Adds to a counter.', adds),
    gauge: sets('Sets a gauge.'),
    histogram: sets('Adds a value to a histogram.'),
    timer: [
      ['name string', 'fn fun(): any', labels],
      ['any result what the function gives'],
      'Runs a function and keeps how long it took.',
    ],
  },
};
