/**
 * Commands, files and repositories of scripts, on a real Temporal with a real shell and a real git.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

let engine: Engine;
let outside: string;

beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'sloth-outside-'));
  engine = await Engine.open({
    env: { PROBE_SECRET: 'correct-horse-battery' },
    config: { secrets: { probe: 'env:PROBE_SECRET' } },
  });
});

afterAll(async () => {
  await engine.close();
  rmSync(outside, { recursive: true, force: true });
});

interface Printed {
  readonly workflowId: string;
  readonly lines: string;
}

/** Runs a script to its good end. */
async function run(source: string, name = 'workspace.lua'): Promise<Printed> {
  const started = await engine.client.scripts.start({ name, source });
  const { lines } = await engine.client.scripts.result(started);
  return {
    ...started,
    lines: lines.map(({ level, text }) => (level === 'print' ? text : `${level} ${text}`)).join('\n'),
  };
}

/** Folders of runs that lie on the disk now. */
function folders(): string[] {
  const all = join(engine.home.dir, 'workspaces');
  return readdirSync(all).flatMap((worker) => readdirSync(join(all, worker)).filter((name) => name !== 'owner.json'));
}

describe('exec.run', () => {
  it.each([
    [
      'gives what a command wrote',
      'local r = exec.run("echo out; echo err >&2") print(r.stdout, r.stderr, r.exit_code, r.success)',
      'out\n\terr\n\t0\ttrue',
    ],
    [
      'gives three values of one that fails',
      'local r, err, failed = exec.run("echo bad >&2; exit 3") print(r.exit_code, r.success, err, failed)',
      '3\tfalse\tbad\n\ttrue',
    ],
    [
      'behaves as text',
      'local r = exec.run("printf hello") print(r .. "!", #r, r:upper(), tostring(r), r:match("l+"))',
      'hello!\t5\tHELLO\thello\tll',
    ],
    ['understands bash', 'print(exec.run("[[ abc == a* ]] && echo ${BASH_VERSION:+bash}"))', 'bash\n\tnil\tfalse'],
    [
      'takes workdir, env and stdin',
      'exec.run("mkdir -p a/b") print(exec.run("basename $PWD; echo $X; cat", { workdir = "a/b", env = { X = 5 }, stdin = "in" }).stdout)',
      'b\n5\nin',
    ],
    [
      'has nothing of the environment of the worker',
      "print((exec.run(\"env | cut -d= -f1 | sort | tr '\\\\n' ' '\").stdout))",
      'HOME LANG PATH PWD SHLVL TMPDIR _ ',
    ],
    [
      'says when a folder is not there',
      'print(exec.run("true", { workdir = "nowhere" }))',
      "nil\tpath 'nowhere' is not there (fs.mkdir(path) makes a folder)\ttrue",
    ],
    ['ends with what it left in the background', 'print(exec.run("sleep 600 & echo done").stdout)', 'done\n'],
    ['says which signal ended a command', 'print(exec.run("kill -TERM $$").exit_code)', '143'],
    ['has U+FFFD in place of what is no text', 'print(exec.run("printf \'a\\\\377b\'").stdout)', 'a\uFFFDb'],
  ])('%s', async (_title, source, printed) => {
    expect((await run(source)).lines).toBe(printed);
  });

  it('ends the whole group after the timeout and says so', async () => {
    const marker = join(outside, 'after-timeout');
    const { lines } = await run(
      `local r, err, failed = exec.run("(trap '' TERM; sleep 4; touch ${marker}) & sleep 600", { timeout = "300ms" })
       print(r.timed_out, r.exit_code, err, failed)`,
    );
    expect(lines).toBe('true\t-1\tthe command was ended: it took longer than 0.3 s\ttrue');
    expect(processes('sleep 600')).toEqual([]);
    expect(existsSync(marker)).toBe(false);
  });

  it('hands a secret to the command alone: it is in no output, no line and no history', async () => {
    const { lines, workflowId } = await run(
      'print(exec.run("echo $TOKEN; echo $TOKEN | base64 -w0; echo ${#TOKEN}", { env = { TOKEN = secret("probe") } }).stdout)',
    );
    expect(lines).toBe('***\n***Cg==21\n');
    const history = await engine.client.temporal.workflow.getHandle(workflowId).fetchHistory();
    expect(Buffer.from(JSON.stringify(history)).toString()).not.toContain(
      Buffer.from('correct-horse').toString('base64').slice(0, 12),
    );
  });

  it('a secret with text around it is resolved for the command, of a task as well', async () => {
    const { lines } = await run(
      `local size = 'printf "%s " \${#HEADER}; echo $HEADER'
       print((exec.run(size, { env = { HEADER = "Bearer " .. secret("probe") } }).stdout:gsub("%s+$", "")))
       workflow.define("w", { tasks = { task("a"):env{ HEADER = "Bearer " .. secret("probe") }
         :command(function() print((exec.run(size).stdout:gsub("%s+$", ""))) return true end) } })`,
    );
    expect(lines).toBe('28 Bearer ***\n28 Bearer ***');
  });

  it('holds a long command in the artifact store', async () => {
    const { lines, workflowId } = await run('print(exec.run("printf %s " .. ("x"):rep(40000) .. " | wc -c").stdout)');
    expect(lines).toBe('40000\n');
    const history = await engine.client.temporal.workflow.getHandle(workflowId).fetchHistory();
    expect(JSON.stringify(history).length).toBeLessThan(40_000);
  });

  it('holds long output in the artifact store until it is read', async () => {
    const { lines, workflowId } = await run(
      `local unread = exec.run("head -c 300000 /dev/zero | tr '\\\\0' a")
       local read = exec.run("head -c 300000 /dev/zero | tr '\\\\0' b")
       print(unread.exit_code, #read, read:sub(1, 3), #read.output, #tostring(read))`,
    );
    expect(lines).toBe('0\t300000\tbbb\t300000\t300000');
    const steps = await engine.client.workflows.steps(workflowId);
    expect(steps.filter(({ summary }) => summary.startsWith('read stdout'))).toHaveLength(1);
    const history = await engine.client.temporal.workflow.getHandle(workflowId).fetchHistory();
    expect(JSON.stringify(history)).not.toContain('a'.repeat(100));
  });

  it('ends a command that writes more than a script can read', async () => {
    const { lines } = await run('local r, err = exec.run("yes") print(r.success, r.too_large, err)');
    expect(lines).toBe('false\ttrue\tthe command was ended: it wrote more than 1 MiB; send its output to a file');
  });

  it('refuses a command that is too long for a shell, and says where its text goes', async () => {
    const { lines } = await run('print(exec.run("true " .. ("x"):rep(200000)))');
    expect(lines).toContain('the command is longer than 128 KiB, more than a shell takes (hand the text over in stdin');
  });

  it('a cancelled run ends its command, and leaves neither process nor folder', async () => {
    const started = await engine.client.scripts.start({
      name: 'cancel.lua',
      source: 'exec.run("sleep 601 & sleep 601")',
    });
    await eventually(() => Promise.resolve(processes('sleep 601').length === 2 ? true : undefined));
    await engine.client.workflows.cancel(started.workflowId);
    await expect(engine.client.scripts.result(started)).rejects.toMatchObject({ code: 'Cancelled' });
    expect(processes('sleep 601')).toEqual([]);
    expect(folders()).toEqual([]);
  });
});

