import { describe, expect, it } from '@jest/globals';
import { example, examples, plan, short } from './plan-support.js';

describe('the examples', () => {
  const expected: Record<string, string[]> = {
    'gitops_native_demo.lua': [
      '9 register_repository',
      '13 workflow',
      '35 generate_diff',
      '45 sync_workflow',
      '28 get_workflow_status',
      '51 sync_workflow !',
      '28 get_workflow_status',
      '57 sync_workflow',
      '28 get_workflow_status',
      '60 rollback_workflow',
      '28 get_workflow_status',
      '66 history',
    ],
    'test_gitops_basic.lua': [
      '13 register_repository',
      '21 workflow',
      '34 create_workflow',
      '39 get_workflow_status',
      '44 generate_diff',
      '47 artifact.read',
      '48 preview_changes',
      '51 sync_workflow',
      '52 get_workflow_status',
      '57 generate_diff',
      '61 list_workflows',
      '67 start_auto_sync',
      '68 get_workflow_status',
      '69 stop_auto_sync',
      '70 get_workflow_status',
      '73 get_workflow_status !',
      '75 rollback_workflow !',
    ],
    'gitops_kubernetes_advanced.lua': [
      '19 workflow',
      '25 generate_diff',
      '30 sync_workflow',
      '32 get_workflow_status',
      '54 get_workflow_status',
      '19 workflow',
      '25 generate_diff',
      '30 sync_workflow',
      '32 get_workflow_status',
      '72 list_workflows',
    ],
    'pipeline.lua': ['13 workflow', '20 generate_diff'],
    'environments.lua': ['25 workflow', '25 workflow'],
    'canary.lua': [
      '11 workflow',
      '16 sync_workflow',
      '21 get_workflow_status',
      '11 workflow',
      '16 sync_workflow',
      '21 get_workflow_status',
    ],
    'concurrent_checks.lua': [
      '8 workflow',
      '17 sync_workflow',
      '8 workflow',
      '17 sync_workflow',
      '43 get_workflow_status',
      '43 get_workflow_status',
    ],
    'drift_report.lua': ['7 list_workflows'],
    'promotion.lua': [
      '6 workflow',
      '6 workflow',
      '17 sync_workflow',
      '19 wait',
      '22 get_workflow_status',
      '28 generate_diff',
      '34 sync_workflow',
    ],
    'rollback_on_health.lua': [
      '5 workflow',
      '13 sync_workflow',
      '15 get_workflow_status',
      '17 sync_workflow',
      '25 get_workflow_status',
      '27 history',
    ],
    'approval.lua': ['6 workflow', '14 generate_diff', '25 io.read ?2', '30 sync_workflow ?2,3'],
    'build_pipeline.lua': [
      '0 exec.run',
      '0 workspace.collect',
      '0 workspace.save',
      '0 workspace.deliver',
      '19 exec.run',
      '0 workspace.save',
      '0 workspace.deliver',
      '30 fs.write',
      '32 exec.run',
      '0 workspace.collect',
      '0 workspace.save',
    ],
    'http_gate.lua': ['11 workflow', '17 sync_workflow', '25 http.get'],
    'notify_on_failure.lua': ['15 workflow', '21 sync_workflow'],
    'release_counter.lua': [
      '5 state.increment',
      '6 state.get',
      '8 workflow',
      '9 sync_workflow',
      '12 get_workflow_status',
      '13 state.get',
      '16 state.set',
      '17 state.set',
    ],
    'shared_library.lua': ['8 workflow', '9 sync_workflow', '8 workflow', '9 sync_workflow'],
    'preview_environments.lua': ['6 workflow', '16 sync_workflow', '17 get_workflow_status'],
    'promote.lua': ['7 workflow', '7 workflow', '16 sync_workflow', '18 promote'],
    'yaml_values.lua': ['30 fs.write', '30 fs.write', '33 fs.ls'],
  };
  it('are all listed here', () => expect(examples.filter((name) => !(name in expected))).toEqual([]));
  it.each(Object.entries(expected))('%s: every unconditional step in order', async (name, steps) => {
    const made = await plan(example(name));
    expect(short(made)).toEqual(steps);
    expect(made.end).toEqual({ status: 'succeeded' });
    expect(made.explored.complete).toBe(true);
  });
  it('tasks, dependencies and hooks', async () => {
    const { workflows, steps, alternatives } = await plan(example('gitops_kubernetes_advanced.lua'));
    expect(workflows).toMatchObject([
      {
        name: 'kubernetes_advanced',
        hooks: ['on_task_complete', 'on_complete'],
        edges: [
          { from: 'deploy_development', to: 'verify_development' },
          { from: 'verify_development', to: 'deploy_production' },
        ],
      },
    ]);
    expect(workflows[0]?.tasks.map((t) => t.steps)).toEqual([[1, 2, 3, 4], [5], [6, 7, 8, 9]]);
    expect(steps.at(-1)).toMatchObject({ hook: 'on_complete', workflow: 'kubernetes_advanced' });
    expect(alternatives[0]).toMatchObject({ call: 'timer', arguments: [1000], task: 'deploy_development' });
    expect(alternatives[1]).toMatchObject({ attempt: 2, assumed: true, hangsOn: [1] });
  });
});

