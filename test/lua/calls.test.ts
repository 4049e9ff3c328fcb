import { describe, expect, it } from '@jest/globals';
import { failure, runLua } from './scripted-host.js';

const outage = failure('ClusterUnreachable', 'no answer', 'is it up?');
const unknown = failure('UnknownApplication', "unknown GitOps workflow 'w'");
const config = 'gitops.workflow{ repo = "a/b" }';

describe('what a failed call gives', () => {
  it.each([
    [config, 'nil\tno answer (is it up?)'],
    ['gitops.create_workflow{ repository = "r" }', 'nil\tno answer (is it up?)'],
    ['gitops.register_repository{ url = "a/b" }', 'nil\tno answer (is it up?)'],
    ['gitops.get_workflow_status("w")', 'nil\tno answer (is it up?)'],
    ['gitops.list_workflows()', 'nil\tno answer (is it up?)'],
    ['gitops.sync_workflow("w")', 'false\tno answer (is it up?)'],
    ['gitops.rollback_workflow("w", "why")', 'false\tno answer (is it up?)'],
    ['gitops.start_auto_sync()', 'false\tno answer (is it up?)'],
    ['gitops.stop_auto_sync("w")', 'false\tno answer (is it up?)'],
  ])('%s: %s', async (call, printed) => {
    const name = `gitops.${/gitops\.(\w+)/.exec(call)?.[1]}`;
    expect((await runLua(`print(${call})`, { [name]: outage })).lines.at(-1)).toBe(printed);
  });

  it.each(['generate_diff', 'preview_changes'])(
    'gitops.%s raises an outage: nil would mean no changes',
    async (name) => {
      const source = `\nprint(pcall(function() return gitops.${name}("w") end))`;
      const { lines } = await runLua(source, { [`gitops.${name}`]: outage });
      expect(lines).toEqual([`false\tt.lua:2: gitops.${name}: no answer (is it up?)`]);
      await expect(runLua(`gitops.${name}("w")`, { [`gitops.${name}`]: outage })).rejects.toMatchObject({
        code: 'ScriptFailed',
        message: expect.stringContaining('t.lua:1'),
      });
    },
  );

  it('gitops.generate_diff of an unknown id is nil and the reason', async () =>
    expect((await runLua('print(gitops.generate_diff("w"))', { 'gitops.generate_diff': unknown })).lines).toEqual([
      "nil\tunknown GitOps workflow 'w'",
    ]));

  it('a call that went well gives one value', async () =>
    expect((await runLua('print(select("#", gitops.get_workflow_status("w")))')).lines).toEqual(['1']));
});

describe('what is refused before anything is done', () => {
  it.each([
    ['gitops.sync_workflow()', "bad argument #1 to 'sync_workflow' (workflow id expected, got nil)"],
    ['gitops.sync_workflow(5)', "bad argument #1 to 'sync_workflow' (workflow id expected, got number)"],
    ['gitops.sync_workflow("w", "x")', "bad argument #2 to 'sync_workflow' (options expected, got string)"],
    ['gitops.sync_workflow("w", { pruen = true })', "bad field 'pruen' in 'sync_workflow' (did you mean 'prune'?)"],
    ['gitops.sync_workflow("w", { colour = 1 })', "bad field 'colour' in 'sync_workflow' (options takes revision, "],
    ['gitops.sync_workflow("w", { resources = { 1 } })', "bad field 'resources'[1] (string expected, got number)"],
    ['gitops.sync_workflow("w", { resources = { "a", nil, "b" } })', 'resources is a list with nil in it'],
    ['gitops.workflow()', "bad argument #1 to 'workflow' (config expected, got nil)"],
    ['gitops.workflow{ "a/b" }', "bad argument to 'workflow' (config has named fields, got a list)"],
    ['gitops.workflow{ repo = 5 }', "bad field 'repo' (string expected, got number)"],
    ['gitops.workflow{ sync_interval = true }', "bad field 'sync_interval' (string or number expected, got boolean)"],
    [
      'gitops.workflow{ sync_policy = { auto_prun = true } }',
      "bad field 'sync_policy.auto_prun' (did you mean 'auto_prune'?)",
    ],
    ['gitops.workflow{ conflict_resolution = "forse" }', "got 'forse'; did you mean 'force'?"],
    [
      'gitops.workflow{ credentials = { type = "token", token = "abc" } }',
      'a secret must not be written into a script',
    ],
    ['gitops.workflow{ f = print }', 'argument 1.f is a function, which cannot leave the script'],
    ['gitops.workflow{ auto_sync = 0/0 }', 'argument 1.auto_sync is not a finite number'],
    ['local t = {} t.t = t gitops.workflow(t)', 'is nested more than 64 deep, or contains itself'],
    ['gitops.workflow{ 1, 2, a = 3 }', 'argument 1 mixes a list with named fields'],
  ])('%s', async (call, message) => {
    const { lines, steps } = await runLua(`\nprint(select(2, pcall(function() ${call} end)))`);
    expect(lines).toEqual([expect.stringContaining(message)]);
    expect(lines[0]).toMatch(/^t\.lua:2: /);
    expect(steps).toEqual([]);
  });
});

