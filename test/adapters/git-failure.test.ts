import { describe, expect, it } from '@jest/globals';
import { gitFailure } from '../../src/adapters/repository/git-failure.js';
import { GitOpsError, type ErrorCode } from '../../src/domain/errors.js';

const url = 'https://host/a/b';

describe('what git says, in our codes', () => {
  it.each<[ErrorCode, string]>([
    ['RepositoryAuthentication', "fatal: Authentication failed for 'https://host/a/b/'"],
    ['RepositoryAuthentication', "fatal: could not read Username for 'https://host': terminal prompts disabled"],
    ['RepositoryAuthentication', 'git@host: Permission denied (publickey).'],
    ['RepositoryAuthentication', "fatal: unable to access 'https://host/': The requested URL returned error: 403"],
    ['RepositoryAuthentication', 'Host key verification failed.'],
    ['RepositoryNotFound', "fatal: repository 'https://host/a/b/' not found"],
    ['RepositoryNotFound', 'ERROR: Repository not found.'],
    ['RepositoryNotFound', 'remote: The project you were looking for could not be found'],
    ['RepositoryNotFound', "fatal: '/srv/x' does not appear to be a git repository"],
    ['RepositoryNotFound', "fatal: unable to access 'https://host/': The requested URL returned error: 404"],
    ['NotAllowed', "fatal: transport 'ext' not allowed"],
    ['RepositoryUnreachable', "fatal: unable to access 'https://host/': Could not resolve host: host"],
    ['RepositoryUnreachable', "fatal: unable to access 'http://127.0.0.1:40312/a/': Failed to connect to 127.0.0.1"],
    ['RepositoryUnreachable', 'fatal: unable to access: Failed to connect to host port 443 after 4040 ms'],
    ['RepositoryUnreachable', "fatal: unable to access 'https://h/': The requested URL returned error: 503"],
    ['RepositoryUnreachable', 'error: bad object 1401f2b74040aa'],
    ['RepositoryUnreachable', ''],
  ])('%s: %s', (code, text) => expect(gitFailure(url, new Error(text))).toMatchObject({ code }));

  it('are worth a retry only when nobody has to change anything', () => {
    expect(gitFailure(url, new Error('Could not resolve host')).retryable).toBe(true);
    expect(gitFailure(url, new Error('Authentication failed')).retryable).toBe(false);
  });

  it('name the address and the complaint, and no credential', () => {
    const said = "Cloning...\nfatal: unable to access 'https://ann:hunter2@host/a/': timeout\nmore";
    const { message } = gitFailure(url, new Error(said));
    expect(message).toBe(
      "https://host/a/b: the repository does not answer (unable to access 'https://***@host/a/': timeout)",
    );
  });

  it('of ours are passed on', () => {
    const error = new GitOpsError('SecretUnavailable', 'x');
    expect(gitFailure(url, error)).toBe(error);
  });
});
