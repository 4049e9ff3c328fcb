/** `data`, `json`, `yaml`: text to tables and back; no steps. */
import type { FunctionText, ModuleText } from '../function-entry.js';

const parse = (what: string): FunctionText => [['text string'], ['any value', 'string? err'], `Reads ${what}.`];
const print = (what: string): FunctionText => [['value any'], ['string? text', 'string? err'], `Writes ${what}.`];

const indented = (what: string): FunctionText => [
  ['value any', 'indent? boolean|number|table'],
  ['string? text', 'string? err'],
  `Writes ${what}.`,
];
const path: FunctionText = [
  ['value table', 'path string "spec.containers[1].image"', 'default? any'],
  ['any value'],
  'What lies at a path in a table, or the default.',
];
const list: FunctionText = [
  ['values? any[]'],
  ['any[] list'],
  'A table that is written as a list, also when it is empty.',
];
const common: Readonly<Record<string, FunctionText>> = { get_path: path, get: path, list, array: list };
const [fromJson, fromYaml, all] = [parse('JSON'), parse('YAML'), parse('YAML of several documents, as a list')];
const [toJson, toYaml] = [indented('JSON'), print('YAML')];
const values = { null: 'table null, where a table is written' };

export const data: ModuleText = {
  name: 'data',
  describe: 'JSON and YAML. None of it is a step.',
  durable: false,
  values,
  functions: {
    parse_json: fromJson,
    to_json: toJson,
    json_decode: fromJson,
    json_encode: toJson,
    from_json: fromJson,
    parse_yaml: fromYaml,
    to_yaml: toYaml,
    yaml_decode: fromYaml,
    yaml_encode: toYaml,
    from_yaml: fromYaml,
    parse_yaml_all: all,
    ...common,
  },
};

const read = (from: FunctionText): Record<string, FunctionText> => ({ parse: from, decode: from, load: from });
const write = (to: FunctionText): Record<string, FunctionText> => ({ encode: to, stringify: to, dump: to });

export const json: ModuleText = {
  name: 'json',
  describe: 'JSON. None of it is a step.',
  durable: false,
  values,
  functions: { ...read(fromJson), ...write(toJson), parse_json: fromJson, to_json: toJson, ...common },
};

export const yaml: ModuleText = {
  name: 'yaml',
  describe: 'YAML. None of it is a step.',
  durable: false,
  values,
  functions: { ...read(fromYaml), ...write(toYaml), parse_all: all, parse_yaml: fromYaml, to_yaml: toYaml, ...common },
};
