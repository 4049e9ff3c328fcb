/**
 * How a plan answers what happens in the folder of the run: commands succeed and say nothing, files are there.
 */
import { GitOpsError } from '../../domain/errors.js';
import type { Data } from '../host.js';
import type { AnswerRow } from './answers.js';

const assumedFailure = (message: string) => (): Data => {
  throw new GitOpsError('InvalidInput', `assumed: ${message}`);
};

function row(value: Data, message: string): AnswerRow {
  return { success: () => value, others: { failure: assumedFailure(message) } };
}

const revision = '0'.repeat(40);
const tree = { branch: 'main', revision, ahead: 0, behind: 0, clean: true, files: [], success: true };
const onTree = (value: Record<string, Data>, message: string): AnswerRow => ({
  success: (_engine, [options]) => ({ ...value, path: (options as { path?: string } | undefined)?.path ?? '.' }),
  others: { failure: assumedFailure(message) },
});

export const workspaceAnswers: Readonly<Record<string, AnswerRow>> = {
  'exec.run': {
    success: () => ({ stdout: '', stderr: '', exit_code: 0 }),
    others: { failure: () => ({ stdout: '', stderr: 'assumed: the command failed', exit_code: 1 }) },
  },
  'fs.read': row({ text: '' }, 'the file is not there'),
  'fs.write': row(true, 'the file cannot be written'),
  'fs.append': row(true, 'the file cannot be written'),
  'fs.exists': { success: () => true, others: { failure: () => false } },
  'fs.mkdir': row(true, 'the folder cannot be made'),
  'fs.rm': row(true, 'the file is not there'),
  'fs.rm_r': row(true, 'it cannot be removed'),
  'fs.copy': row(true, 'the file is not there'),
  'fs.ls': { ...row([], 'the folder is not there') },
  'fs.size': row(0, 'the file is not there'),
  'git.clone': onTree(tree, 'the repository cannot be cloned'),
  'git.checkout': onTree(tree, 'there is no such revision'),
  'git.pull': onTree(tree, 'the remote does not answer'),
  'git.status': onTree(tree, 'there is no repository'),
  'git.commit': onTree({ changed: true, revision, success: true }, 'it cannot be committed'),
  'git.push': onTree({ branch: 'main', revision, success: true }, 'the remote refuses it'),
  'workspace.collect': row(1, 'no file matches'),
  'workspace.deliver': row(1, 'no file matches'),
  'workspace.save': row(true, 'the folder is too large'),
};
