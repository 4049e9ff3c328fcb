/**
 * The main job through the public door: scripts and the command line, with kubectl and the audit log as witnesses.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { auditEvents, engineWrites, freshNamespace, kubectlJson } from '../support/cluster.js';
import { openHome, type Home } from '../support/home.js';
import { service } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

const names = ['one', 'two', 'three', 'four', 'five'];
let home: Home;
let repository: TestRepository;
let namespace: string;

beforeAll(async () => {
  home = await openHome();
  namespace = await freshNamespace('main-job');
  repository = createRepository(Object.fromEntries(names.map((name) => [`app/${name}.yaml`, service(name)])));
  const script = home.file(
    'declare.lua',
    `local app = assert(gitops.workflow({ repo = "${repository.url}", name = "shop", path = "app", namespace = "${namespace}",
       rollback_on_failure = true, sync_policy = { auto_prune = true, health_check = { timeout = "60s" } } }))
     print(app.workflow_id)`,
  );
  await home.ok('run', '-f', script);
});

afterAll(async () => {
  await home.close();
  repository.remove();
});

const kinds = 'serviceaccounts,configmaps,services,deployments';

/** What the objects want to be, without what servers and controllers write. */
async function wantedStates(): Promise<unknown[]> {
  const { items } = await kubectlJson('get', kinds, '-n', namespace, '--sort-by=.metadata.name');
  const ours = items.filter((item) => item.metadata.annotations?.['sloth-runner.dev/app'] !== undefined);
  return ours.map(({ kind, metadata: { name }, spec, data }) => ({ kind, name, spec, data }));
}

async function revisionOf(app: string): Promise<string> {
  return (await home.json<{ revision: string }>('app', 'get', app)).revision;
}

describe('the main job', () => {
  it('syncs 20 objects of four kinds, and exactly those carry our annotation', async () => {
    const record = await home.json<SyncRecord>('app', 'sync', 'shop');
    expect(record).toMatchObject({ status: 'succeeded', health: 'Healthy', changes: { created: 20 } });
    const { items } = await kubectlJson('get', kinds, '-n', namespace);
    const ours = items.filter((item) => item.metadata.annotations?.['sloth-runner.dev/app'] !== undefined);
    expect(ours.map((item) => `${item.kind}/${item.metadata.name}`).sort()).toEqual(
      ['ServiceAccount', 'ConfigMap', 'Service', 'Deployment']
        .flatMap((kind) => names.map((name) => `${kind}/${name}`))
        .sort(),
    );
  });

  it('a second sync of the same commit writes nothing, neither fence nor inventory', async () => {
    const before = (await auditEvents()).length;
    const record = await home.json<SyncRecord>('sync', 'shop');
    expect(record).toMatchObject({ status: 'succeeded', changes: { created: 0, updated: 0, unchanged: 20 } });
    expect(await engineWrites(namespace, before)).toEqual([]);
  });

  it('a broken commit is rolled back: exit code 1, live state as before, reason and steps in the history', async () => {
    const [before, good] = [await wantedStates(), await revisionOf('shop')];
    repository.commit({ 'app/two.yaml': service('two', { image: 'registry.example/two:broken' }) });
    const result = await home.cli('app', 'sync', 'shop');
    expect(result).toMatchObject({ code: 1, stdout: expect.stringContaining('ImagePullBackOff') });
    const status = await home.json<{ status: string; lastSync: SyncRecord; rejected: { revision: string } }>(
      'app',
      'get',
      'shop',
    );
    expect(status).toMatchObject({ status: 'failed', lastSync: { status: 'rolled_back' } });
    expect(status.rejected.revision).toBe(status.lastSync.revision);
    expect(status.lastSync.steps.map((step) => step.phase)).toEqual([
      'clone',
      'render',
      'diff',
      'backup',
      'apply',
      'health',
      'rollback',
      'health',
    ]);
    expect(status.lastSync).toMatchObject({ health: 'Healthy', restored: 'sync-2' });
    expect(await wantedStates()).toEqual(before);
    expect(await home.cli('app', 'diff', 'shop', '--revision', good)).toMatchObject({ code: 0 });
    const history = await home.ok('app', 'history', 'shop', '-o', 'wide');
    expect(history).toMatch(
      /sync-3 .* rolled_back .*ImagePullBackOff.* clone,render,diff,backup,apply,health,rollback/,
    );
  });

  it('the next commit is applied, and what left the repository is pruned', async () => {
    repository.commit({ 'app/two.yaml': service('two', { greeting: 'again' }), 'app/five.yaml': null });
    const record = await home.json<SyncRecord>('app', 'sync', 'shop');
    expect(record).toMatchObject({ status: 'succeeded', changes: { updated: 1, deleted: 4 } });
  });

  it('diff says 0 when nothing would change', async () => {
    expect(await home.cli('app', 'diff', 'shop')).toMatchObject({ code: 0 });
  });

  it('a rollback by hand brings the earlier set back and says what it changed', async () => {
    const record = await home.json<SyncRecord>('app', 'rollback', 'shop', '--reason', 'by hand');
    expect(record).toMatchObject({ status: 'succeeded', restored: 'sync-2', changes: { created: 4, updated: 1 } });
    expect(await home.cli('app', 'diff', 'shop', '--revision', record.revision ?? '')).toMatchObject({ code: 0 });
  });
});
