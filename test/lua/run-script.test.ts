import { describe, expect, it } from '@jest/globals';
import type { Data, Host, Step } from '../../src/lua/host.js';
import { findLiteralSecrets, findSecretFields, refuseSecrets } from '../../src/lua/literal-secrets.js';
import { runLimits } from '../../src/lua/limits.js';
import { runScript } from '../../src/lua/run-script.js';

/** Answers by call name; everything else is a table with an id. */
async function run(
  source: string,
  answers: Record<string, Data | Error> = {},
  lines: string[] = [],
  instructions = 10_000_000,
) {
  const steps: Step[] = [];
  const host: Host = {
    execute: (step) => {
      steps.push(step);
      const answer = answers[step.call] ?? { workflow_id: 'workflow-1' };
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    sleep: () => Promise.resolve(),
    log: ({ level, text }) => void lines.push(level === 'print' ? text : `${level.toUpperCase()} ${text}`),
    now: () => 1_790_000_000_000,
    random: () => 0.5,
  };
  const result = await runScript({ name: 't.lua', source }, host, { ...runLimits, instructions });
  return { result, steps, lines };
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

describe('what scripts print', () => {
  it.each([
    ['print(1790000000 * 1000)', '1790000000000'],
    ['print(5*1024*1024*1024)', '5368709120'],
    ['print(string.format("%d", 2^40))', '1099511627776'],
    ['print(os.time() * 1000)', '1790000000000'],
    ['print(10 / 2, 7 / 2)', '5\t3.5'],
    ['print(#{1, 2, 3}, tostring(3))', '3\t3'],
    ['for i = 1, 3 do log.info(i) end', 'INFO 1|INFO 2|INFO 3'],
    ['print(unpack({1, 2}), math.pow(2, 3), table.getn({1}))', '1\t8\t1'],
    ['print(os.date("%Y-%m-%d", 0))', '1970-01-01'],
    ['print(secret("x"))', 'secret:x'],
    ['print(pcall(require, "gitops"))', 'true\t{"x":1}'],
    ['print(io == nil, debug == nil, package == nil, dofile ~= nil)', 'false\tfalse\ttrue\ttrue'],
  ])('%s', async (source, printed) => {
    const { lines } = await run(source);
    if (source.includes('require')) expect(lines[0]).toMatch(/^true/);
    else expect(lines.join('|')).toBe(printed);
  });
});

describe('calls', () => {
  it('log the lines Sloth Runner always logged', async () => {
    const { lines } = await run(
      'gitops.register_repository{ url = "a/b" } gitops.workflow{ repo = "a/b" } gitops.sync_workflow("w")',
    );
    expect(lines).toEqual([
      'INFO Registering GitOps repository',
      'INFO Registering GitOps repository',
      'INFO GitOps workflow created successfully',
      'INFO Starting GitOps sync',
      'INFO GitOps sync completed successfully',
    ]);
  });

  it.each([
    ['print(gitops.sync_workflow("w"))', 'false\tboom'],
    ['print(gitops.get_workflow_status("w"))', 'nil\tboom'],
    ['print(pcall(gitops.generate_diff, "w"))', 'false\tt.lua:1: gitops.generate_diff: boom'],
    [
      'print(pcall(gitops.sync_workflow))',
      "false\tt.lua:1: bad argument #1 to 'sync_workflow' (workflow id expected, got nil)",
    ],
    [
      'print(pcall(gitops.workflow, { repo = "x", auto_snyc = true }))',
      "false\tt.lua:1: bad field 'auto_snyc' in 'workflow' (did you mean 'auto_sync'?)",
    ],
  ])('fail as agreed: %s', async (source, printed) => {
    const boom = failure('ClusterUnreachable', 'boom');
    const { lines } = await run(source, {
      'gitops.sync_workflow': boom,
      'gitops.get_workflow_status': boom,
      'gitops.generate_diff': boom,
    });
    expect(lines.at(-1)).toContain(printed);
  });

  it('pass through the script’s own coroutines', async () => {
    const source =
      'local f = coroutine.wrap(function() local s = gitops.get_workflow_status("w") coroutine.yield(s.id) return "end" end) print(f(), f())';
    expect((await run(source, { 'gitops.get_workflow_status': { id: 'w' } })).lines).toEqual(['w\tend']);
  });

  it('read long text as a step of its own, once', async () => {
    const source = 'local s = gitops.get_workflow_status("w") print(s.text, s.text)';
    const { lines, steps } = await run(source, {
      'gitops.get_workflow_status': { text: { $artifact: 'ab', path: 'p' } },
      'artifact.read': 'long',
    });
    expect([lines, steps.map((s) => s.call)]).toEqual([
      ['long\tlong'],
      ['gitops.get_workflow_status', 'artifact.read'],
    ]);
  });

  it('end the run when the host was cancelled, whatever pcall says', async () => {
    await expect(
      run('pcall(gitops.sync_workflow, "w") print("alive")', { 'gitops.sync_workflow': new Error('cancelled') }),
    ).rejects.toThrow('cancelled');
  });
});

describe('containment', () => {
  it.each([
    'while true do end',
    'coroutine.wrap(function() while true do end end)()',
    'while true do pcall(error) end',
    'while true do pcall(function() while true do end end) end',
    'pcall(error) while true do end',
    'xpcall(error, type) while true do end',
    'while true do xpcall(function() while true do end end, function() while true do end end) end',
    'while true do coroutine.wrap(function() pcall(error) while true do end end)() end',
    'while true do coroutine.resume(coroutine.create(error)) end',
    'local f = coroutine.wrap(function() while true do pcall(error) coroutine.yield() end end) while true do f() end',
    'local t = setmetatable({}, { __index = function() pcall(error) while true do end end }) while true do pcall(rawlen, t.x) end',
    'table.sort({ 3, 2, 1 }, function() pcall(error) while true do end end)',
    'string.gsub("x", ".", function() while true do pcall(error) end end)',
    'while true do pcall(load, "x = = 1") end',
  ])('the budget ends: %s', async (source) => {
    const lines: string[] = [];
    const ended = run(`${source} print("alive")`, {}, lines, 200_000);
    await expect(ended).rejects.toMatchObject({ code: 'LuaBudgetExceeded' });
    expect(lines).toEqual([]);
  });
  it.each([
    's = ("x"):rep(1e6) for i = 1, 100000 do print(s .. i) end',
    'local s = "" while true do s = s .. "x" end',
    'local s = "x" while true do pcall(function() s = s .. s end) end',
    'while true do local s = ("x"):rep(100000) end',
    'while true do pcall(string.rep, "x", 100000) end',
    'local s = ("x"):rep(50000) while true do s:gsub("x", "y") end',
    'local s = ("x"):rep(50000) while true do s:find("x-y") end',
    'local s = ("x"):rep(50000) while true do s:find("y", 1, true) end',
    'local s = ("x"):rep(100000) s:find(("x"):rep(50000) .. "y", 1, true)',
    '("x"):rep(1000):match("^(x*)(x*)(x*)(x*)(x*)(x*)y")',
    '("x"):rep(3000):find("x*x*x*x*y")',
    '("x"):rep(20000):find("(x*)%1y")',
    'for _ in ("x"):rep(5000):gmatch("x-x-x-y") do end',
    'coroutine.wrap(function() ("x"):rep(3000):find("x*x*x*x*y") end)()',
    'pcall(string.find, ("x"):rep(3000), "x*x*x*x*y")',
    '("x"):rep(1000000):gsub(".*", ("%0"):rep(100000))',
    'local big = ("x"):rep(100000); ("x"):rep(100000):gsub("x", big)',
    'local big = ("x"):rep(100000); ("x"):rep(100000):gsub("x", function() return big end)',
    'local big = ("x"):rep(100000); ("x"):rep(100000):gsub("x", { x = big })',
    'local s = ("x"):rep(100000) while true do s:upper() end',
    'local t = {} for i = 1, 300 do t[i] = ("x"):rep(100) end while true do table.concat(t) end',
    'local s = ("x"):rep(100000) while true do string.format("%s%s%s", s, s, s) end',
    'local t = {} while true do table.insert(t, 1, 1) end',
    'local t = { ("x"):rep(100000) } while true do log.table(t) end',
    'local s = ("x"):rep(100000) while true do pcall(gitops.get_workflow_status, s) end',
    'local t = {} for i = 1, 60 do t = { t, t } end print(t)',
    'local t = {} for i = 1, 60 do t = { t, t } end pcall(gitops.workflow, t)',
  ])('text counts by its size: %s', async (source) => {
    await expect(run(source, {}, [], 1_000_000)).rejects.toMatchObject({ code: 'LuaBudgetExceeded' });
  });
  it('what is printed is bounded whatever the budget', async () => {
    const ended = run('local s = ("x"):rep(100000) while true do pcall(print, s) end', {}, [], 1_000_000_000);
    await expect(ended).rejects.toMatchObject({
      code: 'LuaBudgetExceeded',
      message: 't.lua:1: the script printed more than 4 MiB',
    });
  });
  it('ordinary work on text fits', async () => {
    const source = `
      local lines = {}
      for i = 1, 2000 do lines[i] = string.format("%05d  %-20s %s", i, "app-" .. i, ("ok"):upper()) .. ("."):rep(20) end
      print(#table.concat(lines, "\\n"))
      local text = ("name = value # note\\n"):rep(100)
      for i = 1, 100 do text:gsub("(%w+)%s*=%s*(%w+)", "%2=%1") end
      local found = 0
      for key, value in text:gmatch("(%w+) = (%w+)") do found = found + 1 end
      print(found, ("  x  "):match("^%s*(.-)%s*$"), ("a b"):gsub("%w", { a = "1" }), (("k"):gsub(".", function() return "v" end)))`;
    expect((await run(source, {}, [], 1_000_000)).lines).toEqual(['101999', '100\tx\t1 b\tv']);
  });
  it('a syntax error names file and line', async () =>
    await expect(run('\nlocal x = =')).rejects.toMatchObject({
      code: 'ScriptSyntax',
      message: expect.stringContaining('t.lua:2:'),
    }));
});

describe('workflows of tasks', () => {
  it('run in order, skip what depends on a failure, and tell the hooks', async () => {
    const { result, lines } = await run(`
      workflow.define("p", { tasks = {
        task("a"):command(function(params, deps) return true, "fine", { v = 1 } end),
        { name = "b", depends_on = { "a" }, command = function(params, deps) return { success = false, message = "v is " .. deps.a.v } end },
        task("c"):depends_on("b"):command(function() end),
      }, on_task_complete = function(name, success, output) print(name, success, output.duration) end })`);
    expect(result.workflows[0]?.tasks.map((t) => [t.name, t.status])).toEqual([
      ['a', 'succeeded'],
      ['b', 'failed'],
      ['c', 'skipped'],
    ]);
    expect([result.success, lines]).toEqual([false, ['a\ttrue\t0.0s', 'b\tfalse\t0.0s']]);
  });
  it('retry with back-off', async () => {
    const { result } = await run(
      'local n = 0 workflow.define("p"):tasks{ task("a"):retries(2):command(function() n = n + 1 return n == 3, "n " .. n end) }',
    );
    expect(result.workflows[0]?.tasks[0]).toMatchObject({ status: 'succeeded', attempts: 3 });
  });
  it('refuse a circle', async () =>
    await expect(
      run(
        'workflow.define("p", { tasks = { task("a"):depends_on("b"):command(print), task("b"):depends_on("a"):command(print) } })',
      ),
    ).rejects.toThrow('a -> b -> a'));
});

describe('literal secrets in a script', () => {
  it.each([
    'token = "abc123"',
    "password = 'x'",
    'github_token = "abc123"',
    'credentials["password"] = "x"',
    'local t = "ghp_0123456789abcdef01"',
    'url = "https://u:p@host/x"',
  ])('finds %s', (line) => expect(findLiteralSecrets(`-- one\n${line}`)).toMatchObject([{ line: 2 }]));
  it.each([
    'token = secret("x")',
    'token = "env:TOKEN"',
    'token_name = "x"',
    'if token == "x" then',
    '-- token = "x"',
    'url = "https://host/x"',
  ])('leaves %s', (line) => expect(findLiteralSecrets(line)).toEqual([]));
});

describe('literal secrets in values', () => {
  it.each([
    [{ token: 'abc' }, ['values.token']],
    [{ db_password: 'abc' }, ['values.db_password']],
    [{ git: { password: 'abc', user: 'ana' } }, ['values.git.password']],
    [{ list: ['ghp_0123456789abcdef01'] }, ['values.list.0']],
    [{ token: 'env:TOKEN', password: 'secret:git', ssh_key: 'file:/k', name: 'token', api_key: '' }, []],
  ])('%j', (values, fields) => expect(findSecretFields(values, 'values')).toEqual(fields));

  it('keep a script from being sent, and are not repeated in the message', () =>
    expect(() => refuseSecrets({ name: 't.lua', source: '', params: { token: 'hunter2' } })).toThrow(
      expect.objectContaining({ code: 'LiteralSecret', message: 't.lua: params.token holds a literal secret' }),
    ));
});