/** Command lines that run now and are exactly this. */
function processes(command: string): string[] {
  const listed = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return listed.filter((line) => line.trim().replace(/^\d+ /, '') === command);
}

describe('the folder of a run', () => {
  it('is the same from step to step, and gone at the end', async () => {
    const { lines } = await run(
      `fs.write("a.txt", "one\\n")
       exec.run("cat a.txt > b.txt; echo two >> b.txt")
       print(fs.read("b.txt"), fs.exists("b.txt"), fs.size("b.txt"))
       fs.mkdir("d/e") fs.copy("b.txt", "d/e/c.txt") fs.rm("a.txt")
       print(table.concat(fs.ls(), " "), table.concat(fs.ls("d/e"), " "))
       print(fs.rm("d")) print(fs.rm_r("d"), fs.exists("d"))
       print(exec.run("test $HOME = $PWD && echo home"):gsub("%s", ""))`,
    );
    expect(lines).toBe(
      [
        'one\ntwo\n\ttrue\t8',
        'b.txt d\tc.txt',
        "nil\tpath 'd' is a folder with files in it; fs.rm_r removes it",
        'true\tfalse',
        'home\t1',
      ].join('\n'),
    );
    expect(folders()).toEqual([]);
  });

  it('holds texts of up to 1 MiB, out of the history', async () => {
    const { lines, workflowId } = await run(
      `local text = string.rep("x", 400000)
       print(fs.write("big", text), fs.append("big", text), fs.size("big"))
       print(fs.append("big", text), fs.read("big"))`,
    );
    expect(lines).toContain('true\ttrue\t800000');
    expect(lines).toContain("nil\tpath 'big' holds 1200000 bytes, a script can read 1048576");
    const history = await engine.client.temporal.workflow.getHandle(workflowId).fetchHistory();
    expect(JSON.stringify(history).length).toBeLessThan(100_000);
  });

  it('is all that a script sees: no link, no path leads out', async () => {
    const { lines } = await run(
      `exec.run("ln -s ${outside} out; ln -s /etc/passwd p; echo 1 > ok; ln -s ok inner")
       print(fs.write("out/x", "x")) print(fs.read("p")) print(fs.read("../x")) print(fs.read("/etc/passwd"))
       print(fs.read("inner"), fs.rm("p"))`,
    );
    expect(lines.match(/nil\t/g)).toHaveLength(4);
    expect(lines.split('\n').at(-2)).toBe('1');
    expect(readdirSync(outside)).not.toContain('x');
  });

  it('files are read and written as in plain Lua', async () => {
    const { lines } = await run(
      `local f = assert(io.open("n.txt", "w")) f:write("a\\n", 1, "\\n") f:close()
       f = io.open("n.txt", "a") f:write("z\\n") f:close()
       for line in io.lines("n.txt") do print(line) end
       print(io.open("missing.txt"))
       local p = io.popen("wc -l < n.txt") print(p:read("*n")) print(p:close())
       print(os.execute("exit 4")) print(os.execute("true") == 0)
       print(os.rename("n.txt", "m.txt"), os.remove("m.txt"), fs.exists("m.txt"))`,
    );
    expect(lines).toBe(
      [
        'a',
        '1',
        'z',
        "nil\tpath 'missing.txt' is not there\t2",
        '3',
        'true\texit\t0',
        '4\texit\t4',
        'true',
        'true\ttrue\tfalse',
      ].join('\n'),
    );
  });
});

