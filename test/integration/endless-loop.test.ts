/**
 * A script that computes without end is stopped by its budget, and nobody else on the same server notices.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunSummary, SyncRecord } from '../../src/client/index.js';
import { freshNamespace } from '../support/cluster.js';
import { openHome, type Home } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

const loop = 'print("first") while true do end';
let home: Home;
let repository: TestRepository;

beforeAll(async () => {
  home = await openHome();
  repository = createRepository({ 'app.yaml': configMap('app') });
  const declaration = `{ repo = "${repository.url}", name = "shop", namespace = "${await freshNamespace('loop')}" }`;
  await home.ok('run', '-f', home.file('declare.lua', `assert(gitops.workflow(${declaration}))`));
});

afterAll(async () => {
  await home.close();
  repository.remove();
});

describe('an endless loop', () => {
  it.each<[string, string, RegExp?, RegExp?]>([
    ['plain', loop],
    ['of caught errors', 'while true do pcall(error) end'],
    ['of tail calls', 'local function f() return f() end f()'],
    ['of calls that deepen', 'local function f() f() end while true do pcall(f) end'],
    ['of tables', 'local all = {} while true do all[#all + 1] = {} end', /holds more than 64 MiB/, /keep less at once/],
    ['of a pattern', '("x"):rep(3000):find("x*x*x*x*y")', /a pattern used up/, /tries over and over/],
    ['in a comparator', 'table.sort({ 2, 1 }, function() while true do end end)', /cannot make a pause/, /outside of/],
    ['in a task', 'workflow.define("w", { tasks = { task("t"):command(function() while true do end end) } })'],
  ])(
    '%s is stopped by the budget',
    async (_title, source, why = /budget of \d+ instructions/, hint = /an endless loop\?/) => {
      const { code, stderr } = await runSource('loop.lua', source);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(why) });
      expect(stderr).toMatch(hint);
      expect(stderr).toMatch(/loop\.lua:1: in/);
    },
  );

  it('what it printed before is still shown', async () => {
    expect((await runSource('loop.lua', loop)).stdout).toBe('first\n');
  });

  it('another script on the server outlives it, and a sync beside it succeeds', async () => {
    const waiting = 'assert(gitops.wait("shop", { status = "synced", timeout = "100s" })) print("seen")';
    const run = (await home.ok('run', '--detach', '-f', home.file('waiting.lua', waiting))).trim();
    const loops = [1, 2, 3].map((n) => runSource(`loop-${n}.lua`, loop));
    const [record, ...ended] = await Promise.all([home.json<SyncRecord>('sync', 'shop'), ...loops]);
    expect(record).toMatchObject({ status: 'succeeded', changes: { created: 1 } });
    expect(ended.map((result) => result.code)).toEqual([1, 1, 1]);
    await home.ok('workflow', 'show', run, '--follow');
    expect(await home.json<RunSummary>('workflow', 'show', run)).toMatchObject({ status: 'COMPLETED' });
  });
});

describe('a long computation', () => {
  it('that fits makes pauses, which its history shows, and ends', async () => {
    const source = 'local n = 0 for i = 1, 500000 do n = n + i % 3 end print(n)';
    const run = (await home.ok('run', '--detach', '-f', home.file('long.lua', source))).trim();
    expect(await home.ok('workflow', 'show', run, '--follow')).toContain('500000');
    expect(await home.json<RunSummary>('workflow', 'show', run)).toMatchObject({ status: 'COMPLETED' });
  });
});

function runSource(name: string, source: string) {
  return home.cli('run', '-f', home.file(name, source));
}
