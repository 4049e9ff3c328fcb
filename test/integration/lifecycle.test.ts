/**
 * An application from its declaration to its end, and the server under it: context, hooks, suspension, deletion, a
 * server that was killed.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { ApplicationStatus } from '../../src/workflows/messages.js';
import { auditEvents, engineWrites, freshNamespace, kubectlJson, testCluster } from '../support/cluster.js';
import { openHome, type Home } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

let home: Home;
let repository: TestRepository;
let namespace: string;

beforeAll(async () => {
  home = await openHome();
  namespace = await freshNamespace('lifecycle');
  repository = createRepository({ 'settings.yaml': configMap('settings') });
});

afterAll(async () => {
  await home.close();
  repository.remove();
});

/** Declares an application with these further fields of Lua, and gives its name. */
async function declare(name: string, fields = '', ...flags: string[]): Promise<string> {
  const script = `assert(gitops.workflow({ repo = "${repository.url}", name = "${name}", namespace = "${namespace}" ${fields} }))`;
  await home.ok('run', '-f', home.file(`${name}.lua`, script), ...flags);
  return name;
}

const status = (app: string): Promise<ApplicationStatus> => home.json<ApplicationStatus>('app', 'get', app);

async function configMaps(): Promise<string[]> {
  const { items } = await kubectlJson('get', 'configmaps', '-n', namespace, '-l', 'app.kubernetes.io/managed-by');
  return items.map((item) => item.metadata.name).filter((name) => !name.startsWith('sloth-runner.'));
}

describe('run --context', () => {
  it('is where applications go that name no cluster', async () => {
    const { adminContext } = await testCluster();
    const app = await declare('elsewhere', '', '--context', adminContext);
    expect((await status(app)).spec.destination.cluster).toBe(adminContext);
    const before = (await auditEvents()).length;
    await home.ok('app', 'sync', app);
    expect(await engineWrites(namespace, before)).toEqual([]);
    expect(await configMaps()).toEqual(['settings']);
    await home.ok('app', 'delete', app, '--yes');
    expect(await configMaps()).toEqual([]);
  });
});

describe('hooks of a sync', () => {
  it('run before and after it, told what is synced', async () => {
    const [before, after] = [join(home.dir, 'before'), join(home.dir, 'after')];
    const hooks = `, sync_policy = { pre_sync_hooks = { "echo $SLOTH_APP $SLOTH_REVISION > ${before}" },
                                     post_sync_hooks = { "echo $SLOTH_SYNC in $SLOTH_NAMESPACE > ${after}" } }`;
    const app = await declare('hooked', hooks);
    const record = await home.json<SyncRecord>('app', 'sync', app);
    expect(readFileSync(before, 'utf8')).toBe(`hooked ${record.revision}\n`);
    expect(readFileSync(after, 'utf8')).toBe(`sync-1 in ${namespace}\n`);
    expect(record.steps.map((step) => step.phase)).toEqual([
      'clone',
      'render',
      'diff',
      'pre-sync',
      'apply',
      'health',
      'post-sync',
    ]);
    await home.ok('app', 'delete', app, '--yes');
  });

  it('stop it before the first write when one in front fails', async () => {
    const app = await declare('stopped', ', sync_policy = { pre_sync_hooks = { "echo the gate is shut; exit 3" } }');
    const before = (await auditEvents()).length;
    const { code, stdout } = await home.cli('app', 'sync', app);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/ended with 3: the gate is shut/) });
    expect(await engineWrites(namespace, before)).toEqual([]);
  });

  it('only warn when one behind it fails', async () => {
    const app = await declare('warned', ', sync_policy = { post_sync_hooks = { "exit 4" } }');
    const record = await home.json<SyncRecord>('app', 'sync', app);
    expect(record).toMatchObject({
      status: 'succeeded',
      message: expect.stringContaining("hook 'exit 4' ended with 4"),
    });
    await home.ok('app', 'delete', app, '--yes');
  });
});

describe('an application', () => {
  it('refuses syncs while it is suspended, and says who did it', async () => {
    const app = await declare('paused');
    await home.ok('app', 'suspend', app, '--reason', 'freeze');
    const { code, stderr } = await home.cli('app', 'sync', app);
    expect({ code, stderr }).toEqual({ code: 7, stderr: expect.stringMatching(/paused is suspended by .*: freeze/) });
    await home.ok('app', 'resume', app);
    await home.ok('app', 'sync', app);
  });

  it('keeps its objects with --keep-resources, and its history in any case', async () => {
    await home.ok('app', 'delete', 'paused', '--yes', '--keep-resources');
    expect(await configMaps()).toEqual(['settings']);
    expect(await home.cli('app', 'get', 'paused')).toMatchObject({ code: 4 });
    const { items } = await home.json<{ items: SyncRecord[] }>('app', 'history', 'paused');
    expect(items.map((record) => record.status)).toEqual(['succeeded']);
  });

  it('is not deleted by accident where no terminal can ask', async () => {
    const app = await declare('careful');
    expect(await home.cli('app', 'delete', app)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect((await status(app)).status).toBe('active');
  });

  it('that points elsewhere under the same name is refused, showing both', async () => {
    const script = `local app, err = gitops.workflow({ repo = "${repository.url}", name = "careful", namespace = "other" }) error(err)`;
    const { code, stderr } = await home.cli('run', '-f', home.file('moved.lua', script));
    expect(code).toBe(1);
    expect(stderr).toContain(`namespace is ${namespace}, now other`);
  });
});

describe('the server', () => {
  it('that was killed is replaced, on the same Temporal', async () => {
    const before = await home.json<{ pid: number; address: string }>('server', 'status');
    process.kill(before.pid, 'SIGKILL');
    expect((await status('careful')).status).toBe('active');
    const after = await home.json<{ pid: number; address: string }>('server', 'status');
    expect(after.address).toBe(before.address);
    expect(after.pid).not.toBe(before.pid);
  });

  it('that uses another kubeconfig is not used unawares', async () => {
    const { code, stderr } = await home.cli('app', 'list', '--kubeconfig', home.file('other.yaml', ''));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/uses .*kubeconfig, not .*other/),
    });
  });

  it('is not used unawares by a shell with another KUBECONFIG', async () => {
    const usual = home.env['KUBECONFIG'];
    home.env['KUBECONFIG'] = home.file('other.yaml', '');
    const { code, stderr } = await home.cli('app', 'list');
    home.env['KUBECONFIG'] = usual;
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/uses .*kubeconfig, not .*other/) });
  });

  it('takes Temporal along when it is stopped', async () => {
    await home.ok('server', 'stop');
    expect(existsSync(join(home.dir, 'temporal', 'temporal.json'))).toBe(false);
  });
});
