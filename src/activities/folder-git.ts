/**
 * folderGit: a call of the `git` module in the folder of a run.
 */
import { join } from 'node:path';
import type { TreeRequest, WorkTrees } from '../adapters/repository/work-trees.js';
import type { RunFolder } from '../adapters/workspace/run-folder.js';
import { credentialsOf } from '../client/application-spec.js';
import { GitOpsError } from '../domain/errors.js';
import type { GitOptions } from '../schema/git-options.js';
import { withHeartbeat } from './heartbeat.js';
import { answerOf, type FolderAnswer, type FolderDependencies } from './run-folder.js';

export interface GitDependencies extends FolderDependencies {
  readonly workTrees: WorkTrees;
}

export interface GitStepInput {
  readonly folder: string;
  /** Done once under this name. */
  readonly step: string;
  readonly operation: GitOperation;
  readonly options: GitOptions;
  readonly workdir?: string;
  /** The workflow's time, ms since epoch. */
  readonly at: number;
}

type Operation = (trees: WorkTrees, request: TreeRequest, input: GitStepInput, folder: RunFolder) => Promise<object>;

const operations = {
  clone: (trees, request, { options: { url = '', branch, depth }, step }, { temporary }) =>
    trees.clone({ ...request, url, branch, depth, temporary: join(temporary, `clone-${step.replaceAll('/', '-')}`) }),
  checkout: (trees, request, { options: { revision, branch, create } }) =>
    trees.checkout({ ...request, revision: revision ?? branch ?? '', create }),
  status: (trees, request) => trees.status(request),
  commit: (trees, request, { options: { message = '', files, author }, at }) =>
    trees.commit({ ...request, message, files, author, at }),
  pull: (trees, request, { options: { remote, branch } }) => trees.pull({ ...request, remote, branch }),
  push: (trees, request, { options: { remote, branch } }) => trees.push({ ...request, remote, branch }),
} as const satisfies Record<string, Operation>;

export type GitOperation = 'clone' | 'checkout' | 'status' | 'commit' | 'pull' | 'push';

export function createFolderGit({ folders, artifacts, workTrees }: GitDependencies) {
  /** @throws GitOpsError those of WorkTrees, PathNotFound, InvalidInput, NotAllowed, FolderGone */
  return function folderGit(input: GitStepInput): Promise<FolderAnswer<object>> {
    return withHeartbeat(async ({ signal }) => {
      const folder = folders.get(input.folder);
      const { path = '.', credentials } = input.options;
      const request = {
        folder: await folder.path(path, input.workdir),
        credentials: credentialsOf(credentials),
        signal,
      };
      const operation: Operation = operations[input.operation];
      const act = (): Promise<object> => operation(workTrees, request, input, folder);
      if (input.operation === 'status') return { value: { ...(await act()), path } };
      const value = { ...(await folder.once(input.step, act)), success: true, path: folder.relative(path) };
      if (input.operation !== 'commit') return answerOf(folder, artifacts, value);
      // A commit is kept before anybody builds on it.
      const saved = await folder.save(artifacts).catch(beyondLimit);
      return saved === undefined ? { value } : { value, saved };
    });
  };
}

/** A folder that is too large is not saved; the workflow says so when it next saves. */
function beyondLimit(error: unknown): undefined {
  if (error instanceof GitOpsError && error.code === 'InvalidInput') return undefined;
  throw error;
}
