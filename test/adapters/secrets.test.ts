import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretResolver } from '../../src/adapters/secrets/resolve-secret.js';

const home = mkdtempSync(join(tmpdir(), 'sloth-secrets-'));
const file = join(home, 'token.txt');
const env = { TOKEN: 'from-env' };
const secrets = { mapped: 'env:TOKEN', filed: `file:${file}`, literal: 'hunter2', looped: 'secret:looped' };
const resolve = secretResolver({ home, secrets }, env);

beforeAll(() => {
  mkdirSync(join(home, 'secrets'));
  writeFileSync(file, 'from-file\n\n');
  writeFileSync(join(home, 'secrets', 'plain'), 'from-folder\n');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('a reference to a secret', () => {
  it.each([
    ['env:TOKEN', 'from-env'],
    [`file:${file}`, 'from-file'],
    ['secret:plain', 'from-folder'],
    ['secret:mapped', 'from-env'],
    ['secret:filed', 'from-file'],
  ])('%s', async (reference, value) => expect(await resolve(reference)).toBe(value));

  it.each([
    ['env:MISSING', /set the variable MISSING/],
    ['env:constructor', /set the variable constructor/],
    ['file:/nowhere/at/all', /put it into \/nowhere/],
    ['secret:nobody', /secrets\/nobody/],
    ['secret:constructor', /secrets\/constructor/],
    ['secret:../token.txt', /letters, digits/],
    ['secret:', /letters, digits/],
    ['secret:literal', /must be env:NAME or file:PATH/],
    ['secret:looped', /must be env:NAME or file:PATH/],
  ])('%s that cannot be read says where it should be', async (reference, hint) =>
    expect((async () => resolve(reference))()).rejects.toMatchObject({
      code: 'SecretUnavailable',
      hint: expect.stringMatching(hint),
    }),
  );

  it.each(['hunter2', 'https://u:hunter2@host', ''])(
    'must not be the secret itself (%j), and never shows it',
    async (text) =>
      expect((async () => resolve(text))()).rejects.toMatchObject({
        code: 'LiteralSecret',
        message: expect.not.stringContaining('hunter2'),
      }),
  );
  it('does not show a literal secret of the configuration either', async () =>
    expect(resolve('secret:literal')).rejects.toMatchObject({ message: expect.not.stringContaining('hunter2') }));
});
