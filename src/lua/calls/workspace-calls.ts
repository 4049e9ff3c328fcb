/**
 * What the tasks of a workflow ask of the folder of the run: not for scripts to call.
 */
import type { Data } from '../host.js';
import { table, type CallRow } from './call-row.js';

function row(verb: string): CallRow {
  const summary = (args: readonly Data[]): string => `${verb} ${String((args[0] as { task?: string }).task ?? '')}`;
  return { parameters: [table('request', 'workspace')], failure: 'nil', summary };
}

/** By the name within the module. */
export const workspaceCalls: Readonly<Record<string, CallRow>> = {
  collect: row('collect the artifacts of'),
  deliver: row('deliver artifacts to'),
  save: row('save the folder of the run after'),
};
