import { describe, expect, it } from '@jest/globals';
import { followPlan } from '../../src/lua/plan/follow.js';
import { example, examples, perform, plan, scriptOf, someFailures } from './plan-support.js';

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
});
