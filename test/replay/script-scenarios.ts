/**
 * Scripts in each of their ends. The names carry the ABI: with a new one, histories of the driver before it stay and are
 * replayed by the frozen one, and those of the new driver are added.
 */
import { luaAbi } from '../../src/lua/abi.js';
import { freshNamespace } from '../support/cluster.js';
import type { Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap, service } from '../support/manifests.js';
import type { Scenario } from './scenarios.js';

const nameOf = (name: string): string => `script-abi-${luaAbi}-${name}`;

const script = (name: string, source: string): Scenario => ({
  name: nameOf(name),
  drive: (engine, unique) => engine.script(`${unique}.lua`, source),
});

/** Begins a script, does something while it runs, and waits for its end. */
const disturbed = (
  name: string,
  source: string,
  act: (engine: Engine, workflowId: string) => Promise<unknown>,
): Scenario => ({
  name: nameOf(name),
  drive: async (engine, unique) => {
    const run = await engine.client.scripts.start({ name: `${unique}.lua`, source });
    await act(engine, run.workflowId);
    await engine.client.scripts.result(run).catch(() => undefined);
    return run.workflowId;
  },
});

/** Until the run has printed that line. */
async function printed(engine: Engine, workflowId: string, text: string): Promise<void> {
  for await (const line of engine.client.scripts.follow({ workflowId })) if (line.text === text) return;
}

const cancelIt = (engine: Engine, workflowId: string): Promise<unknown> => engine.client.workflows.cancel(workflowId);

const answerIt = (engine: Engine, workflowId: string): Promise<unknown> =>
  eventually(async () => {
    const [question] = await engine.client.scripts.questions({ workflowId });
    return question && engine.client.scripts.answer({ workflowId }, { answer: 'y', by: 'test' });
  });

const concurrent = `workflow.define("p", { config = { max_parallel_tasks = 2 }, tasks = {
  task("a"):command(function() state.increment("n") return true, "a" end):post_hook(function() state.get("n") end),
  task("b"):command("echo b"):retries(1),
  task("late"):timeout("1s"):command("sleep 30"):on_timeout(function() state.set("late", true) end),
  task("c"):depends_on("a", "b"):command(function() return true, "c", { n = state.get("n") } end) } })`;

const cleaning = `workflow.define("p", { tasks = { task("a"):command(function() print("under way") exec.run("sleep 60") end)
    :on_failure(function() state.set("cleaned", true) end) } })`;

export const scriptScenarios: readonly Scenario[] = [
  script('completed', 'for i = 1, 3 do log.info(i) end print(#gitops.list_workflows())'),
  script('failed', 'local function f() error("as planned") end f()'),
  script('with-a-syntax-error', 'local x = = 1'),
  script('out-of-memory', 'local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1000000) .. i end'),
  script('that-computes-long', 'local n = 0 for i = 1, 100000 do n = n + i end print(n)'),
  script(
    'whose-task-failed',
    'workflow.define("p", { tasks = { task("a"):command(function() return false, "no" end), task("b"):depends_on("a"):command(print) } })',
  ),
  script(
    'whose-task-was-retried',
    'local n = 0 workflow.define("p"):tasks{ task("a"):retries(1):command(function() n = n + 1 return n > 1 end) }',
  ),
  script('with-tasks-at-once', concurrent),
  script('with-an-unknown-id', 'print(gitops.get_workflow_status("nobody"))'),
  script(
    'with-a-folder',
    'fs.write("a.txt", "a") print(exec.run("cat a.txt; exit 3").exit_code) fs.append("a.txt", "b") print(fs.read("a.txt"))',
  ),
  script(
    'with-long-texts',
    `local long = ("x"):rep(40000) print(#exec.run("cat", { stdin = long }).stdout) print(exec.run("true # " .. long).success)
    fs.write("long", long) print(#fs.read("long"))`,
  ),
  script('with-state', 'state.set("a", { 1 }) state.list_push("a", 2) print(#state.get("a"), state.keys()[1])'),
  script('whose-request-failed', 'print(http.get("http://127.0.0.1:9/"), http.post("http://127.0.0.1:9/", "x"))'),
  script(
    'with-coroutines',
    'for n in coroutine.wrap(function() coroutine.yield(state.increment("n")) end) do print(n) end',
  ),
  disturbed('with-a-question', 'print("go on?") print(io.read())', answerIt),
  script('whose-question-was-late', 'print(io.read({ prompt = "go on?", timeout = "1s" }))'),
  {
    name: nameOf('that-syncs-and-looks'),
    drive: async (engine, unique) => {
      const app = await engine.declare(
        unique,
        { 'app.yaml': service('web') },
        ', sync_policy = { health_check = { timeout = "20s" } }',
      );
      return engine.script(
        `${unique}.lua`,
        `local id = "${app.id}"
        local d = gitops.generate_diff(id) print(d.changes[1].diff) assert(gitops.sync_workflow(id))
        print(gitops.get_workflow_status(id).status, #gitops.history(id)) assert(gitops.suspend(id)) assert(gitops.resume(id))`,
      );
    },
  },
  {
    name: nameOf('that-approves'),
    drive: async (engine, unique) => {
      const app = await engine.declare(unique, { 'app.yaml': configMap('web') }, ', approval_required = true');
      return engine.script(
        `${unique}.lua`,
        `local id = "${app.id}"
        assert(gitops.sync_workflow(id, { wait = false })) assert(gitops.wait(id, { status = "awaiting_approval", timeout = "1m" }))
        assert(gitops.approve(id, { reason = "looks good" })) assert(gitops.wait(id, { status = "synced", timeout = "1m" }))
        print(gitops.approve(id))`,
      );
    },
  },
  {
    name: nameOf('that-promotes'),
    drive: async (engine, unique) => {
      const files = { 'dev/app.yaml': configMap('web'), 'production/app.yaml': configMap('web') };
      const dev = await engine.declare(`${unique}-dev`, files, ', path = "dev"');
      const namespace = await freshNamespace(unique);
      return engine.script(
        `${unique}.lua`,
        `local to = assert(gitops.workflow{ repo = "${dev.repository.url}", name = "${unique}", path = "production", namespace = "${namespace}" }).workflow_id
        assert(gitops.sync_workflow("${dev.id}")) print(assert(gitops.promote{ from = "${dev.id}", to = to }).status)
        print(gitops.promote{ from = "${dev.id}", to = to, revision = "0123456789" })`,
      );
    },
  },
  disturbed('cancelled', cleaning, async (engine, workflowId) => {
    await printed(engine, workflowId, 'under way');
    await cancelIt(engine, workflowId);
  }),
  disturbed(
    'cancelled-without-tasks',
    'print("under way") while true do pcall(io.read) end',
    async (engine, workflowId) => {
      await printed(engine, workflowId, 'under way');
      await cancelIt(engine, workflowId);
    },
  ),
  {
    name: `script-state-abi-${luaAbi}`,
    drive: async (engine, unique) => {
      await engine.script(`${unique}.lua`, 'for i = 1, 3 do state.increment("n") end state.delete("n")');
      return `state/${unique}.lua`;
    },
  },
];
