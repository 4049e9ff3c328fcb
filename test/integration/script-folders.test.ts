/**
 * What tasks have around them, on a real Temporal: folders and environment of their own, files handed from task to task,
 * workers of another queue, and people who are asked.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ScriptInput } from '../../src/workflows/messages.js';
import { Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { binary } from '../support/home.js';

let engine: Engine;
let builders: ChildProcess;

beforeAll(async () => {
  engine = await Engine.open({ files: { 'secrets/token': 'correct-horse-battery' } });
  builders = await serve('builders');
});
afterAll(async () => {
  const gone = new Promise((resolve) => builders.once('exit', resolve));
  builders.kill('SIGTERM');
  await gone;
  await engine.close();
});

/** `sloth-runner server --queue NAME`, beside the server of the home; resolves when it works. */
async function serve(queue: string): Promise<ChildProcess> {
  const { address } = await engine.home.json<{ address: string }>('server', 'status');
  const env = { ...engine.home.env, TEMPORAL_ADDRESS: address };
  const server = spawn(process.execPath, [binary, 'server', '--queue', queue], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await eventually(() => Promise.resolve(said.includes(`workers (${queue}) serve`) ? true : undefined));
  return server;
}

interface Ran {
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  readonly workflowId: string;
  readonly error?: string;
}

/** Runs a script to its end, whatever that is. */
async function run(source: string, input: Partial<ScriptInput> = {}): Promise<Ran> {
  return ended(await engine.client.scripts.start({ name: 'folders.lua', source, ...input }));
}

async function ended(started: { workflowId: string }): Promise<Ran> {
  const outcome = await engine.client.scripts.result(started).then(
    ({ warnings }) => ({ warnings }),
    (error: Error) => ({ warnings: [], error: error.message }),
  );
  const lines: string[] = [];
  for await (const { level, text } of engine.client.scripts.follow(started))
    lines.push(level === 'print' ? text : `${level} ${text}`);
  return { ...started, ...outcome, lines };
}

/** Folders of runs that lie on the disk now, at any worker. */
function folders(): string[] {
  const all = join(engine.home.dir, 'workspaces');
  return readdirSync(all).flatMap((worker) => readdirSync(join(all, worker)).filter((name) => name !== 'owner.json'));
}

interface Step {
  readonly title: string;
  readonly source: string;
  readonly prints: readonly string[];
  readonly error?: string;
}

const cases: readonly Step[] = [
  {
    title: 'workdir is where the shell lines and files of a task are, and of its hooks',
    source: `
      workflow.define("p", { on_start = function() fs.mkdir("src") end, tasks = {
        task("a"):workdir("src"):command("pwd > here; echo in-src"):on_success(function(_, out) print(out.stdout, fs.exists("here")) end),
        task("b"):command(function(params) print(params.workdir, fs.exists("here"), fs.exists("src/here")) return true end),
        task("c"):workdir("src"):command(function(params)
          print(params.workdir, exec.run("basename $PWD").stdout:gsub("%s", ""))
          print(exec.run("basename $PWD", { workdir = "." }).stdout:gsub("%s", ""))
          return true
        end),
      } })`,
    prints: ['in-src\n\ttrue', '.\tfalse\ttrue', 'src\tsrc\t1', 'src\t1'],
  },
  {
    title: 'a workdir that is not there fails a shell line, and says how to make it',
    source: 'workflow.define("p", { tasks = { task("a"):workdir("nowhere"):command("true") } })',
    prints: [],
    error: "path 'nowhere' is not there",
  },
  {
    title: 'env reaches the shell lines of its task alone, below what a call brings itself; secrets are shown as ***',
    source: `
      workflow.define("p", { tasks = {
        task("a"):env{ CI = true, N = 5, TOKEN = secret("token") }:command("echo $CI $N $TOKEN; test $TOKEN = correct-horse-battery")
          :on_success(function(_, out) print(out.stdout, exec.run("echo $N", { env = { N = 6 } }).stdout) end),
        task("b"):command(function() print(exec.run("echo [$CI$N$TOKEN]").stdout) return true end),
      } })`,
    prints: ['true 5 ***\n\t6\n', '[]\n'],
  },
  {
    title: 'this.workdir makes, empties and removes the folder of the task',
    source: `
      workflow.define("p", { tasks = { task("a"):workdir("w/d"):command(function(this)
        print(this.workdir.get(), this.workdir.exists(), this.workdir:ensure(), this.workdir:exists())
        fs.write("x", "x")
        print(exec.run("ls").stdout:gsub("%s", ""), this.workdir.recreate(), #fs.ls("."))
        print(this.workdir.cleanup(), this.workdir.exists(), this.workdir .. "/y")
        return true
      end) } })
      print(fs.exists("w"))`,
    prints: ['false', 'w/d\tfalse\ttrue\ttrue', 'x\ttrue\t0', 'true\tfalse\tw/d/y'],
  },
  {
    title: 'cleanup_on_failure removes the folders of the tasks, and nothing else',
    source: `
      local function failing(name, cleanup)
        workflow.define(name, { config = { cleanup_on_failure = cleanup }, tasks = {
          task("a"):workdir(name):command(function(this) this.workdir.ensure() fs.write("x", "x") return true end),
          task("b"):command(function() fs.write(name .. ".txt", "x") return false, "no" end),
        }, on_complete = function() print(name, fs.exists(name .. "/x")) end })
      end
      failing("cleaned", true) failing("kept", false)
      workflow.define("look", { tasks = { task("l"):command(function() print(table.concat(fs.ls("."), " ")) return true end) } })`,
    prints: ['cleaned\ttrue', 'kept\ttrue', 'cleaned.txt kept kept.txt'],
    error: "cleaned: task 'b' failed: no; kept: task 'b' failed: no",
  },
  {
    title: 'artifacts of a task lie in the workdir of the task that consumes them, and nothing else does',
    source: `
      workflow.define("p", { tasks = {
        task("build"):workdir("b"):artifacts("out/*.txt", "log")
          :command(function(this) this.workdir.ensure() return exec.run("mkdir -p out log; echo 1 > out/a.txt; echo 2 > out/b.bin; echo 3 > log/l") end),
        task("ship"):depends_on("build"):workdir("s"):consumes("**"):command(function()
          print((exec.run("find . -type f | sort | tr '\\\\n' ' '").stdout))
          return true
        end),
        task("logs"):depends_on("ship"):workdir("l"):consumes("log"):command(function()
          print((exec.run("find . -type f").stdout)) return true
        end),
      } })`,
    prints: ['./log/l ./out/a.txt ', './log/l\n'],
  },
  {
    title: 'artifacts that nothing matches fail the task that promised them, and who needs others says so',
    source: `
      workflow.define("p", { tasks = {
        task("build"):artifacts("none/*"):command("echo x > other"),
        task("fine"):artifacts("other"):command("true"),
        task("ship"):depends_on("fine"):consumes("*.tgz"):command(print),
      }, on_complete = function(_, r) print(r.build.error) print(r.ship.error) end })`,
    prints: ['the task left no file that matches none/*', 'the tasks before it handed on no file that matches *.tgz'],
    error: "task 'build' failed",
  },
  {
    title: 'a delegated task has a folder of its own at a worker of that queue; files cross as artifacts, both ways',
    source: `
      local function pid() return (exec.run("echo $PPID; pwd").stdout) end
      workflow.define("p", { tasks = {
        task("source"):artifacts("main.c"):command(function() fs.write("main.c", "main") fs.write("own", "1") return true, "", { at = pid() } end),
        task("build"):depends_on("source"):delegate_to("builders"):consumes("main.c"):artifacts("app")
          :command(function(_, deps)
            exec.run("cat main.c > app; echo ' built' >> app; touch scratch")
            return true, "", { at = pid() }
          end),
        task("run"):depends_on{ "build", "source" }:consumes("app"):command(function(_, deps)
          print(fs.read("app"), fs.exists("scratch"), fs.exists("own"))
          print(deps.build.at ~= deps.source.at, pid() == deps.source.at)
          return true
        end),
      } })`,
    prints: ['main built\n\tfalse\ttrue', 'true\ttrue'],
  },
  {
    title: 'the queue may be chosen by a function; workdir and env go along',
    source: `
      workflow.define("p", { tasks = { task("a"):delegate_to(function(params) return params.kind .. "s" end):workdir("w"):env{ X = "x" }
        :command(function(this) this.workdir.ensure() print((exec.run("basename $PWD; echo $X").stdout)) return true end) } })`,
    prints: ['w\nx\n'],
  },
];

describe('tasks', () => {
  it.each(cases)('$title', async ({ source, prints, error }) => {
    const ran = await run(source, { params: { kind: 'builder' } });
    const wanted: unknown = error === undefined ? undefined : expect.stringContaining(error);
    expect({ lines: ran.lines, error: ran.error }).toEqual({ lines: prints, error: wanted });
    expect(folders()).toEqual([]);
  });

  it('a queue that nobody serves fails the task after half a minute, and says what to start', async () => {
    const ran = await run(`
      workflow.define("p", { tasks = { task("a"):delegate_to("bulders"):command("true"), task("b"):command("echo") },
        on_complete = function(_, r) print(r.a.error) print(r.b.status) end })`);
    expect(ran.lines[0]).toMatch(/no worker serves the task queue 'bulders' of delegate_to/);
    expect(ran.lines[0]).toMatch(/sloth-runner server --queue bulders/);
    expect(ran.lines[1]).toBe('succeeded');
    expect(ran.error).toContain("task 'a' failed");
  });
});

/** Until that many questions are open. @returns their numbers */
async function asked(workflowId: string, count = 1, after = 0): Promise<number[]> {
  return eventually(async () => {
    const open = await engine.client.scripts.questions({ workflowId });
    const numbers = open.map(({ number }) => number).filter((number) => number > after);
    return numbers.length === count ? numbers : undefined;
  });
}

async function startFile(source: string, ...options: string[]): Promise<string> {
  const file = engine.home.file('asking.lua', source);
  return (await engine.home.ok('run', '--detach', ...options, '-f', file)).trim();
}

describe('people', () => {
  const three = `
    local function t(name) return task(name):command(function() print(name) return true end) end
    workflow.define("p", { config = { max_parallel_tasks = 3 }, tasks = { t("a"):description("the first"), t("b"), t("c") },
      on_complete = function(ok, r) print(ok, r.a.status, r.b.status, r.b.error, r.c.status) end })`;

  it('run --interactive asks before each task: go on, skip', async () => {
    const id = await startFile(three, '--interactive');
    const [first = 0] = await asked(id);
    expect(await engine.home.ok('workflow', 'show', id)).toContain("task 'a' (the first): continue, skip or abort?");
    await engine.home.ok('workflow', 'approve', id);
    const [second = 0] = await asked(id, 1, first);
    await engine.home.ok('workflow', 'approve', id, '--answer', 'skip');
    await asked(id, 1, second);
    await engine.home.ok('workflow', 'approve', id, '--answer', 'continue');
    const { lines, error } = await ended({ workflowId: id });
    expect(error).toBeUndefined();
    expect(lines.filter((line) => !line.startsWith('info'))).toEqual([
      'a',
      'c',
      'true\tsucceeded\tskipped\tskipped by the answer\tsucceeded',
    ]);
  });

  it('a rejection aborts the rest', async () => {
    const id = await startFile(three, '--interactive');
    await asked(id);
    await engine.home.ok('workflow', 'reject', id, '--reason', 'not today');
    const { lines, error } = await ended({ workflowId: id });
    expect(lines).toContainEqual(expect.stringContaining('not today'));
    expect(lines.at(-1)).toBe('false\tskipped\tskipped\taborted\tskipped');
    expect(error).toContain('aborted by the answer');
  });

  it('several questions are open at once, and each is answered by its number, in any order', async () => {
    const id = await startFile(`
      local function t(name) return task(name):command(function() print(name, io.read{ prompt = name .. "?" }) return true end) end
      workflow.define("p", { config = { max_parallel_tasks = 2 }, tasks = { t("a"), t("b") } })`);
    expect(await asked(id, 2)).toEqual([1, 2]);
    expect(await engine.home.ok('workflow', 'show', id)).toMatch(/question 1 of task a,[^]*question 2 of task b,/);
    const unclear = await engine.home.cli('workflow', 'approve', id);
    expect(unclear).toMatchObject({ code: 4, stderr: expect.stringContaining('questions 1, 2 are open') });
    await engine.home.ok('workflow', 'approve', id, '--question', '2', '--answer', 'two');
    expect(await asked(id)).toEqual([1]);
    await engine.home.ok('workflow', 'reject', id);
    const { lines } = await ended({ workflowId: id });
    expect(lines.filter((line) => !line.startsWith('info'))).toEqual(['b\ttwo', 'a\tn']);
  });
});
