import { describe, expect, it } from '@jest/globals';
import { runLua } from './scripted-host.js';

/** One workflow `p` with these tasks and more of its fields. */
const define = (tasks: string, more = '') => `workflow.define("p", { tasks = { ${tasks} } ${more} })`;
const fine = 'function() return true end';

async function statuses(source: string): Promise<string[]> {
  const { result } = await runLua(source);
  return (result.workflows[0]?.tasks ?? []).map((t) => `${t.name} ${t.status}`);
}

describe('forms of one definition', () => {
  it.each([
    ['a table', define(`{ name = "a", command = ${fine} }`)],
    ['a table with an alias', define(`{ name = "a", run = ${fine} }`)],
    ['a table by its name', define(`a = { command = ${fine} }`)],
    ['a builder', define(`task("a"):command(${fine})`)],
    ['a builder that is built', define(`task("a"):description("d"):run(${fine}):build()`)],
    ['fluent', `workflow.define("p"):description("d"):version("1"):tasks{ task("a"):command(${fine}) }`],
    ['fluent and built', `workflow.define("p"):tasks{ task("a"):command(${fine}) }:config{ timeout = "5m" }:build()`],
    ['fluent, the tasks one by one', `workflow.define("p"):tasks(task("a"):command(${fine}))`],
    ['required', `local w = require("workflow") w.define("p", { tasks = { task("a"):command(${fine}) } })`],
  ])('%s', async (_title, source) => expect(await statuses(source)).toEqual(['a succeeded']));

  it('a script that defines nothing is a program', async () =>
    expect((await runLua('print(1)')).result).toMatchObject({ success: true, workflows: [] }));

  it('several workflows run in order, and one that fails fails the run', async () => {
    const { result } = await runLua(
      define(`task("a"):command(function() return false end)`) + define(`task("b"):command(${fine})`),
    );
    expect([result.success, result.workflows.map((w) => w.success)]).toEqual([false, [false, true]]);
  });
});

describe('what a command returns', () => {
  it.each([
    ['true', 'succeeded', undefined, {}],
    ['true, "fine"', 'succeeded', 'fine', {}],
    ['true, "fine", { v = 1 }', 'succeeded', 'fine', { v: 1 }],
    ['true, { v = 1 }', 'succeeded', undefined, { v: 1 }],
    ['{ v = 1 }', 'succeeded', undefined, { v: 1 }],
    ['{ success = true, message = "fine" }', 'succeeded', 'fine', {}],
    ['{ success = false, message = "no" }', 'failed', 'no', {}],
    ['"done"', 'succeeded', undefined, {}],
    ['false', 'failed', undefined, {}],
    ['false, "no"', 'failed', 'no', {}],
    ['nil, "no"', 'failed', 'no', {}],
    ['error("boom")', 'failed', 't.lua:1: boom', {}],
    ['error({ code = 5 })', 'failed', '{"code":5}', {}],
  ])('%s: %s', async (returned, status, message, output) => {
    const { result } = await runLua(define(`task("a"):command(function() return ${returned} end)`));
    expect(result.workflows[0]?.tasks[0]).toMatchObject({ status, output });
    expect(result.workflows[0]?.tasks[0]?.message).toBe(message);
  });
  it('nothing counts as success, with a warning', async () => {
    const { result } = await runLua(define('task("a"):command(function() end)'));
    expect([result.success, result.warnings]).toEqual([true, [expect.stringContaining('returned nothing')]]);
  });
  it('may hold what cannot leave the script', async () =>
    expect((await runLua(define('task("a"):command(function() return true, { f = print } end)'))).result.success).toBe(
      true,
    ));
});

