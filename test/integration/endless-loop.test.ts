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

interface Bomb {
  readonly source: string;
  readonly why?: RegExp;
  readonly hint?: RegExp;
}

const bombs: Readonly<Record<string, Bomb>> = {
  plain: { source: loop },
  'of calls that deepen': { source: 'local function f() f() end while true do pcall(f) end' },
  'of tables': {
    source: 'local all = {} while true do all[#all + 1] = {} end',
    why: /holds more than 64 MiB/,
    hint: /keep less at once/,
  },
  'of a pattern': {
    source: '("x"):rep(3000):find("x*x*x*x*y")',
    why: /a pattern used up/,
    hint: /tries over and over/,
  },
  'in a comparator': {
    source: 'table.sort({ 2, 1 }, function() while true do end end)',
    why: /cannot make a pause/,
    hint: /outside of/,
  },
  'in a task': {
    source: 'workflow.define("w", { tasks = { task("t"):command(function() while true do end end) } })',
  },
};

describe('an endless loop', () => {
  it('is stopped by the budget, whatever it loops over, and all of them at once', async () => {
    const ended = await Promise.all(
      Object.entries(bombs).map(async ([title, { source }], n) => ({
        title,
        ...(await runSource(`loop-of-${n}.lua`, source)),
      })),
    );
    for (const { title, code, stderr } of ended) {
      const { why = /budget of \d+ instructions/, hint = /an endless loop\?/ } = bombs[title] as Bomb;
      expect({ title, code, stderr }).toEqual({ title, code: 1, stderr: expect.stringMatching(why) });
      expect(stderr).toMatch(hint);
      expect(stderr).toMatch(/loop-of-\d\.lua:1: in/);
    }
  }, 300_000);

  it('what it printed before is still shown', async () => {
    expect((await runSource('loop.lua', loop)).stdout).toBe('first\n');
  });

  it('another script on the server outlives it, and a sync beside it succeeds', async () => {
    const waiting = 'assert(gitops.wait("shop", { status = "synced", timeout = "200s" })) print("seen")';
    const run = (await home.ok('run', '--detach', '-f', home.file('waiting.lua', waiting))).trim();
    const loops = [1, 2].map((n) => runSource(`loop-${n}.lua`, loop));
    const [record, ...ended] = await Promise.all([home.json<SyncRecord>('sync', 'shop'), ...loops]);
    expect(record).toMatchObject({ status: 'succeeded', changes: { created: 1 } });
    expect(ended.map((result) => result.code)).toEqual([1, 1]);
    await home.ok('workflow', 'show', run, '--follow');
    expect(await home.json<RunSummary>('workflow', 'show', run)).toMatchObject({ status: 'COMPLETED' });
  });
});

describe('a long computation', () => {
  it('that fits makes pauses, which its history shows, and ends', async () => {
    const source = 'local n = 0 for i = 1, 150000 do n = n + i % 3 end print(n)';
    const run = (await home.ok('run', '--detach', '-f', home.file('long.lua', source))).trim();
    expect(await home.ok('workflow', 'show', run, '--follow')).toMatch(
      /(timer +the script computes; other runs go first[^]*){4}completed/,
    );
    expect(await home.json<RunSummary>('workflow', 'show', run)).toMatchObject({ status: 'COMPLETED' });
  });
});

function runSource(name: string, source: string) {
  return home.cli('run', '-f', home.file(name, source));
}