it('every call that came with gates and promotion is a step with what it is given, and what hangs on it is told', async () => {
  const made = await plan(`
    local shop = gitops.workflow{ repo = "a/b", name = "shop", environment = "production", approval_required = { two_person = true },
      branch_strategy = "gitflow", depends_on = "database", sync_windows = { { kind = "deny", schedule = "0 0 * * *", duration = "8h" } },
      gates = { { url = "https://change.example/ask" } }, preview_environments = { branches = "feature/*", namespace = "shop-{branch}" } }
    local id = shop.workflow_id
    if gitops.wait(id, { status = "awaiting_approval" }) then gitops.approve(id, { reason = "looks good" }) end
    local ok, err = gitops.promote{ from = "staging", to = id, carry = "set", approval = true }
    if not ok then gitops.approve(id, { reject = true, reason = err }) gitops.rollback_workflow(id, err, { to = "previous" }) end
    gitops.suspend(id)
    gitops.resume(id)
    print(#gitops.history(id, 3))
    gitops.delete_workflow(id, { prune = false })`);
  expect(short(made).map((line) => line.replace(/^\d+ /, ''))).toEqual([
    'workflow',
    'wait',
    'approve ?2',
    'promote',
    'suspend',
    'resume',
    'history',
    'delete_workflow',
  ]);
  expect(made.alternatives.map(({ call, hangsOn }) => [call, hangsOn])).toEqual([
    ['gitops.approve', [4]],
    ['gitops.rollback_workflow', [4]],
  ]);
  expect(made.steps[2]).toMatchObject({ summary: expect.stringContaining('approve the plan of workflow-') });
  expect(made.steps[3]).toMatchObject({ summary: expect.stringMatching(/^promote staging -> workflow-/) });
  expect(made.end).toEqual({ status: 'succeeded' });
  expect(made.explored.complete).toBe(true);
});

describe('what hangs on an answer', () => {
  it.each([
    [
      'a failure that is passed over',
      'if gitops.sync_workflow("a") then gitops.suspend("a") end',
      ['sync_workflow', 'suspend ?1'],
    ],
    [
      'a failure that stops the script',
      'assert(gitops.sync_workflow("a")) gitops.suspend("a")',
      ['sync_workflow', 'suspend'],
    ],
    ['no connection', 'gitops.sync_workflow("a") gitops.suspend("a")', ['sync_workflow', 'suspend']],
    [
      'health',
      'local s = gitops.get_workflow_status("a") if s and s.health == "Healthy" then gitops.suspend("a") end gitops.resume("a")',
      ['get_workflow_status', 'suspend ?1', 'resume'],
    ],
    [
      'two failures together',
      'local a, b = gitops.sync_workflow("a"), gitops.sync_workflow("b") if a or b then gitops.suspend("a") end',
      ['sync_workflow', 'sync_workflow', 'suspend ?2'],
    ],
    [
      'a diff that is empty',
      `local w = gitops.workflow{ repo = "a/b" } local d = gitops.generate_diff(w.workflow_id)
       if d.summary.total_changes > 0 then gitops.sync_workflow(w.workflow_id) end`,
      ['workflow', 'generate_diff', 'sync_workflow ?2'],
    ],
    [
      'a loop, each turn by itself',
      'for _, n in ipairs{"a", "b"} do if gitops.sync_workflow(n) then gitops.suspend(n) end end',
      ['sync_workflow', 'suspend ?1', 'sync_workflow', 'suspend ?3'],
    ],
    [
      'a retried task: later attempts count',
      'workflow.define("w"):tasks{ task("t"):retries(1):command(function() assert(gitops.sync_workflow("a")) gitops.suspend("a") return true end) }',
      ['sync_workflow', 'suspend'],
    ],
  ])('%s', async (_title, source, steps) => {
    expect(short(await plan(source)).map((line) => line.replace(/^\d+ /, ''))).toEqual(steps);
  });

  it('what only a failure brings is an alternative', async () => {
    const { alternatives, transitions } = await plan(
      'local ok = gitops.sync_workflow("a") if not ok then gitops.rollback_workflow("a", "broken") end',
    );
    expect(alternatives).toMatchObject([{ number: 2, call: 'gitops.rollback_workflow', assumed: true, hangsOn: [1] }]);
    expect(transitions).toContainEqual({ from: 1, to: 2, answer: 'failure' });
  });
});