describe('what a function of a task is given', () => {
  const b = 'task("b"):command(function() return true, { v = 7 } end)';
  it.each(['this', 'self', 't'])('with %s first: the task, params, deps', async (name) =>
    expect(
      (
        await runLua(
          define(`${b}, task("a"):depends_on("b"):command(function(${name}, params, deps)
        print(${name}.name, ${name}.name(), ${name}:name(), "is " .. ${name}.name, params.task_name, params.group_name, deps.b.v) return true end)`),
        )
      ).lines,
    ).toEqual(['a\ta\ta\tis a\ta\tp\t7']),
  );
  it('with any other name first: params, deps', async () =>
    expect(
      (
        await runLua(
          define(
            `${b}, { name = "a", params = { x = 1 }, depends_on = { "b" }, command = function(p, d) print(p.x, d.b.v) return true end }`,
          ),
        )
      ).lines,
    ).toEqual(['1\t7']));

  it.each([
    ['on_success', 'function(params, output) print(params.task_name, output.v) end'],
    ['on_success', 'function(this, params, output) print(params.task_name, output.v) end'],
  ])('in %s: %s', async (hook, f) =>
    expect(
      (await runLua(define(`task("a"):command(function() return true, { v = 7 } end):${hook}(${f})`))).lines,
    ).toEqual(['a\t7']),
  );
  it.each(['on_failure', 'on_fail'])('in %s an error that is text and table', async (hook) =>
    expect(
      (
        await runLua(
          define(`task("a"):command(function() error("boom", 0) end):${hook}(function(params, err)
        print(err, err.error, err.message, err.task_name, "e: " .. err) end)`),
        )
      ).lines,
    ).toEqual(['boom\tboom\tboom\ta\te: boom']),
  );
});

describe('what decides whether a task runs', () => {
  it.each([
    ['run_if is false', 'run_if(function() return false end)', 'skipped'],
    ['run_if gives nil', 'run_if(function() end)', 'skipped'],
    ['condition is false', 'condition(function() return false end)', 'skipped'],
    ['run_if is true', 'run_if(function(p, d) return p.task_name == "a" end)', 'succeeded'],
    ['run_if of this', 'run_if(function(this, p) return this.name() == p.task_name end)', 'succeeded'],
    ['run_if raises', 'run_if(function() error("x") end)', 'failed'],
    ['abort_if is true', 'abort_if(function() return true end)', 'failed'],
    ['abort_if is false', 'abort_if(function() return false end)', 'succeeded'],
  ])('%s: %s', async (_title, method, status) =>
    expect(await statuses(define(`task("a"):${method}:command(${fine})`))).toEqual([`a ${status}`]),
  );

  it('what depends on a skipped or failed one is skipped, all the way', async () =>
    expect(
      await statuses(
        define(`task("a"):command(function() return false end), task("b"):depends_on("a"):command(${fine}),
        task("c"):depends_on("b"):command(${fine}), task("d"):command(${fine})`),
      ),
    ).toEqual(['a failed', 'b skipped', 'c skipped', 'd succeeded']));
  it('fail_fast skips the rest', async () =>
    expect(
      await statuses(
        define(
          `task("a"):command(function() return false end), task("b"):command(${fine})`,
          ', config = { fail_fast = true }',
        ),
      ),
    ).toEqual(['a failed', 'b skipped']));
  it.each(['depends_on("b", "c")', 'depends_on{ "b", "c" }', 'depends_on(b, c)', 'depends_on{ b, "c" }'])(
    '%s runs after both',
    async (method) =>
      expect(
        await statuses(
          `local b, c = task("b"):command(${fine}), task("c"):command(${fine}) ${define(`task("a"):${method}:command(${fine}), b, c`)}`,
        ),
      ).toEqual(['b succeeded', 'c succeeded', 'a succeeded']),
  );
});

describe('attempts', () => {
  it.each([
    ['retries(3)', [1000, 2000, 4000]],
    ['retries(3, "linear")', [1000, 2000, 3000]],
    ['retries(3, "fixed")', [1000, 1000, 1000]],
    ['retries(8)', [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]],
  ])('%s wait %j ms', async (method, pauses) => {
    const ran = await runLua(define(`task("a"):${method}:command(function() return false, "no" end)`));
    expect(ran.pauses).toEqual(pauses);
    expect(ran.result.workflows[0]?.tasks[0]).toMatchObject({ status: 'failed', attempts: pauses.length + 1 });
  });
});

