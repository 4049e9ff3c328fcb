/**
 * The `fs` module: each call in the folder of the run. All may be repeated; what changes something carries the name of
 * its step.
 */
import type { FileOperation } from '../../adapters/workspace/folder-files.js';
import type { Step } from '../../lua/host.js';
import { passText, workdirOf } from '../run-folder.js';
import { nameOf, type Call, type CallContext } from './call.js';

const reading: readonly FileOperation[] = ['read', 'exists', 'ls', 'size'];
const changing: readonly FileOperation[] = ['write', 'append', 'mkdir', 'rm', 'rm_r', 'copy'];

export const fsCalls: Readonly<Record<string, Call>> = Object.fromEntries(
  [...reading, ...changing].map((operation) => [
    `fs.${operation}`,
    (context: CallContext, step: Step) => onFiles(context, step, operation),
  ]),
);

async function onFiles({ folder }: CallContext, step: Step, operation: FileOperation): Promise<unknown> {
  const [path = '.', second] = step.args as [string?, string?];
  const input = {
    step: nameOf(step),
    operation,
    path,
    ...workdirOf(step),
    ...(operation === 'copy' ? { to: second ?? '' } : {}),
    ...(operation === 'write' || operation === 'append' ? { content: await passText(second ?? '') } : {}),
  };
  const how = { repeatable: true, reading: reading.includes(operation), timeoutMs: 10 * 60_000 };
  return folder.perform<unknown>(step, how, (activities, name) => activities.folderFiles({ ...input, folder: name }));
}
