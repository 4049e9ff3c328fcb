import { describe, expect, it } from '@jest/globals';
import { checkCommit, checkRevision, checkTreePath, isShortHash } from '../../src/adapters/repository/git-names.js';

const hash = 'a'.repeat(40);

describe('what may be handed to git as a revision', () => {
  it.each(['main', 'feature/login-2', 'v1.2.0', 'refs/tags/v1', 'release_1.x', 'ünïcode', hash, 'a@b', 'a-b', 'HEAD'])(
    '%s',
    (name) => expect(checkRevision(name)).toBe(name),
  );

  it.each([
    ['', 'is empty'],
    ['--upload-pack=touch /tmp/x', 'has a space'],
    ['-x', 'starts with a dash'],
    ['a/-x', 'starts with a dash'],
    ['main..evil', "has '..'"],
    ['main^{tree}', 'has a space or one of'],
    ['main:refs/heads/x', 'has a space or one of'],
    ['+main*', 'has a space or one of'],
    ['a\nb', 'has a space or one of'],
    ['a\u0000b', 'has a space or one of'],
    ['main@{1}', "has '@{'"],
    ['@', "is '@'"],
    ['.hidden', 'starts with a dot'],
    ['a.lock', "ends in '.lock'"],
    ['a.lock/b', "ends in '.lock'"],
    ['/a', 'has an empty part'],
    ['a//b', 'has an empty part'],
    ['a/', 'has an empty part'],
    ['a.', 'ends with a dot'],
    ['x'.repeat(257), 'is too long'],
  ])('but not %j: it %s', (name, why) =>
    expect(() => checkRevision(name)).toThrow(
      expect.objectContaining({ code: 'InvalidInput', message: expect.stringContaining(why) }),
    ),
  );
});

describe('what may be handed to git as a commit', () => {
  it.each([hash, 'b'.repeat(64)])('%s', (commit) => expect(checkCommit(commit)).toBe(commit));
  it.each(['main', hash.slice(1), hash.toUpperCase(), `${hash}^`, `-${hash}`, `${hash}\n`])('but not %j', (commit) =>
    expect(() => checkCommit(commit)).toThrow(/is not a full commit hash/),
  );
  it.each([
    ['abcdef0', true],
    ['abcdef', false],
    ['ABCDEF0', false],
    ['abcdefg', false],
  ])('%s is a short hash: %s', (text, short) => expect(isShortHash(text)).toBe(short));
});

describe('what may be handed to git as a folder', () => {
  it.each([
    ['.', '.'],
    ['./', '.'],
    ['apps/web', 'apps/web'],
    ['./apps//web/', 'apps/web'],
    ['a b', 'a b'],
    ['..a', '..a'],
    ['.github', '.github'],
  ])('%j is %j', (path, folder) => expect(checkTreePath(path)).toBe(folder));

  it.each([
    ['', 'is empty'],
    ['/etc', 'is absolute'],
    ['..', "has '..'"],
    ['a/../../etc', "has '..'"],
    ['-x', 'starts with a dash'],
    ['a/.git/hooks', 'names a git folder'],
    ['.GIT', 'names a git folder'],
    ['a\\b', 'has a control character or a backslash'],
    ['a\nb', 'has a control character or a backslash'],
    ['x'.repeat(1025), 'is too long'],
  ])('but not %j: it %s', (path, why) =>
    expect(() => checkTreePath(path)).toThrow(
      expect.objectContaining({ code: 'InvalidInput', message: expect.stringContaining(why) }),
    ),
  );
});
