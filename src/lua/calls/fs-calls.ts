/**
 * Files in the folder of the run: one row a call.
 */
import { optional, type CallRow, type Parameter } from './call-row.js';

const path: Parameter = { name: 'path', type: 'string' };
const content: Parameter = { name: 'content', type: 'string' };

function row(verb: string, ...parameters: Parameter[]): CallRow {
  return { parameters, failure: 'nil', secrets: 'refused', summary: (args) => `${verb} ${String(args[0] ?? '.')}` };
}

/** By the name within the module. */
export const fsCalls: Readonly<Record<string, CallRow>> = {
  read: row('read', path),
  write: row('write', path, content),
  append: row('append to', path, content),
  exists: row('look for', path),
  mkdir: row('make folder', path),
  rm: row('remove', path),
  rm_r: row('remove all of', path),
  copy: row('copy', path, { name: 'destination', type: 'string' }),
  ls: row('list', optional(path)),
  size: row('size of', path),
};