describe('git', () => {
  function bareRepository(name: string): string {
    const path = join(outside, name);
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', path]);
    return path;
  }
  const git = (repository: string, ...args: string[]): string =>
    execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' }).trim();

  it('clones, commits and pushes', async () => {
    const bare = bareRepository('first.git');
    const { lines } = await run(
      `local repo = assert(git.clone("${bare}", "repo"))
       fs.write("repo/a.txt", "hello")
       print(git.status("repo").files[1].path, git.status{ path = "repo" }.clean)
       assert(git.checkout{ path = "repo", branch = "main", create = true })
       local c = assert(git.commit("repo", "first")) print(c.changed, #c.revision)
       print(git.commit("repo", "nothing").changed)
       print(assert(git.push("repo", "main")).branch)
       print(repo:status().clean, git.pull("repo").clean)`,
    );
    expect(lines.split('\n')).toEqual(['a.txt\tfalse', 'true\t40', 'false', 'main', 'true\ttrue']);
    expect(git(bare, 'log', '--format=%an: %s', 'main')).toBe('sloth-runner: first');
    expect(git(bare, 'show', 'main:a.txt')).toBe('hello');
  });

  it('refuses what a remote refuses, and never pushes by force', async () => {
    const bare = bareRepository('second.git');
    const { lines } = await run(
      `for _, name in ipairs{"one", "two"} do
         git.clone("${bare}", name) fs.write(name .. "/" .. name, name)
         exec.run("git checkout -q -B main", { workdir = name })
         git.commit{ path = name, message = name, author = "A B <a@b>" }
       end
       print(git.push("one", "main").branch) print(git.push("two", "main"))`,
    );
    expect(lines).toMatch(/^main\nnil\tfile:.*refuses it/);
    expect(git(bare, 'log', '--format=%an <%ae> %s', 'main')).toBe('A B <a@b> one');
  });

  it('runs no hook, and lets nobody write settings of git', async () => {
    const bare = bareRepository('third.git');
    const { lines } = await run(
      `git.clone("${bare}", "r") fs.write("r/x", "x")
       print(fs.write("r/.git/config", "[core]")) print(fs.copy("r/x", "r/.git/hooks/pre-commit"))
       exec.run("printf '#!/bin/sh\\\\ntouch ${outside}/hooked' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit", { workdir = "r" })
       print(git.commit("r", "x").changed)`,
    );
    expect(lines.match(/belongs to git itself/g)).toHaveLength(2);
    expect(lines).toMatch(/true$/);
    expect(existsSync(join(outside, 'hooked'))).toBe(false);
  });
});

it('a script may be read in the history with its commands', async () => {
  const { workflowId } = await run('exec.run("true")');
  const steps = (await engine.client.workflows.steps(workflowId)).map(({ summary }) => summary);
  expect(steps).toEqual(expect.arrayContaining(['open a folder for the run', 'run true']));
});
