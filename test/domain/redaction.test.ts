import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskKnown, maskSecrets, redact } from '../../src/domain/redaction.js';

const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nq83v\n-----END RSA PRIVATE KEY-----';
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.c2lnbmF0dXJl';

describe('what leaves an activity holds no credential', () => {
  it.each([
    ['a password in a URL', 'fatal: https://ann:hunter2@host/a.git', 'fatal: https://***@host/a.git'],
    ['a token in a URL', 'https://abc123@host/a', 'https://***@host/a'],
    ['a password with an @ in a URL', 'https://ann:p@ss@host/a', 'https://***@host/a'],
    ['a GitHub token', 'got ghp_0123456789abcdef01 back', 'got *** back'],
    ['a fine-grained GitHub token', 'github_pat_0123456789abcdefghijKL', '***'],
    ['a GitLab token', 'glpat-0123456789abcdefXY', '***'],
    ['a Slack token', 'xoxb-123456789012', '***'],
    ['an AWS key', 'key AKIAABCDEFGHIJKLMNOP.', 'key ***.'],
    ['a service account token', `got ${jwt}`, 'got ***'],
    ['a private key', `key:\n${key}\nend`, 'key:\n***\nend'],
    ['a private key that was cut off', key.slice(0, 60), '***'],
    ['an authorization header', 'Authorization: Bearer abc.def', 'Authorization: Bearer ***'],
    ['a password in JSON', '{"password":"hunter22"}', '{"password":"***"}'],
    ['a setting', 'api_key = s3cr3t-value', 'api_key = ***'],
    ['a token behind a colour code', '\u001b[31mghp_0123456789abcdef01', '\\x1b[31m***'],
  ])('%s', (_title, text, shown) => expect(redact(text)).toBe(shown));

  it.each([
    ['plain words', 'Deployment shop/web: 1 of 3 replicas ready\n\tnext line'],
    ['two fields of JSON', '{"url":"https://host","mail":"a@b"}'],
    ['an address', 'https://host:8443/a/b@v1'],
    ['a short word after password', 'password: none'],
  ])('leaves %s alone', (_title, text) => expect(redact(text)).toBe(text));

  it('masks values in use, the longest first', () => {
    expect(redact('pass1234 and pass12345678', ['pass1234', 'pass12345678'])).toBe('*** and ***');
    expect(redact('line one\r\nline two', ['one\r\nline'])).toBe('line *** two');
  });

  it('does not mask words of three letters: they are everywhere', () => expect(redact('abc', ['abc'])).toBe('abc'));

  it('shows control characters instead of sending them to a terminal', () =>
    expect(redact('a\u0007b\u007f')).toBe('a\\x07b\\x7f'));

  const fragment = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(key, jwt, 'password=', 'token: ', 'https://', 'u:p@', '@', 'ghp_0123456789abcdef', 'bearer '),
    fc.constantFrom('\u0001', '\u001b', 'x'.repeat(1500), '/', '-----BEGIN PRIVATE KEY-----', 'authorization: '),
  );
  const texts = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));

  it('says the same when it is masked again, and never more than 4 KiB', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = redact(text);
        expect(once.length).toBeLessThanOrEqual(4096);
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, (secret: string) => string]>([
    ['as it is', (secret) => secret],
    ['in JSON', (secret) => JSON.stringify({ secret })],
    ['in a URL', (secret) => `?q=${encodeURIComponent(secret)}`],
    ['in base 64', (secret) => Buffer.from(secret).toString('base64')],
    ['in base 64, in front of more', (secret) => Buffer.from(`${secret}:more`).toString('base64')],
  ])('a secret in use is not read %s', (_title, write) => {
    const secret = 'p"ss w&rd/9';
    const encoded = [secret, 'p\\"ss', 'p%22ss', 'cCJzcyB3'];
    for (const mask of [maskKnown, maskSecrets]) {
      const shown = mask(write(secret), [secret]);
      expect(shown).toContain('***');
      for (const part of encoded) expect(shown).not.toContain(part);
    }
  });

  it('is quick on a megabyte of one letter', () => {
    const started = performance.now();
    redact('a'.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
