import { describe, expect, it } from '@jest/globals';
import type { Data, Script, Step } from '../../src/lua/host.js';
import { followPlan, type Performed } from '../../src/lua/plan/follow.js';
import { runScript } from '../../src/lua/run-script.js';
import { VirtualTime } from './virtual-time.js';
import { example, examples, now, perform, plan, scriptOf, someFailures } from './plan-support.js';

const scripts = [
  ...examples.map(example),
  ...[
    'for _, n in ipairs{"a", "b", "c"} do local ok = gitops.sync_workflow(n) if not ok then gitops.rollback_workflow(n, "x") end end',
    `local tasks = {}
     for i, n in ipairs{"a", "b", "c"} do
       tasks[i] = task(n):retries(2):command(function() return (gitops.sync_workflow(n)) end)
         :on_failure(function() gitops.rollback_workflow(n, "x") end)
     end
     workflow.define("w", { tasks = tasks, on_complete = function(ok) if not ok then gitops.stop_auto_sync() end end })`,
    `local d = gitops.generate_diff("a") if d and d.summary.conflict_count == 0 then gitops.sync_workflow("a") else gitops.suspend("a") end`,
  ].map(scriptOf),
];

describe('what a run performs is a path through the plan', () => {
  it.each(scripts.map((script) => [script.name, script] as const))('%s', async (_name, script) => {
    const made = await plan(script);
    for (let seed = 0; seed < 25; seed++) {
      const { steps } = await perform(script, someFailures(seed, seed / 60));
      expect({ seed, ...followPlan(made, steps) }).toEqual({ seed, isPath: true });
    }
  });

  it('another script is none', async () => {
    const made = await plan('gitops.sync_workflow("a") gitops.suspend("a")');
    const { steps } = await perform(scriptOf('gitops.suspend("a")'), () => undefined);
    expect(followPlan(made, steps)).toMatchObject({ isPath: false, at: 0 });
    expect(followPlan(made, [])).toMatchObject({ isPath: false, at: 0, why: 'the plan does not end after start' });
  });

  it('tasks that run at the same time are planned in the order of their list, and what they do is a path', async () => {
    const script = scriptOf(`
      local function t(name) return task(name):command(function() gitops.sync_workflow(name) gitops.suspend(name) return true end)
        :on_success(function() gitops.resume(name) end) end
      workflow.define("w", { config = { max_parallel_tasks = 3 }, tasks = { t("a"), t("b"), t("c"):depends_on("a") } })`);
    const made = await plan(script);
    const calls = made.steps.map(({ task, call }) => `${task} ${call}`);
    const each = (name: string) => ['sync_workflow', 'suspend', 'resume'].map((call) => `${name} gitops.${call}`);
    expect(calls).toEqual(['a', 'b', 'c'].flatMap(each));
    const steps = await performAtOnce(script);
    expect(steps.slice(0, 2).map((step) => step.task)).toEqual(['a', 'b']);
    expect(followPlan(made, steps)).toEqual({ isPath: true });
    expect(followPlan(made, steps.slice(1))).toMatchObject({ isPath: false, at: 0 });
  });
});

/** What a run performs in which each call takes a second. */
async function performAtOnce(script: Script): Promise<Performed[]> {
  const time = new VirtualTime(now);
  const steps: Performed[] = [];
  const execute = async ({ call, line, place }: Step): Promise<Data> => {
    steps.push({ call, line, ...place });
    await time.wait(1000);
    return true;
  };
  const quiet = { log: () => undefined, random: () => 0, sleep: (ms: number) => time.wait(ms), now: () => time.now() };
  await time.run(runScript(script, { ...quiet, execute }));
  return steps;
}