describe('answers', () => {
  it('ids are those the engine would give, stand-ins are marked', async () => {
    const { steps } = await plan('gitops.workflow{ repo = "a/b", name = "x" } gitops.workflow{ repo = "registered" }');
    expect(steps.map((s) => s.standIn ?? false)).toEqual([false, true]);
    const { steps: next } = await plan('gitops.sync_workflow(gitops.workflow{ repo = "a/b" }.workflow_id)');
    expect(next[1]?.arguments).toEqual([
      (await plan('gitops.sync_workflow(gitops.create_workflow{ repo = "https://github.com/a/b.git" })')).steps[1]
        ?.arguments[0],
    ]);
  });
  it('secrets stay references, credentials in URLs are masked', async () => {
    const { steps } = await plan(
      'gitops.workflow{ repo = "https://u:" .. "p@h/a/b", credentials = { type = "token", token = secret("git") } }',
    );
    expect(JSON.stringify(steps[0])).toContain('"token":"secret:git"');
    expect(JSON.stringify(steps[0])).not.toContain('u:p@');
  });
  it('a wrong declaration is answered as the engine would', async () => {
    const { steps, end } = await plan('assert(gitops.workflow{ name = "x" })');
    expect([steps[0]?.answer, end]).toMatchObject([
      'failure',
      { status: 'failed', message: expect.stringMatching(/repo is missing/) },
    ]);
  });
  it('a wrong promotion is answered as the engine would', async () => {
    const { steps, end } = await plan('assert(gitops.promote{ from = "staging", to = "staging" })');
    expect([steps[0]?.answer, end]).toMatchObject([
      'failure',
      { status: 'failed', message: expect.stringMatching(/staging is named twice/) },
    ]);
  });
  it('a script that never ends is cut off', async () => {
    const made = await plan('while true do gitops.get_workflow_status("a") end');
    expect(made.end.status).toBe('open');
    expect(made.explored.complete).toBe(false);
  });
  it.each([
    ['a syntax error', 'x = = 1', 'ScriptSyntax'],
    ['an error before the first step', 'error("no")', 'ScriptFailed'],
    ['an endless loop', 'while true do end', 'LuaBudgetExceeded'],
  ])('%s is thrown', async (_title, source, code) => {
    await expect(plan(source)).rejects.toMatchObject({ code });
  });
});

describe('live', () => {
  it('asks what reads, once, and assumes the rest', async () => {
    const asked: string[] = [];
    const made = await plan(
      `local s = gitops.get_workflow_status("a") if s.health == "Degraded" then gitops.sync_workflow("a") end
       gitops.get_workflow_status("a")`,
      (call) => {
        asked.push(call);
        return Promise.resolve({ health: 'Degraded', status: 'degraded' });
      },
    );
    expect(made.steps.map((s) => [s.source, s.assumed])).toEqual([
      ['live', false],
      ['assumed', false],
      ['assumed', false],
    ]);
    expect(asked).toEqual(['gitops.get_workflow_status']);
  });
  it('an application nobody knows is unknown', async () => {
    const made = await plan('local s, err = gitops.get_workflow_status("a") assert(s, err)', () =>
      Promise.resolve(undefined),
    );
    expect(made.end.message).toMatch(/unknown GitOps workflow 'a'/);
  });
});
