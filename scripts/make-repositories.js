/**
 * Makes bare git repositories from examples/repositories: one folder a repository, in it one folder a branch. `main`
 * comes first; every other branch is main with its folder's files laid over it.
 *
 *   node scripts/make-repositories.js TARGET [SOURCE]
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('../examples/repositories/', import.meta.url));

/** Same author and date everywhere, so that equal content gives equal commits. */
const env = {
  ...process.env,
  GIT_AUTHOR_NAME: 'Demo',
  GIT_AUTHOR_EMAIL: 'demo@example.invalid',
  GIT_COMMITTER_NAME: 'Demo',
  GIT_COMMITTER_EMAIL: 'demo@example.invalid',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

function git(cwd, ...args) {
  execFileSync('git', args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
}

function commitBranch(work, source, branch) {
  git(work, 'checkout', '--quiet', ...(branch === 'main' ? ['--orphan', 'main'] : ['-b', branch, 'main']));
  cpSync(join(source, branch), work, { recursive: true });
  git(work, 'add', '--all');
  git(work, 'commit', '--quiet', '--message', `${branch}: manifests`);
}

function makeRepository(source, target) {
  const work = mkdtempSync(join(tmpdir(), 'sloth-repository-'));
  try {
    git(work, 'init', '--quiet', '--initial-branch=start');
    const others = readdirSync(source).filter((branch) => branch !== 'main');
    for (const branch of ['main', ...others]) commitBranch(work, source, branch);
    rmSync(target, { recursive: true, force: true });
    git(work, 'clone', '--quiet', '--bare', work, target);
    git(target, 'symbolic-ref', 'HEAD', 'refs/heads/main');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Path of each bare repository by name. */
export function makeRepositories(target, source = examples) {
  mkdirSync(target, { recursive: true });
  const names = readdirSync(source);
  for (const name of names) makeRepository(join(source, name), join(target, name));
  return Object.fromEntries(names.map((name) => [name, join(resolve(target), name)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [target, source] = process.argv.slice(2);
  if (target === undefined) throw new Error('usage: node scripts/make-repositories.js TARGET [SOURCE]');
  for (const [name, path] of Object.entries(makeRepositories(target, source))) console.log(`${name}: ${path}`);
}
