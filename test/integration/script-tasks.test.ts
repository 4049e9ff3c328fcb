/**
 * Tasks of a script on a real server, through the command line: at the same time, within their time, and when the run is
 * cancelled. The call that takes long waits for an application to be synced that nobody syncs.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunSummary } from '../../src/client/index.js';
import { freshNamespace } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { openHome, type Home } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import { replay } from '../replay/replay.js';
import { temporal, temporalJson } from '../support/temporal-cli.js';

let home: Home;
let repository: TestRepository;

beforeAll(async () => {
  home = await openHome();
  repository = createRepository({ 'app.yaml': configMap('app') });
  const declaration = `{ repo = "${repository.url}", name = "shop", namespace = "${await freshNamespace('tasks')}" }`;
  await home.ok('run', '-f', home.file('declare.lua', `assert(gitops.workflow(${declaration}))`));
});

afterAll(async () => {
  await home.close();
  repository.remove();
});

interface Event {
  readonly eventType: string;
  readonly activityTaskScheduledEventAttributes?: { readonly activityType: { readonly name: string } };
}

async function eventsOf(id: string): Promise<Event[]> {
  return (await temporalJson<{ events: Event[] }>(home, 'workflow', 'show', '-w', id)).events;
}

/** Names of the events about activities, in the order they happened. */
async function activityEvents(id: string): Promise<string[]> {
  const types = (await eventsOf(id)).map((event) => event.eventType.replace('EVENT_TYPE_', ''));
  return types.filter((type) => type.startsWith('ACTIVITY_TASK_'));
}

async function statusOf(id: string): Promise<string> {
  return (await home.json<RunSummary>('workflow', 'show', id)).status;
}

async function start(name: string, source: string): Promise<string> {
  return (await home.ok('run', '--detach', '-f', home.file(name, source))).trim();
}

async function untilActivityRuns(id: string): Promise<void> {
  await eventually(async () => (await activityEvents(id)).find((type) => type === 'ACTIVITY_TASK_SCHEDULED'));
}

const wait = (time: string): string => `gitops.wait("shop", { status = "synced", timeout = "${time}" })`;