describe('what is sent', () => {
  it('keeps unknown fields as metadata, and says so once', async () => {
    const { steps, result } = await runLua(
      'for i = 1, 2 do gitops.workflow{ repo = "a/b", team = "x", metadata = { a = 1 } } end',
    );
    expect(steps[0]?.args).toEqual([{ repo: 'a/b', metadata: { a: 1, team: 'x' } }]);
    expect(result.warnings).toEqual([expect.stringContaining("field 'team' of workflow is unknown")]);
  });
  it('is a reference where a secret is wanted', async () => {
    const source = 'gitops.workflow{ repo = "a/b", credentials = { type = "token", token = TOKEN } }';
    for (const [token, sent] of [
      ['secret("git")', 'secret:git'],
      ['os.getenv("GIT_TOKEN")', 'env:GIT_TOKEN'],
      ['"file:/t"', 'file:/t'],
    ] as const)
      expect((await runLua(source.replace('TOKEN', token))).steps[0]?.args).toMatchObject([
        { credentials: { token: sent } },
      ]);
  });
  it('is an empty list where a list is wanted', async () =>
    expect((await runLua('gitops.sync_workflow("w", { resources = {} })')).steps[0]?.args).toEqual([
      'w',
      { resources: [] },
    ]));
  it('is numbered in order and knows its line', async () =>
    expect((await runLua('gitops.suspend("w")\n\ngitops.resume("w")')).steps).toMatchObject([
      { number: 1, call: 'gitops.suspend', line: 1, summary: 'suspend w' },
      { number: 2, call: 'gitops.resume', line: 3, summary: 'resume w' },
    ]));
});

describe('where a call may wait', () => {
  const status = 'gitops.get_workflow_status("w").workflow_id';
  it.each([
    ['pcall', `print(pcall(function() return ${status} end))`, 'true\tworkflow-1'],
    ['xpcall', `print(xpcall(function() return ${status} end, print))`, 'true\tworkflow-1'],
    ['nested pcalls', `print(pcall(pcall, function() return ${status} end))`, 'true\ttrue\tworkflow-1'],
    ['an iterator', `for s in function() return ${status} end do print(s) break end`, 'workflow-1'],
    ['__index', `local t = setmetatable({}, { __index = function() return ${status} end }) print(t.x)`, 'workflow-1'],
    [
      'arithmetic',
      `local t = setmetatable({}, { __add = function() return ${status} end }) print(t + 1)`,
      'workflow-1',
    ],
    ['a coroutine', `print(coroutine.resume(coroutine.create(function() return ${status} end)))`, 'true\tworkflow-1'],
    [
      'a coroutine in a coroutine',
      `print(coroutine.wrap(function() return coroutine.wrap(function() return ${status} end)() end)())`,
      'workflow-1',
    ],
  ])('%s', async (_title, source, printed) => expect((await runLua(source)).lines).toEqual([printed]));

  it('between the values that a coroutine yields', async () => {
    const source = `local co = coroutine.create(function(a)
        local b = coroutine.yield(a) coroutine.yield(b .. ${status}) return "end" end)
      print(coroutine.resume(co, 1)) print(coroutine.resume(co, "x ")) print(coroutine.resume(co)) print(coroutine.resume(co))`;
    expect((await runLua(source)).lines).toEqual([
      'true\t1',
      'true\tx workflow-1',
      'true\tend',
      'false\tcannot resume dead coroutine',
    ]);
  });

  it.each([
    ['a sort comparator', 'table.sort({ 3, 2, 1 }, function() return gitops.suspend("w") end)'],
    ['a gsub callback', 'string.gsub("x", "x", function() gitops.suspend("w") end)'],
    ['__tostring', 'tostring(setmetatable({}, { __tostring = function() gitops.suspend("w") end }))'],
    ['__pairs', 'pairs(setmetatable({}, { __pairs = function() gitops.suspend("w") end }))'],
  ])('but not in %s', async (_title, source) => {
    const { lines, steps } = await runLua(`print(select(2, pcall(function() ${source} end)))`);
    expect(lines).toEqual([expect.stringMatching(/^t\.lua:1: gitops\.suspend cannot be called here: Lua cannot wait/)]);
    expect(steps).toEqual([]);
  });
});
