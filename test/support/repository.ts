/**
 * A real git repository for a test: commits on branches of a bare repository, made with git itself.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface TestRepository {
  /** `file://` URL. */
  readonly url: string;
  readonly path: string;
  /** Writes files (null deletes one), commits and pushes; gives the commit. */
  commit(files: Readonly<Record<string, string | null>>, branch?: string): string;
  remove(): void;
}

export function createRepository(files: Readonly<Record<string, string>> = {}): TestRepository {
  const root = mkdtempSync(join(tmpdir(), 'sloth-git-'));
  const [bare, work] = [join(root, 'repository.git'), join(root, 'work')];
  git(root, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  git(root, 'clone', '--quiet', bare, work);
  const repository: TestRepository = {
    url: pathToFileURL(bare).href,
    path: bare,
    commit: (changes, branch = 'main') => commit(work, changes, branch),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  if (Object.keys(files).length > 0) repository.commit(files);
  return repository;
}

function commit(work: string, files: Readonly<Record<string, string | null>>, branch: string): string {
  const known = git(work, 'branch', '--list', branch) !== '';
  if (known) git(work, 'checkout', '--quiet', branch);
  else git(work, 'checkout', '--quiet', '-B', branch);
  for (const [path, content] of Object.entries(files)) write(join(work, path), content);
  git(work, 'add', '--all');
  git(work, 'commit', '--quiet', '--allow-empty', '--message', `change ${Object.keys(files).join(', ')}`);
  git(work, 'push', '--quiet', '--force', 'origin', branch);
  return git(work, 'rev-parse', 'HEAD');
}

function write(path: string, content: string | null): void {
  if (content === null) return rmSync(path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const identity = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.invalid',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.invalid',
};

function git(cwd: string, ...args: string[]): string {
  const env = { ...process.env, ...identity, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
