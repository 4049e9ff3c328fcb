/**
 * Repositories in the folder of the run: one row a call. The prelude makes a table of positional arguments.
 */
import type { SchemaName } from '../generated/call-schemas.js';
import type { Data } from '../host.js';
import { table, type CallRow } from './call-row.js';

function row(schema: SchemaName, summary: (options: Readonly<Record<string, Data>>) => string): CallRow {
  return {
    parameters: [table('options', schema)],
    failure: 'nil',
    secrets: 'refused',
    summary: (args) => summary((args[0] ?? {}) as Record<string, Data>),
  };
}

const at = (path: Data | undefined): string => String(path ?? '.');

/** By the name within the module. */
export const gitCalls: Readonly<Record<string, CallRow>> = {
  clone: row('git_clone', ({ url, path }) => `clone ${String(url)} into ${at(path)}`),
  checkout: row(
    'git_checkout',
    ({ path, revision, branch }) => `check out ${String(revision ?? branch)} in ${at(path)}`,
  ),
  pull: row('git_pull', ({ path }) => `pull in ${at(path)}`),
  status: row('git_status', ({ path }) => `git status of ${at(path)}`),
  commit: row('git_commit', ({ path, message }) => `commit in ${at(path)}: ${String(message)}`),
  push: row('git_push', ({ path, branch }) => `push ${String(branch ?? 'the branch')} of ${at(path)}`),
};
