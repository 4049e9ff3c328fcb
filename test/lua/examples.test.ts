/** The examples as a newcomer meets them: at least fifteen, without a finding of `validate`, planned as they are. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { validatePaths } from '../../src/cli/validate/validate-paths.js';
import { loadConfig } from '../../src/config/config.js';
import { example, examples, plan } from './plan-support.js';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));

it('there are fifteen and more', () => expect(examples.length).toBeGreaterThanOrEqual(15));

it.each([...examples, 'library/environments.lua'])('%s: validate finds nothing', async (name) => {
  const { findings } = await validatePaths([folder + name], [], loadConfig({ env: { SLOTH_HOME: '/nowhere' } }));
  expect(findings).toEqual([]);
});

it.each(examples)('%s says what it is for and how it is run', (name) =>
  expect(example(name).source).toMatch(new RegExp(`^-- .+[^]*sloth-runner run -f examples/${name}`)),
);

describe('plan', () => {
  it.each(examples)('%s ends well', async (name) =>
    expect((await plan(example(name))).end).toEqual({ status: 'succeeded' }),
  );
});
