import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { checkPlan } from '../../src/schema/plan.js';
import type { PlanDocument } from '../../src/lua/plan/document.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
let dir: string;
const at = (name: string, content: string): string => {
  writeFileSync(join(dir, name), content);
  return join(dir, name);
};

/** The public door, with a home that does not exist: needs `npm run build`. */
function cli(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return cliWith({}, ...args);
}

function cliWith(
  more: NodeJS.ProcessEnv,
  ...args: string[]
): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: process.env['PATH'], HOME: join(dir, 'home'), NO_COLOR: '1', ...more };
  return spawnSync(process.execPath, [join(root, 'bin/sloth-runner.js'), ...args], { env, cwd: dir, encoding: 'utf8' });
}

beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'sloth-plan-'))));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const source = `local ok = gitops.sync_workflow("shop")
workflow.define("w", { tasks = {
  task("one"):retries(1):command(function(p) return (gitops.suspend("shop")) end),
  task("two"):depends_on("one"):command(function() if ok then gitops.resume("shop") end return true end),
} })`;

const golden = `flowchart TD
  start(["t.lua"])
  s1["1 sync shop"]
  subgraph w1["workflow w"]
    subgraph w1t1["task one, 1 retries"]
      s2["2 suspend shop"]
      s4{{"4 wait 1.0s: task one: attempt 2 of 2"}}
      s5["5 suspend shop"]
    end
    subgraph w1t2["task two"]
      s3["3 resume shop"]
    end
    w1t1 ==> w1t2
  end
  finish(["succeeded"])
  start --> s1
  s1 --> s2
  s2 --> s3
  s3 --> finish
  s1 -. failure .-> s2
  s2 -. failure .-> s4
  s4 --> s5
  s5 --> s3
  classDef assumed stroke-dasharray: 5 5
  class s3,s4,s5 assumed`;

describe('plan', () => {
  it('needs no server and writes nothing', () => {
    const before = readdirSync(dir);
    const made = cli('plan', '-f', join(root, 'examples/gitops_native_demo.lua'));
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toContain('12 steps: 12 unconditional, 0 assumed');
    expect(readdirSync(dir)).toEqual(before);
  });
  it('sees the environment and the cluster that the run would see', () => {
    const file = at(
      'place.lua',
      'local a = gitops.workflow({ repo = "a/b", branch = os.getenv("REGION") })\ngitops.sync_workflow(a.workflow_id)',
    );
    const allowed = { SLOTH_CONFIG: at('config.yaml', 'environment: [REGION]\n') };
    const plan = (env: NodeJS.ProcessEnv, ...args: string[]): string =>
      cliWith({ ...allowed, ...env }, 'plan', '-f', file, '-o', 'json', ...args).stdout;
    expect(plan({ REGION: 'eu' })).toContain('"branch": "eu"');
    expect(plan({})).not.toContain('"branch"');
    const id = (text: string): string => text.match(/workflow-\d+/)?.[0] ?? '';
    const [usual, east] = [id(plan({})), id(plan({}, '--context', 'east'))];
    expect(usual).toMatch(/^workflow-/);
    expect(east).not.toBe(usual);
  });
  it('draws Mermaid', () => {
    const made = cli('workflow', 'preview', '-f', at('t.lua', source), '-o', 'mermaid');
    expect(made.stdout.trimEnd()).toBe(golden);
  });
  it('marks what hangs on an answer', () => {
    const made = cli('plan', '-f', at('t.lua', source));
    expect(made.stdout).toMatch(/3 {2}resume shop {2}\(line 4; assumed: hangs on the answer of step 1\)/);
  });
  it('writes the rounds of a loop that polls once, with their number', () => {
    const made = cli(
      'plan',
      '-f',
      at(
        'poll.lua',
        `gitops.suspend("shop")
         for _ = 1, 60 do local s = gitops.get_workflow_status("shop") if s.status == "failed" then break end exec.run("sleep 5") end
         for _ = 1, 7 do gitops.history("shop") end
         gitops.resume("shop")`,
      ),
    );
    const lines = made.stdout.split('\n').map((line) => line.trim().replace(/ {2}\(.*/, ''));
    expect(lines.slice(3, 12)).toEqual([
      'script',
      '1  suspend shop',
      '2  read the status of shop',
      '3  run sleep 5',
      '4  read the status of shop',
      'these 2 steps x 59',
      '121  run sleep 5',
      '122  read the history of shop  x 7',
      '129  resume shop',
    ]);
  });
  it('JSON and YAML are one document that passes the schema', () => {
    const file = at('t.lua', source);
    const json = JSON.parse(cli('plan', '-f', file, '-o', 'json').stdout) as PlanDocument;
    expect(checkPlan(json)).toEqual({ plan: json });
    expect(parse(cli('plan', '-f', file, '-o', 'yaml').stdout)).toEqual(json);
  });
  it.each([
    ['an unknown format', ['-o', 'xml'], 2, /Allowed choices are tree, json, yaml, mermaid/],
    ['a missing file', ['-f', 'none.lua'], 2, /cannot read the script/],
  ])('%s', (_title, args, status, message) => {
    const made = cli('plan', '-f', at('t.lua', source), ...args);
    expect({ status: made.status, stderr: made.stderr }).toEqual({ status, stderr: expect.stringMatching(message) });
  });
  it.each([
    ['a syntax error', 'x = = 1', 1, /t\.lua:1: unexpected symbol/],
    ['a literal secret', 'token = "ghp_0123456789abcdef01"', 2, /is written into the script/],
    ['an error whatever is answered', 'gitops.suspend("a") error("never")', 1, /ends with an error: t\.lua:1: never/],
  ])('a script with %s', (_title, text, status, message) => {
    const made = cli('plan', '-f', at('t.lua', text));
    expect({ status: made.status, stderr: made.stderr }).toEqual({ status, stderr: expect.stringMatching(message) });
  });
});

describe('run --plan refuses before anything is sent', () => {
  const planned = (...args: string[]): string => {
    const script = at('s.lua', source);
    return at('plan.json', cli('plan', '-f', script, '-o', 'json', ...args).stdout);
  };
  it.each([
    [
      'another script',
      [],
      [],
      `${source}\n-- changed`,
      8,
      /not the script that was planned \(planned \w+, given \w+\)/,
    ],
    ['another value', ['--var', 'a=1'], ['--var', 'a=2'], source, 8, /the values or parameters are not those/],
    ['another parameter', ['--param', 'a=1'], [], source, 8, /the values or parameters are not those/],
  ])('%s', (_title, planArgs, runArgs, text, status, message) => {
    const plan = planned(...planArgs);
    const ran = cli('run', '-f', at('s.lua', text), '--plan', plan, ...runArgs);
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status, stderr: expect.stringMatching(message) });
    expect(ran.stderr).toMatch(/code: PlanMismatch[\s\S]*next: look at what changed/);
  });
  it.each([
    ['no plan at all', () => 'hello', /is not a plan: .*expected object/],
    ['no YAML', () => '{ "a": [', /is not a plan/],
    [
      'a wrong field',
      (plan: PlanDocument) => stringify({ ...plan, steps: [{ ...plan.steps[0], line: 'x' }] }),
      /is not a plan: field 'steps\.0\.line': .*expected number/,
    ],
  ])('%s', (_title, text, message) => {
    const plan = JSON.parse(readFileSync(planned(), 'utf8')) as PlanDocument;
    const ran = cli('run', '-f', at('s.lua', source), '--plan', at('bad.yaml', text(plan)));
    expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
    expect(ran.stderr).toMatch(/next: write one with: sloth-runner plan/);
  });
});
