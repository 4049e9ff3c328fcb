/**
 * The diff and its conflicts through the public door: what a person types, sees, and declares.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { auditEvents, engineWrites, kubectl, kubectlJson } from '../support/cluster.js';
import { Engine } from '../support/engine.js';
import { runCommand } from '../support/home.js';
import { configMap, service } from '../support/manifests.js';

let engine: Engine;
beforeAll(async () => void (engine = await Engine.open()));
afterAll(() => engine?.close());

interface Live {
  readonly metadata: { readonly uid: string };
  readonly spec: { readonly replicas: number };
  readonly data: Record<string, string>;
}

const read = (namespace: string, what: string): Promise<Live> => kubectlJson<Live>('get', what, '-n', namespace);

describe('app diff', () => {
  it('compares a local folder with the cluster, and writes nothing', async () => {
    const { home } = engine;
    const app = await engine.declare('diff-local', { 'app.yaml': configMap('app') });
    await engine.sync(app);
    const before = (await auditEvents()).length;
    home.file('folder/app.yaml', configMap('app', 'from here'));
    home.file('folder/sub/more.yaml', configMap('more'));
    const result = await home.cli('app', 'diff', app.name, '--local', join(home.dir, 'folder'));
    expect(result).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^\+ {2}greeting: from here$[^]*^local: 1 to create, 1 to update, 0 to delete$/m),
    });
    expect(await engineWrites(app.namespace, before)).toEqual([]);
    home.file('same/app.yaml', configMap('app'));
    expect(await home.cli('diff', app.name, '--local', join(home.dir, 'same'))).toMatchObject({ code: 0 });
    expect(await home.cli('diff', app.name, '--local', join(home.dir, 'nowhere'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nowhere is not there'),
    });
  });

  it('prints colour where it is wanted, and JSON without any', async () => {
    const { home } = engine;
    const app = await engine.declare('diff-colour', { 'app.yaml': configMap('app') });
    await engine.sync(app);
    app.repository.commit({ 'app.yaml': configMap('app', 'red') });
    const coloured = { ...home.env, NO_COLOR: undefined, FORCE_COLOR: '1' };
    const { stdout } = await runCommand(['app', 'diff', app.name], coloured, home.dir);
    expect(stdout).toMatch(/\x1b\[32m\+ {2}greeting: red/);
    expect(stdout).toMatch(/\x1b\[31m- {2}greeting: hello/);
    expect(stdout).toMatch(/\x1b\[36m@@ /);
    const json = await runCommand(['app', 'diff', app.name, '-o', 'json'], coloured, home.dir);
    expect(JSON.parse(json.stdout)).toMatchObject({ summary: { updated: 1 }, conflicts: [], warnings: [] });
  });

  it('shows what is in the way and how to get past it', async () => {
    const app = await engine.declare('diff-conflict', { 'app.yaml': service('web') });
    await engine.sync(app);
    const patch = ['-n', app.namespace, '--field-manager=somebody', '-p', '{"spec":{"replicas":3}}'];
    await kubectl('patch', 'deployment', 'web', ...patch);
    app.repository.commit({ 'app.yaml': service('web', { replicas: 2 }) });
    const { code, stdout } = await engine.home.cli('diff', app.name);
    expect(code).toBe(1);
    expect(stdout).toContain('conflict: Deployment/web: .spec.replicas is owned by somebody');
    expect(stdout).toContain('json_pointers = {"/spec/replicas"}');
    const record = await engine.sync(app);
    expect(record).toMatchObject({ status: 'failed', errorCode: 'FieldConflict' });
  });
});

describe('a declaration', () => {
  it.each([
    ['ours', '{ kind = "Deployment", json_pointers = {"/spec/replicas"} }'],
    ["Argo CD's", '{ group = "apps", kind = "*", jsonPointers = {"/spec/replicas"} }'],
  ])('ignores differences, spelled as %s', async (_title, rule) => {
    const name = `ignoring-${_title.length}`;
    const app = await engine.declare(name, { 'app.yaml': service('web') }, `, ignore_differences = { ${rule} }`);
    await engine.sync(app);
    await kubectl('scale', 'deployment/web', '--replicas=3', '-n', app.namespace);
    app.repository.commit({ 'app.yaml': service('web', { replicas: 2, greeting: 'again' }) });
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded', changes: { updated: 1, conflicts: 0 } });
    expect((await read(app.namespace, 'deployment/web')).spec.replicas).toBe(3);
    expect(await engine.home.cli('diff', app.name)).toMatchObject({ code: 0 });
  });

  it.each([
    [
      'a sync option nobody knows',
      'sync_policy = { sync_options = {"CreateNamespaces=true"} }',
      /mean CreateNamespace\?/,
    ],
    ['a pointer that is none', 'ignore_differences = { { json_pointers = {"spec.replicas"} } }', /\/spec\/replicas/],
    ['a rule without fields', 'ignore_differences = { { kind = "Secret" } }', /none of their fields/],
    ['a key with a typo', 'ignore_differences = { { kinds = "Secret" } }', /kinds/],
  ])('with %s is refused', async (_title, fields, message) => {
    const script = engine.home.file(
      'bad.lua',
      `assert(gitops.workflow({ repo = "file:///nowhere", name = "bad", ${fields} }))`,
    );
    const { code, stderr } = await engine.home.cli('run', '-f', script);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
  });
});

describe('a sync option that changes nothing', () => {
  it('is accepted, and the script is told', async () => {
    const { repository } = await engine.declare('validate-source', { 'app.yaml': configMap('app') });
    const options = 'sync_options = {"Validate=false", "ServerSideApply=true"}';
    const script = `assert(gitops.workflow({ repo = "${repository.url}", name = "validating", sync_policy = { ${options} } }))`;
    const { code, stdout, stderr } = await engine.home.cli('run', '-f', engine.home.file('validate.lua', script));
    expect(code).toBe(0);
    expect(stdout + stderr).toMatch(/sync option Validate=false has no effect: the server validates every object/);
    expect(stdout + stderr).not.toContain('ServerSideApply');
  });
});
