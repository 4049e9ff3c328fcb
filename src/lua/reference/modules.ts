/**
 * The modules of the language. What is a row in `src/lua/calls` is described there; the texts here fill in what a row does
 * not say, and describe the functions that are no row.
 */
import type { CallRow, Parameter } from '../calls/call-row.js';
import { calls } from '../calls/calls.js';
import { className } from './class-names.js';
import {
  functionOf,
  type FunctionEntry,
  type ModuleEntry,
  type ModuleText,
  type ParameterEntry,
} from './function-entry.js';
import { data, json, yaml } from './modules/data.js';
import { exec } from './modules/exec.js';
import { fs } from './modules/fs.js';
import { git } from './modules/git.js';
import { gitops } from './modules/gitops.js';
import { http, net } from './modules/http.js';
import { log } from './modules/log.js';
import { metrics } from './modules/metrics.js';
import { notifications } from './modules/notifications.js';
import { state } from './modules/state.js';
import { io, os } from './modules/system.js';

export const moduleTexts: readonly ModuleText[] = [
  gitops,
  log,
  exec,
  fs,
  state,
  data,
  json,
  yaml,
  http,
  net,
  git,
  metrics,
  notifications,
  os,
  io,
];

export const modules: readonly ModuleEntry[] = moduleTexts.map(moduleOf);

/** By each of its names. */
export const modulesByName: ReadonlyMap<string, ModuleEntry> = new Map(
  modules.flatMap((module) => [module.name, ...(module.aliases ?? [])].map((name) => [name, module])),
);

/** Rows of the module, by the name within it. */
export function rowsOf(module: string): Readonly<Record<string, CallRow>> {
  const own = Object.entries(calls).filter(([name]) => name.startsWith(`${module}.`));
  return Object.fromEntries(own.map(([name, row]) => [name.slice(module.length + 1), row]));
}

function moduleOf(text: ModuleText): ModuleEntry {
  const rows = rowsOf(text.name);
  const names = [...new Set([...Object.keys(rows), ...Object.keys(text.functions)])];
  const functions = names.map((name) => [name, entryOf(name, rows[name], text)] as const);
  return { ...text, functions: Object.fromEntries(functions) };
}

function entryOf(name: string, row: CallRow | undefined, module: ModuleText): FunctionEntry {
  const { durable, adapted: forms = [], functions } = module;
  const written = functions[name] === undefined ? undefined : functionOf(functions[name], durable);
  if (row === undefined) return written ?? functionOf([[], [], ''], durable);
  const { parameters } = row;
  const adapted = written !== undefined && (forms === true || forms.includes(name));
  return {
    parameters: adapted
      ? written.parameters.map((own) => withClasses(own, row))
      : parameters.map((own) => parameterOfRow(own)),
    returns: (adapted ? written.returns : row.returns) ?? written?.returns ?? [],
    describe: row.describe ?? written?.describe ?? '',
    durable: true,
  };
}

function parameterOfRow({ name, type, optional = false, schema }: Parameter): ParameterEntry {
  const named = { name: name.replace(/\W+/g, '_'), optional, describe: '' };
  return schema === undefined ? { ...named, type } : { ...named, type: className(schema, name), schema };
}

/** The table of a row with named fields is one of the forms: `string|table`. */
function withClasses(own: ParameterEntry, { parameters }: CallRow): ParameterEntry {
  const [table] = parameters.flatMap(({ name, schema }) => (schema === undefined ? [] : [className(schema, name)]));
  return table === undefined ? own : { ...own, type: own.type.replace(/(^|\|)table(?=\||$)/, `$1${table}`) };
}
