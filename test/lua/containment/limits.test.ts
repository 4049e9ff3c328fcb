/**
 * The limits of a run: pauses, calls, and that nothing goes far beyond its budget.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Data, Host } from '../../../src/lua/host.js';
import { runLimits, type RunLimits } from '../../../src/lua/limits.js';
import { runScript } from '../../../src/lua/run-script.js';

interface Ran {
  readonly lines: readonly string[];
  readonly pauses: number;
  readonly calls: number;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly trace: string[];
  };
}

async function run(source: string, limits: Partial<RunLimits> = {}, answer: Data = { id: 'web' }): Promise<Ran> {
  const seen = { lines: [] as string[], pauses: 0, calls: 0 };
  const host: Host = {
    execute: () => Promise.resolve((seen.calls++, answer)),
    sleep: () => Promise.resolve(),
    pause: () => Promise.resolve(void seen.pauses++),
    log: ({ level, text }) => void seen.lines.push(level === 'print' ? text : `${level.toUpperCase()} ${text}`),
    now: () => 1_790_000_000_000,
    random: () => 0.5,
  };
  try {
    await runScript({ name: 't.lua', source }, host, { ...runLimits, slice: 100_000, ...limits });
    return seen;
  } catch (error) {
    return { ...seen, error: error as NonNullable<Ran['error']> };
  }
}

const busy = 'local n = 0 for i = 1, 200000 do n = n + 1 end';

describe('a long computation makes pauses', () => {
  it.each([
    ['in the script', busy],
    ['in a function that is protected', `pcall(function() ${busy} end)`],
    ['in a coroutine', `coroutine.wrap(function() ${busy} end)()`],
    ['in a coroutine in a coroutine', `coroutine.wrap(function() coroutine.wrap(function() ${busy} end)() end)()`],
    ['in a metamethod of an operator', `local _ = setmetatable({}, { __add = function() ${busy} end }) + 1`],
    ['in an iterator', `for _ in function(_, last) if not last then ${busy} return 1 end end do end`],
    ['in a task', `workflow.define("w", { tasks = { task("t"):command(function() ${busy} return true end) } })`],
  ])('%s', async (_title, source) => {
    const { pauses, error } = await run(`${source} print("done")`);
    expect(error).toBeUndefined();
    expect(pauses).toBeGreaterThanOrEqual(4);
  });

  it('as many each time: a replay makes the same', async () => {
    const source = `for i = 1, 3 do ${busy.replace('local n', 'n')} gitops.get_workflow_status("w") end`;
    expect((await run(source)).pauses).toBe((await run(source)).pauses);
  });

  it.each([
    ['a comparator', `table.sort({ 2, 1 }, function(a, b) ${busy} return a < b end)`],
    ['a gsub callback', `("x"):gsub("x", function() ${busy} end)`],
    ['a coroutine in a callback', `("x"):gsub("x", function() coroutine.wrap(function() ${busy} end)() end)`],
  ])('but not in %s, which may only be short', async (_title, source) => {
    expect(await run(source)).toMatchObject({ pauses: 0 });
    const long = await run(source, { stretch: 200_000 });
    expect(long.error).toMatchObject({
      code: 'LuaBudgetExceeded',
      message: expect.stringContaining('budget of 200000 instructions for what cannot make a pause'),
      hint: expect.stringContaining('outside of the comparator'),
    });
  });

  it('what is yielded and returned is not mixed up with them', async () => {
    const { lines } = await run(
      `local co = coroutine.wrap(function(...) for i = 1, 3 do ${busy} coroutine.yield(i, ...) end return "end" end)
       print(co("a", nil)) print(co()) print(co()) print(co())`,
      { slice: 2000 },
    );
    expect(lines).toEqual(['1\ta\tnil', '2\ta\tnil', '3\ta\tnil', 'end']);
  });
});

describe('calls are not lost between pauses', () => {
  it.each([1000, 2000, 3000, 7000])('a slice of %d', async (slice) => {
    const source = `
      local function deep(n) if n == 0 then return gitops.get_workflow_status("web").id end return coroutine.wrap(deep)(n - 1) end
      local ids = {}
      for i = 1, 60 do ids[i] = deep(i % 8) end
      print(#ids, table.concat(ids) == ("web"):rep(60))`;
    expect(await run(source, { slice })).toMatchObject({ lines: ['60\ttrue'], calls: 60 });
  });
});

describe('a script near its limit of calls', () => {
  const loop = 'for i = 1, 100 do gitops.get_workflow_status("web") end print("done")';

  it('is warned at four fifths, and ends with what to do', async () => {
    const { lines, calls, error } = await run(loop, { calls: 50 });
    expect(lines.filter((line) => line.startsWith('WARN'))).toEqual([
      expect.stringMatching(/^WARN the script has made 40 calls .* a run ends at 50 calls/),
    ]);
    expect(calls).toBe(50);
    expect(error).toMatchObject({
      code: 'LuaBudgetExceeded',
      message: 't.lua:1: the script has made 50 calls, the most of one run',
      hint: expect.stringContaining('split it'),
    });
  });

  it('cannot catch the end', async () => {
    const { lines } = await run(`pcall(function() ${loop} end) print("alive")`, { calls: 50 });
    expect(lines).not.toContain('alive');
  });

  it('ends for the size of the answers as well', async () => {
    const { error } = await run(loop, { callBytes: 50_000 }, { text: 'x'.repeat(10_000) });
    expect(error?.message).toContain('calls that carry 0.0 MiB');
  });

  it('is left alone below it', async () => expect((await run(loop)).lines).toEqual(['done']));
});

describe('the stack of an error', () => {
  const nested = 'local function inner()\n  error("boom")\nend\nlocal function outer()\n  inner()\n  return 1\nend\n';
  const stack = ["t.lua:2: in function 'inner'", expect.stringMatching(/^t.lua:5: in function /)];
  it.each([
    ['of the script', `${nested}outer()`, [...stack, 't.lua:8: in main chunk']],
    ['of a coroutine', `${nested}coroutine.wrap(outer)()`, [...stack, 't.lua:8: in main chunk']],
    [
      'that was caught and raised again',
      `${nested}local ok, e = pcall(outer)\nerror(e, 0)`,
      [...stack, 't.lua:8: in main chunk'],
    ],
    [
      'of a budget',
      'local function spin()\n  while true do end\nend\nspin()',
      ["t.lua:2: in function 'spin'", 't.lua:4: in main chunk'],
    ],
    [
      'of a call in a return',
      'local function f() return gitops.sync_workflow() end\nf()',
      ["t.lua:1: in function 'f'", 't.lua:2: in main chunk'],
    ],
  ])('%s', async (_title, source, trace) => expect((await run(source)).error?.trace).toEqual(trace));

  it('of a task is in its result', async () => {
    const host = {
      execute: () => Promise.resolve(null),
      sleep: () => Promise.resolve(),
      log: () => undefined,
      now: () => 1,
      random: () => 0.5,
    };
    const source =
      'local function deploy() error({ code = 1 }) end\nworkflow.define("w", { tasks = { task("t"):command(function() deploy() end) } })';
    const { workflows } = await runScript({ name: 't.lua', source }, host);
    expect(workflows[0]?.tasks[0]?.trace).toEqual(["t.lua:1: in function 'deploy'", 't.lua:2: in function <t.lua:2>']);
  });
});

/** Programs that loop, build, match, call each other and catch what they can. */
const statement = fc.letrec((tie) => ({
  block: fc.array(tie('one'), { maxLength: 4 }).map((list) => list.join(' ')),
  one: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      't[#t + 1] = { t }',
      's = s .. s:sub(1, 50)',
      's = s:rep(2):sub(1, 5000)',
      's:find("x-y")',
      't = {}',
      'table.sort(t, function(a, b) return false end)',
      'n = n + #s',
      'table.insert(t, 1, n)',
      'pcall(error, t)',
      't[s] = n',
    ),
    tie('block').map((body) => `for i = 1, 50 do ${String(body)} end`),
    tie('block').map((body) => `pcall(function() ${String(body)} end)`),
    tie('block').map((body) => `coroutine.wrap(function() ${String(body)} coroutine.yield() end)()`),
    tie('block').map((body) => `while n < 1e9 do n = n + 1 ${String(body)} end`),
  ),
}));

describe('any program', () => {
  it('ends within its budget and a slice', async () => {
    const program = statement.block.map((body) => `local s, t, n = ("x"):rep(10), {}, 0 ${String(body)}`);
    await fc.assert(
      fc.asyncProperty(program, async (source) => {
        const began = process.cpuUsage();
        const { error, pauses } = await run(source, { instructions: 50_000, slice: 5_000 });
        const { user, system } = process.cpuUsage(began);
        if (error !== undefined) expect(['LuaBudgetExceeded', 'ScriptFailed']).toContain(error.code);
        expect(pauses).toBeLessThanOrEqual(10);
        expect((user + system) / 1e6).toBeLessThan(2);
      }),
      { numRuns: 60 },
    );
  });
});
