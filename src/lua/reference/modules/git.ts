/** `git`: repositories in the folder of the run. */
import type { ModuleText } from '../function-entry.js';

const path = 'path? string|table folder of the clone';
const returns = ['sloth.GitResult? result', 'string? err'];

export const git: ModuleText = {
  name: 'git',
  describe: 'Repositories in the folder of the run, by positional arguments or by one table.',
  durable: true,
  adapted: true,
  functions: {
    clone: [
      ['url string|table', 'path? string', 'more? table branch, depth, credentials'],
      returns,
      'Clones a repository.',
    ],
    checkout: [[path, 'revision? string branch, tag or commit'], returns, 'Changes to a branch, tag or commit.'],
    pull: [[path, 'branch? string'], returns, 'Brings the clone up to date.'],
    status: [[path], ['sloth.GitStatus? status', 'string? err'], 'What has changed in the clone.'],
    commit: [[path, 'message? string'], returns, 'Commits all changes.'],
    push: [[path, 'branch? string'], returns, 'Pushes commits.'],
  },
};
