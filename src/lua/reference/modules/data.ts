/** `data`, `json`, `yaml`: text to tables and back; no steps. */
import type { FunctionText, ModuleText } from '../function-entry.js';

const parse = (what: string): FunctionText => [['text string'], ['any value', 'string? err'], `Reads ${what}.`];
const print = (what: string): FunctionText => [['value any'], ['string? text', 'string? err'], `Writes ${what}.`];

export const data: ModuleText = {
  name: 'data',
  describe: 'JSON and YAML. None of it is a step.',
  durable: false,
  functions: {
    parse_json: parse('JSON'),
    to_json: print('JSON'),
    parse_yaml: parse('YAML'),
    to_yaml: print('YAML'),
    json_encode: print('JSON'),
    json_decode: parse('JSON'),
    get_path: [
      ['value table', 'path string "spec.containers.1.image"', 'default? any'],
      ['any value'],
      'What lies at a path in a table, or the default.',
    ],
  },
};

export const json: ModuleText = {
  name: 'json',
  describe: 'JSON. None of it is a step.',
  durable: false,
  functions: { encode: print('JSON'), decode: parse('JSON') },
};

export const yaml: ModuleText = {
  name: 'yaml',
  describe: 'YAML. None of it is a step.',
  durable: false,
  functions: { encode: print('YAML'), decode: parse('YAML') },
};
