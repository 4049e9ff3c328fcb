/**
 * Git against real bare repositories.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOfArchive } from '../../src/adapters/render/source-files.js';
import { createGit, type GitRules } from '../../src/adapters/repository/create-git.js';
import type { Git } from '../../src/adapters/repository/git.js';
import { createRepository, type TestRepository } from '../support/repository.js';

const signal = new AbortController().signal;
const homes: string[] = [];
let repository: TestRepository;
let first: string;
let tip: string;
let branched: string;

function open(rules: Partial<GitRules> = {}): { git: Git; home: string } {
  const home = mkdtempSync(join(tmpdir(), 'sloth-mirrors-'));
  homes.push(home);
  const git = createGit({ home, secrets: {}, mode: 'development', allowedFolders: [], allowHttp: false, ...rules });
  return { git, home };
}
const source = (url = repository.url) => ({ repositoryId: 'repo-1', url, branch: 'main', path: '.' });
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', repository.path, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

beforeAll(() => {
  repository = createRepository();
  first = repository.commit({ 'apps/web/a.yaml': 'a: 1\n', 'README.md': 'x' });
  git('tag', 'v1', first);
  git('-c', 'user.name=T', '-c', 'user.email=t@x', 'tag', '-a', '-m', 'annotated', 'v1-annotated', first);
  tip = repository.commit({ 'apps/web/a.yaml': 'a: 2\n' });
  branched = repository.commit({ 'apps/api/b.yaml': 'b: 1\n' }, 'feature/api');
});
afterAll(() => {
  repository.remove();
  homes.forEach((home) => rmSync(home, { recursive: true, force: true }));
});

describe('a revision', () => {
  it.each<[string, () => string, () => string]>([
    ['a branch', () => 'main', () => tip],
    ['a branch with a slash', () => 'feature/api', () => branched],
    ['a tag', () => 'v1', () => first],
    ['an annotated tag, as its commit', () => 'v1-annotated', () => first],
    ['a ref written out', () => 'refs/heads/main', () => tip],
    ['the default branch', () => 'HEAD', () => tip],
    ['a full commit', () => first, () => first],
    ['the short commit of a branch', () => tip.slice(0, 8), () => tip],
  ])('is %s', async (_title, revision, commit) =>
    expect(await open().git.resolve(source(), revision(), signal)).toBe(commit()),
  );

  it.each([
    ['mian', /has no branch, tag or commit 'mian'/, /did you mean 'main'\? branches there are: .*feature\/api/],
    ['nowhere', /'nowhere'/, /branches there are/],
    ['0123456789', /'0123456789'/, /give the full hash/],
  ])('that is not there (%s) comes with advice', async (revision, message, hint) => {
    await expect(open().git.resolve(source(), revision, signal)).rejects.toMatchObject({
      code: 'RevisionNotFound',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it.each(['--upload-pack=x', 'a..b', 'main:x', ''])('that is hostile (%j) never reaches git', async (revision) =>
    expect(open().git.resolve(source(), revision, signal)).rejects.toMatchObject({ code: 'InvalidInput' }),
  );
});

describe('a commit', () => {
  it('has a tree for each folder, none for files and what is not there', async () => {
    const { git } = open();
    const trees = await git.treeHashes(source(), tip, ['.', 'apps/web', 'apps/web/a.yaml', 'none'], signal);
    expect(trees).toEqual({
      '.': expect.stringMatching(/^[0-9a-f]{40}$/),
      'apps/web': expect.stringMatching(/^[0-9a-f]{40}$/),
      'apps/web/a.yaml': '',
      none: '',
    });
    const other = await git.treeHashes(source(), branched, ['apps/web', '.'], signal);
    expect(other['apps/web']).toBe(trees['apps/web']);
    expect(other['.']).not.toBe(trees['.']);
  });

  it('gives the files of a tree, relative to it', async () => {
    const { git } = open();
    const { 'apps/web': tree } = await git.treeHashes(source(), first, ['apps/web'], signal);
    const tar = await git.archive(source(), tree ?? '', signal);
    expect(await filesOfArchive(tar, '.')).toEqual([{ path: 'a.yaml', bytes: Buffer.from('a: 1\n') }]);
  });

  it('is described by its subject and author', async () =>
    expect(await open().git.describe(source(), tip, signal)).toEqual({
      subject: 'change apps/web/a.yaml',
      author: 'Test',
    }));

  it('that the repository does not have is not found', async () =>
    expect(open().git.describe(source(), '0'.repeat(40), signal)).rejects.toMatchObject({
      code: 'RevisionNotFound',
      retryable: false,
    }));

  it.each([['..'], ['/etc'], ['-x'], ['a/.git']])('is not read at the folder %s', async (path) =>
    expect(open().git.treeHashes(source(), tip, [path], signal)).rejects.toMatchObject({ code: 'InvalidInput' }),
  );
  it.each(['main', `${'a'.repeat(40)}^`, '--all'])('must be a full hash, not %s', async (commit) =>
    expect((async () => open().git.describe(source(), commit, signal))()).rejects.toMatchObject({
      code: 'InvalidInput',
    }),
  );
});

describe('the history of a commit', () => {
  const unrelated = (): string =>
    git('-c', 'user.name=T', '-c', 'user.email=t@x', 'commit-tree', `${tip}^{tree}`, '-m', 'of its own');

  it.each<[string, () => string, () => string, boolean]>([
    ['holds its parent', () => first, () => tip, true],
    ['holds itself', () => tip, () => tip, true],
    ['does not hold its child', () => tip, () => first, false],
    ['does not hold a commit of another branch', () => branched, () => tip, false],
    ['does not hold one that nobody has', () => '0123456789'.repeat(4), () => tip, false],
    ['without parents holds no other', () => first, unrelated, false],
  ])('%s', async (_title, older, commit, held) => {
    const [one, other] = [older(), commit()];
    git('update-ref', 'refs/heads/asked', other);
    const { git: mirror } = open();
    expect(await mirror.isAncestor(source(), one, other, signal)).toBe(held);
    expect(await mirror.isAncestor(source(), one, other, signal)).toBe(held);
    git('update-ref', '-d', 'refs/heads/asked');
  });
});

describe('a commit that several want at once', () => {
  it('is fetched for the others when one of them leaves', async () => {
    const { git } = open();
    const leaving = new AbortController();
    const left = git.describe(source(), tip, leaving.signal);
    const others = [1, 2, 3].map(() => git.describe(source(), tip, signal));
    setTimeout(() => leaving.abort(new Error('gone')), 10);
    await expect(left).rejects.toThrow('gone');
    for (const other of others) expect(await other).toMatchObject({ author: 'Test' });
  });

  it('is fetched by several workers that share a folder', async () => {
    const { git, home } = open();
    const rules = { home, secrets: {}, mode: 'development' as const, allowedFolders: [], allowHttp: false };
    const workers = [git, createGit(rules), createGit(rules)];
    const all = workers.flatMap((worker) => [tip, first, branched].map((c) => worker.describe(source(), c, signal)));
    for (const one of await Promise.all(all)) expect(one.author).toBe('Test');
    expect(readdirSync(join(home, 'mirrors'))).toHaveLength(1);
  });

  it('is fetched though a worker was killed while it held the lock', async () => {
    const { git, home } = open();
    await git.describe(source(), first, signal);
    const locks = join(home, 'mirrors', readdirSync(join(home, 'mirrors'))[0] ?? '', 'refs', 'commits');
    mkdirSync(locks, { recursive: true });
    const lock = join(locks, `${tip}.lock`);
    writeFileSync(lock, '');
    await expect(git.describe(source(), tip, signal)).rejects.toMatchObject({ retryable: true });
    utimesSync(lock, new Date(0), new Date(0));
    expect(await git.describe(source(), tip, signal)).toMatchObject({ author: 'Test' });
    expect(existsSync(lock)).toBe(false);
  });
});

describe('a remote', () => {
  it('lists its branches', async () =>
    expect(await open().git.listRemote(source(), signal)).toEqual({ main: tip, 'feature/api': branched }));

  it('that is not there is not found', async () =>
    expect(open().git.listRemote(source('file:///nowhere/at/all'), signal)).rejects.toMatchObject({
      code: 'RepositoryNotFound',
    }));

  it('that refuses connections is worth a retry', async () =>
    expect(open({ allowHttp: true }).git.listRemote(source('http://127.0.0.1:9/a/b'), signal)).rejects.toMatchObject({
      code: 'RepositoryUnreachable',
      retryable: true,
    }));

  it.each<[string, string, Partial<GitRules>]>([
    ['http unless allowed', 'http://host/a/b', {}],
    ['a folder in production', 'file:///srv/git/a', { mode: 'production' }],
    ['a folder beside the allowed one', 'file:///srv/git-evil/a', { mode: 'production', allowedFolders: ['/srv/git'] }],
    [
      'a way out of the allowed folder',
      'file:///srv/git/%2e%2e/x',
      { mode: 'production', allowedFolders: ['/srv/git'] },
    ],
    ['a folder of another machine', 'file://host/srv/git/a', { mode: 'production', allowedFolders: ['/srv/git'] }],
    ['other transports', 'ext::sh -c id', {}],
  ])('may not be %s', async (_title, url, rules) =>
    expect(open(rules).git.listRemote(source(url), signal)).rejects.toMatchObject({ code: 'NotAllowed' }),
  );

  it('may be an allowed folder in production', async () => {
    const { git } = open({ mode: 'production', allowedFolders: [join(repository.path, '..')] });
    expect(Object.keys(await git.listRemote(source(), signal))).toContain('main');
  });
});
