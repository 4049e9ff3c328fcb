import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { applicationId, repositoryId } from '../../src/domain/identity.js';
import { normaliseRepositoryUrl } from '../../src/domain/repository-url.js';

const rules = {
  baseUrl: 'https://github.com/',
  rewrites: { 'https://github.com/company/': 'file:///srv/git/', 'https://github.com/': 'https://mirror.example/' },
};
const plain = { baseUrl: 'https://github.com', rewrites: {} };

describe('one spelling for each repository', () => {
  it.each([
    ['https://GitHub.com/Company/Infra.git', 'https://github.com/Company/Infra'],
    ['https://user:pw@github.com/company/infra/', 'https://github.com/company/infra'],
    ['https://github.com:443/company//infra', 'https://github.com/company/infra'],
    ['https://git.example:8443/a/b', 'https://git.example:8443/a/b'],
    ['git@github.com:company/infra.git', 'ssh://git@github.com/company/infra'],
    ['ssh://git@Host:22/company/infra', 'ssh://git@host/company/infra'],
    ['ssh://git@host:2222/company/infra.git', 'ssh://git@host:2222/company/infra'],
    ['company/infra', 'https://github.com/company/infra'],
    ['/srv/git/infra.git', 'file:///srv/git/infra.git'],
    ['file:///srv/git/infra/', 'file:///srv/git/infra'],
  ])('%p is %p', (written, url) => expect(normaliseRepositoryUrl(written, plain)).toBe(url));

  it.each([
    ['https://github.com/company/infra', 'file:///srv/git/infra'],
    ['company/infra', 'file:///srv/git/infra'],
    ['https://github.com/other/infra', 'https://mirror.example/other/infra'],
  ])('rewrites %p to %p, the longest prefix first', (written, url) =>
    expect(normaliseRepositoryUrl(written, rules)).toBe(url),
  );

  it.each([
    '',
    ' ',
    'infra',
    '--upload-pack=touch /tmp/x',
    '-oProxyCommand=x',
    'ext::sh -c id',
    'fd::17',
    'EXT::sh',
    'ftp://host/a/b',
    'https://',
    'https:///a/b',
    'https://host',
    'https://host/',
    'ssh://-oProxyCommand=x/a',
    'https://host/a?x=1',
    'https://host/a#b',
    'https://host/a\nb',
    'http s://host/a',
    'javascript:alert(1)',
  ])('refuses %j', (written) =>
    expect(() => normaliseRepositoryUrl(written, plain)).toThrow(/is no repository address/),
  );

  it('never shows a password', () =>
    expect(() => normaliseRepositoryUrl('ftp://user:hunter2@host/a', plain)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    ));

  it('is a fixed point', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['https'] }), fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), (base, name) => {
        const url = normaliseRepositoryUrl(`${new URL(base).origin}/${name}/${name}.git`, plain);
        expect(normaliseRepositoryUrl(url, plain)).toBe(url);
      }),
    );
  });
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const place = {
  project: 'default',
  repository: 'https://h/a/b',
  branch: 'main',
  path: '.',
  cluster: 'default',
  namespace: '',
};

describe('ids', () => {
  it('look as scripts expect them', () => {
    expect(applicationId(place, sha256)).toMatch(/^workflow-\d{15}$/);
    expect(repositoryId('https://h/a/b', sha256)).toMatch(/^repo-\d{15}$/);
  });
  it('of a named application do not depend on where it points', () =>
    expect(applicationId({ ...place, name: 'shop' }, sha256)).toBe(
      applicationId({ ...place, name: 'shop', branch: 'x', path: 'y' }, sha256),
    ));
  it('of a nameless one do', () => {
    const ids = new Set(
      (['repository', 'branch', 'path', 'cluster', 'namespace', 'project'] as const).map((part) =>
        applicationId({ ...place, [part]: 'other' }, sha256),
      ),
    );
    expect(ids.add(applicationId(place, sha256)).size).toBe(7);
  });
});