describe('hooks', () => {
  it('come in order, the task’s around each attempt, the workflow’s around all', async () => {
    const print = (what: string, ...more: string[]) =>
      `function(...) print("${what}"${more.map((m) => `, ${m}`).join('')}) end`;
    const { lines } = await runLua(
      define(
        `task("a"):retries(1):abort_if(${print('abort_if')}):run_if(function() print("run_if") return true end):pre_hook(${print('pre')})
          :command(function() print("command") error("x", 0) end):on_failure(${print('on_failure')}):post_hook(${print('post')}):on_retry(${print('retry')})`,
        `, on_start = ${print('start')}, on_task_start = ${print('task start', '...')},
          on_task_complete = function(name, ok, output) print("task complete", name, ok, output.duration) end,
          on_complete = function(ok, r) print("complete", ok, r.a.success, r.a.error, r.a.attempts, r.a.duration, type(r.a.output)) end`,
      ),
    );
    const attempt = ['pre', 'command', 'on_failure', 'post'];
    expect(lines).toEqual([
      ...['start', 'task start\ta', 'abort_if', 'run_if', ...attempt, 'retry', ...attempt],
      ...['task complete\ta\tfalse\t0.0s', 'complete\tfalse\tfalse\tx\t2\t0.0s\ttable'],
    ]);
  });
  it('that fail are logged, and change nothing', async () => {
    const { lines, result } = await runLua(
      define(
        `task("a"):command(${fine}):on_success(function() error("x", 0) end)`,
        ', on_complete = function() error("y", 0) end',
      ),
    );
    expect([result.success, lines]).toEqual([true, ['ERROR on_success of a: x', 'ERROR on_complete: y']]);
  });
  it('may call gitops', async () =>
    expect(
      (await runLua(define(`task("a"):command(${fine})`, ', on_complete = function() gitops.suspend("w") end'))).steps,
    ).toHaveLength(1));
  it('on_skip says why', async () =>
    expect(
      (
        await runLua(
          define(
            'task("a"):run_if(function() return false end):command(print):on_skip(function(p, why) print(p.task_name, why) end)',
          ),
        )
      ).lines,
    ).toEqual(['a\trun_if was false']));
});

describe('a definition is refused', () => {
  it.each([
    [
      'an unknown dependency',
      define('task("a"):depends_on("nope"):command(print)'),
      /'a' depends on 'nope', which is not defined/,
    ],
    [
      'a circle',
      define('task("a"):depends_on("b"), task("b"):depends_on("c"), task("c"):depends_on("a")'),
      /a -> b -> c -> a/,
    ],
    ['two tasks of one name', define('task("a"), task("a")'), /two tasks are called 'a'/],
    ['a task without a name', define(`{ command = ${fine} }`), /a task has no name/],
    ['a task that is no table', define('5'), /a task must be a table or task\(\.\.\.\), got number/],
    ['a name that is no text', 'task(5)', /t\.lua:1: bad argument #1 to 'task' \(name expected, got number\)/],
    ['a workflow without a name', 'workflow.define{}', /t\.lua:1: bad argument #1 to 'define'/],
    ['a group', 'group "x" { }', /t\.lua:1: group .* write workflow\.define/],
  ])('%s', async (_title, source, message) =>
    expect(runLua(source)).rejects.toMatchObject({ code: 'ScriptFailed', message: expect.stringMatching(message) }),
  );
  it('methods seen in the wild are accepted, with one warning for each name', async () =>
    expect((await runLua(`task("a"):tags("x"):circuit_breaker{}:tags("y")`)).result.warnings).toEqual([
      expect.stringContaining("'tags'"),
      expect.stringContaining("'circuit_breaker'"),
    ]));
});