describe('tasks of a script', () => {
  it('two at once: both calls are in flight before either ends', async () => {
    const source = `
      local function t(name) return task(name):command(function() ${wait('2s')} print(name) return true end) end
      workflow.define("p", { config = { max_parallel_tasks = 2 }, tasks = { t("a"), t("b") } })`;
    const id = await start('parallel.lua', source);
    await home.ok('workflow', 'show', id, '--follow');
    const events = await activityEvents(id);
    expect(await statusOf(id)).toBe('COMPLETED');
    expect(events.slice(0, 2)).toEqual(['ACTIVITY_TASK_SCHEDULED', 'ACTIVITY_TASK_SCHEDULED']);
    expect(events.filter((type) => type === 'ACTIVITY_TASK_SCHEDULED').length).toBeLessThanOrEqual(4);
  });

  it('one after the other unless asked', async () => {
    const t = (name: string) =>
      `task("${name}"):command(function() gitops.get_workflow_status("shop") return true end)`;
    const id = await start('list.lua', `workflow.define("p", { tasks = { ${t('a')}, ${t('b')} } })`);
    await home.ok('workflow', 'show', id, '--follow');
    const ordered = (await activityEvents(id)).filter((type) => !type.endsWith('STARTED'));
    const each = ['ACTIVITY_TASK_SCHEDULED', 'ACTIVITY_TASK_COMPLETED'];
    expect(ordered).toEqual([...each, ...each]);
  });

  it('a timeout cancels the call that runs, and another attempt succeeds', async () => {
    const source = `
      local n = 0
      workflow.define("p", { tasks = { task("a"):timeout("2s"):retries(1)
        :command(function()
          n = n + 1
          if n == 2 then return true end
          print(pcall(function() return ${wait('10m')} end))
        end)
        :on_timeout(function(_, err) print("on_timeout: " .. err) end)
        :on_failure(function(_, err) print("on_failure: " .. err) end) },
        on_complete = function(ok, r) print(ok, r.a.attempts) end })`;
    const { code, stdout, stderr } = await home.cli('run', '-f', home.file('timeout.lua', source));
    expect({ code, lines: stdout.trim().split('\n') }).toEqual({
      code: 0,
      lines: ['on_timeout: timed out after 2.0s', 'on_failure: timed out after 2.0s', 'true\t2'],
    });
    const [, id = ''] = /^workflow (\S+)/m.exec(stderr) ?? [];
    expect(await activityEvents(id)).toContain('ACTIVITY_TASK_CANCEL_REQUESTED');
  });

  it('the time of the workflow fails the run', async () => {
    const source = `workflow.define("p", { config = { timeout = "1s" }, tasks = { task("a"):command(function() ${wait('10m')} end) } })`;
    const { code, stderr } = await home.cli('run', '-f', home.file('whole.lua', source));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("task 'a' failed: the workflow's timeout of 1.0s is over"),
    });
  });

  it('a cancellation reaches the call, runs the clean-up hooks with calls of their own, and the run ends cancelled', async () => {
    const source = `
      workflow.define("p", { tasks = { task("a"):retries(5):command(function()
            while true do pcall(function() ${wait('10m')} end) print("swallowed") end
          end)
          :on_failure(function(_, err) print("on_failure: " .. err.error, gitops.get_workflow_status("shop").name) end)
          :post_hook(function() print("post_hook") end),
        task("b"):command(print) },
        on_complete = function(ok, r) print(ok, r.a.error, r.b.status, gitops.get_workflow_status("shop").status) end })`;
    const file = home.file('cancel.lua', source);
    const run = home.cli('run', 'cancelled', '-f', file);
    const id = await eventually(async () => {
      const listed = await home.ok('workflow', 'list', '--type', 'script', '-o', 'name');
      return /script\/cancelled\/\w+/.exec(listed)?.[0];
    });
    await untilActivityRuns(id);
    await home.ok('workflow', 'cancel', id);
    const { code, stdout, stderr } = await run;
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('code: Cancelled') });
    expect(stdout.trim().split('\n')).toEqual([
      'on_failure: cancelled\tshop',
      'post_hook',
      'false\tcancelled\tskipped\tactive',
    ]);
    expect(await statusOf(id)).toBe('CANCELLED');
    expect(await activityEvents(id)).toContain('ACTIVITY_TASK_CANCEL_REQUESTED');
  });

  it('a program without workflows is cancelled as well, whatever it catches', async () => {
    const id = await start('body.lua', `while true do print(pcall(function() return ${wait('10m')} end)) end`);
    await untilActivityRuns(id);
    await home.ok('workflow', 'cancel', id);
    const status = await eventually(async () => {
      const seen = await statusOf(id);
      return seen === 'RUNNING' ? undefined : seen;
    });
    expect(status).toBe('CANCELLED');
  });

  it('a run with --param and concurrent tasks replays after its worker is gone', async () => {
    const source = `
      local function t(name) return task(name):timeout("1m"):command(function(p) ${wait('1s')} print(name, p.x) return true end) end
      workflow.define("p", { config = { max_parallel_tasks = 2 }, tasks = { t("a"), t("b"), t("c") } })
      print("body")`;
    const id = (await home.ok('run', '--detach', '--param', 'x=5', '-f', home.file('replay.lua', source))).trim();
    await untilActivityRuns(id);
    await home.ok('server', 'stop');
    await home.ok('app', 'list');
    await home.ok('workflow', 'show', id, '--follow');
    expect(await statusOf(id)).toBe('COMPLETED');
  });

  it('and every one of these runs replays', async () => {
    const listed = await home.ok('workflow', 'list', '--type', 'script', '-o', 'name');
    const ids = [...listed.matchAll(/script\/[\w.-]+\/\w+/g)].map(([id]) => id);
    const files = await Promise.all(
      ids.map(async (id, i) =>
        home.file(`history-${i}.json`, await temporal(home, 'workflow', 'show', '-w', id, '--output', 'json')),
      ),
    );
    const errors = [...(await replay(files)).values()];
    expect(errors).toEqual(ids.map(() => null));
    expect(errors.length).toBeGreaterThanOrEqual(7);
  });
});
