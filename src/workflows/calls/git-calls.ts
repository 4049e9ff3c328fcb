/**
 * The `git` module: each call in the folder of the run. A commit carries the time of its step and a push is never by
 * force, so that either may be made again.
 */
import type { GitOperation } from '../../activities/folder-git.js';
import type { Step } from '../../lua/host.js';
import type { GitOptions } from '../../schema/git-options.js';
import { workdirOf } from '../run-folder.js';
import { nameOf, type Call, type CallContext } from './call.js';

const operations: readonly GitOperation[] = ['clone', 'checkout', 'status', 'commit', 'pull', 'push'];

export const gitCalls: Readonly<Record<string, Call>> = Object.fromEntries(
  operations.map((operation) => [
    `git.${operation}`,
    (context: CallContext, step: Step) => onRepository(context, step, operation),
  ]),
);

async function onRepository({ folder }: CallContext, step: Step, operation: GitOperation): Promise<unknown> {
  const options = (step.args[0] ?? {}) as GitOptions;
  const input = { step: nameOf(step), operation, options, at: Date.now(), ...workdirOf(step) };
  const how = { repeatable: true, reading: operation === 'status', timeoutMs: 30 * 60_000 };
  return folder.perform<unknown>(step, how, (activities, name) => activities.folderGit({ ...input, folder: name }));
}
