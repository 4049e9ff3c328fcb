/**
 * Bad input: each kind with its own clear message and exit code, never a stack trace, and nothing written to the
 * cluster, with the API server's audit log as witness.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freePorts } from '../../src/local/free-port.js';
import { auditEvents, engineWrites, freshNamespace } from '../support/cluster.js';
import { openHome, type CommandResult, type Home } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

const absent = 'bad-input-nobody-made-this';
let home: Home;
let repository: TestRepository;
let namespace: string;
let closedPort: number | undefined;
let before: number;

beforeAll(async () => {
  home = await openHome({ config: { allow_http: true } });
  namespace = await freshNamespace('bad-input');
  [closedPort] = await freePorts(1);
  repository = createRepository({
    'good/app.yaml': configMap('app'),
    'unparsable/app.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: app\n',
    'kind/app.yaml': configMap('app').replace('ConfigMap', 'ConfigMapp'),
    'namespace/app.yaml': configMap('app').replace('name: app', `name: app, namespace: ${absent}`),
    'nameless/app.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { labels: { a: b } }\n',
    'misnamed/app.yaml': configMap('Not_A_Name'),
    'refused/app.yaml': configMap('app').replace('greeting:', '"not a key":'),
  });
});

afterAll(async () => {
  await home.close();
  repository.remove();
});

beforeEach(async () => {
  before = (await auditEvents()).length;
});

afterEach(async () => {
  expect([...(await engineWrites(namespace, before)), ...(await engineWrites(absent, before))]).toEqual([]);
});

describe('a command line with', () => {
  it.each([
    ['an unknown application', ['app', 'sync', 'nobody'], 4, /unknown GitOps workflow 'nobody'/],
    ['an unknown id', ['diff', 'workflow-000000000000000'], 2, /unknown GitOps workflow 'workflow-000000000000000'/],
    ['an unknown output format', ['app', 'sync', 'nobody', '-o', 'xml'], 2, /'xml' is not an output format/],
    ['a folder and a revision', ['app', 'diff', 'nobody', '--local', '.', '--revision', 'x'], 2, /cannot go together/],
    ['a timeout that is none', ['app', 'sync', 'nobody', '--timeout', 'soon'], 2, /soon/],
    ['a resource that is none', ['app', 'sync', 'nobody', '--resource', 'web'], 2, /'web' names no resource/],
    ['an unknown run', ['workflow', 'show', 'script/none/1'], 4, /unknown workflow 'script\/none\/1'/],
    ['an unknown command', ['app', 'snyc', 'shop'], 2, /unknown command 'snyc'/],
    ['a script that is not there', ['run', '-f', 'missing.lua'], 2, /cannot read the script/],
    ['an unknown context', ['run', '-f', 'a.lua', '--context', 'nope'], 2, /no kubeconfig context is called 'nope'/],
  ] as const)('%s', async (_title, args, code, message) => {
    home.file('a.lua', 'print("never printed")');
    expectRefusal(await home.cli(...args), code, message);
  });
});

describe('a script with', () => {
  it.each([
    ['a syntax error', 'local x = = 1', 1, /bad\.lua:1: unexpected symbol near '='/],
    [
      'a block that is not closed',
      'if true then\nprint(1)\n',
      1,
      /bad\.lua:3: 'end' expected \(to close 'if' at line 1\)/,
    ],
    ['an error of its own', '\n\nerror("out of beans")', 1, /bad\.lua:3: out of beans/],
    [
      'a literal token',
      '\nlocal c = { token = "ghp_0123456789abcdef0123" }',
      2,
      /bad\.lua:2: .* is written into the script/,
    ],
    [
      'a missing argument',
      'gitops.sync_workflow()',
      1,
      /bad\.lua:1: bad argument #1 to 'sync_workflow' \(workflow id expected/,
    ],
    [
      'an unknown id',
      'assert(gitops.sync_workflow("workflow-000000000000000"))',
      1,
      /unknown GitOps workflow 'workflow-0{15}'/,
    ],
  ] as const)('%s', async (_title, source, code, message) => {
    expectRefusal(await home.cli('run', '-f', home.file('bad.lua', source)), code, message);
  });

  it('errors name the file, whatever the run is called', async () => {
    expectRefusal(await home.cli('run', 'nightly', '-f', home.file('bad.lua', 'error("no")')), 1, /bad\.lua:1: no/);
  });
});

describe('a declaration with', () => {
  it.each([
    ['no repo', '', /repo is missing/],
    ['text that is no repository', 'repo = "what is this"', /'what is this' is no repository address/],
    ['a repository that is not there', 'repo = "URL-gone"', /-gone.* (is|does) not/],
    ['a branch that is not there', 'repo = "URL", branch = "nope"', /'nope'/],
    ['an http server that does not answer', 'repo = "http://127.0.0.1:PORT/a/b"', /127\.0\.0\.1:\d+.* not/],
    ['an https server that does not answer', 'repo = "https://127.0.0.1:PORT/a/b"', /127\.0\.0\.1:\d+.* not/],
    ['a path that leaves the repository', 'repo = "URL", path = "../x"', /path '\.\.\/x' leaves/],
    ['a typo in a field', 'repo = "URL", auto_snyc = true', /auto_snyc.*auto_sync/],
  ] as const)('%s is refused', async (_title, fields, message) => {
    const source = `assert(gitops.workflow({ name = "refused", namespace = "${namespace}", ${filled(fields)} }))`;
    expectRefusal(await home.cli('run', '-f', home.file('bad.lua', source)), 1, message);
    expect(await home.cli('get', 'refused')).toMatchObject({ code: 4 });
  });
});

describe('a repository with', () => {
  /** What cannot be rendered has no diff; what the cluster refuses is one of its conflicts. */
  const rendering = 2;
  const refused = 1;

  it.each([
    ['YAML that does not parse', 'unparsable', rendering, /unparsable\/app\.yaml:\d+: /],
    ['an object without a name', 'nameless', rendering, /nameless\/app\.yaml:1: ConfigMap: metadata\.name is missing/],
    ['a kind the cluster does not know', 'kind', refused, /kind\/app\.yaml:1.*ConfigMapp/],
    [
      'a namespace that does not exist',
      'namespace',
      refused,
      new RegExp(`namespace ${absent} does not exist \\(namespace/app\\.yaml:1\\)`),
    ],
    [
      'an object the API server refuses',
      'refused',
      refused,
      /data\[not a key\]: Invalid value.* \(refused\/app\.yaml:1\)/,
    ],
    [
      'a name of no RFC',
      'misnamed',
      rendering,
      /misnamed\/app\.yaml:3: ConfigMap: metadata\.name 'Not_A_Name' is no name/,
    ],
    ['nothing at the path', 'nowhere', rendering, /'?nowhere'?/],
  ])('%s fails the sync and the diff', async (_title, path, code, message) => {
    const declaration = `{ repo = "${repository.url}", name = "${path}", path = "${path}", namespace = "${namespace}" }`;
    await home.ok('run', '-f', home.file('declare.lua', `assert(gitops.workflow(${declaration}))`));
    const sync = await home.cli('sync', path);
    expect(sync).toMatchObject({ code: 1, stdout: expect.stringMatching(message) });
    const diff = await home.cli('diff', path);
    if (code === rendering) return expectRefusal(diff, code, message);
    expect(diff).toMatchObject({ code, stdout: expect.stringMatching(message) });
    expect(diff.stdout).toMatch(/^conflict: /m);
  });
});

/** With the addresses of this test run. */
function filled(fields: string): string {
  return fields.replace('URL', repository.url).replace('PORT', String(closedPort));
}

/** No stack, neither of ours nor of Node or Lua. */
function expectRefusal({ code, stderr }: CommandResult, wanted: number, message: RegExp): void {
  expect({ code, stderr }).toEqual({ code: wanted, stderr: expect.stringMatching(message) });
  expect(stderr).not.toMatch(/\bat .*\.(ts|js):\d+|stack traceback/);
}
