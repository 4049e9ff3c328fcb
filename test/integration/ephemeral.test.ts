/**
 * `run --ephemeral`: the engine lives in the process of the command, and what it has to say is not among what the script
 * prints.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openHome, type Home } from '../support/home.js';

let home: Home;
beforeAll(async () => void (home = await openHome()));
afterAll(() => home.close());

it('prints the lines of the script, and keeps those of the engine in a file', async () => {
  const script = home.file('noisy.lua', 'print("before") print(pcall(gitops.suspend, "nobody")) print("after")');
  const { code, stdout, stderr } = await home.cli('run', '-f', script, '--ephemeral');
  const lines = stdout.split('\n');
  expect({ code, lines: [lines[0], lines[2]] }).toEqual({ code: 0, lines: ['before', 'after'] });
  expect(`${stdout}${stderr}`).not.toMatch(/ (WARN|ERROR) /);
  expect(stderr).toContain("the engine's own messages go to");
  expect(readFileSync(join(home.dir, 'ephemeral.log'), 'utf8')).toMatch(/ WARN /);
});
