/**
 * Phases, waves and hooks against a real cluster, declared as Argo CD's users declare them.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { auditEvents, freshNamespace, kubectl, kubectlJson, type AuditEvent } from '../support/cluster.js';
import { openHome, type Home } from '../support/home.js';
import { configMap, hookJob, inWave, service, widgetDefinition } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

let home: Home;
let repository: TestRepository;
let namespace: string;
const group = `hooks-${process.pid}.example.com`;

beforeAll(async () => {
  home = await openHome();
  namespace = await freshNamespace('hooks');
  repository = createRepository(files());
  const script = home.file(
    'declare.lua',
    `assert(gitops.workflow({ repo = "${repository.url}", name = "shop", path = "app", namespace = "${namespace}",
       rollback_on_failure = true, sync_policy = { auto_prune = true, health_check = { timeout = "60s" } } }))`,
  );
  await home.ok('run', '-f', script);
});

afterAll(async () => {
  await home.close();
  repository.remove();
});

function files(changes: Record<string, string> = {}): Record<string, string> {
  return {
    'app/migrate.yaml': hookJob('migrate', 'argocd.argoproj.io/hook: PreSync'),
    'app/smoke.yaml': hookJob(
      'smoke',
      'argocd.argoproj.io/hook: PostSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded',
    ),
    'app/alarm.yaml': hookJob('alarm', 'argocd.argoproj.io/hook: SyncFail'),
    'app/db.yaml': inWave(configMap('db'), -1),
    'app/web.yaml': service('web'),
    'app/late.yaml': inWave(configMap('late'), 2),
    'app/widget.yaml': `apiVersion: ${group}/v1\nkind: Widget\nmetadata: { name: w }\nspec: { size: 3 }\n`,
    'app/definition.yaml': widgetDefinition(group),
    ...changes,
  };
}

/** Our writes in the namespace since then, first writes of each object only: `Kind name`. */
async function written(since: string): Promise<string[]> {
  const writes = (await auditEvents()).filter((e) => isOurWrite(e) && e.requestReceivedTimestamp > since).map(nameOf);
  return [...new Set(writes)].filter((name) => !name.startsWith('configmaps sloth-runner.'));
}

/** Other tests share the cluster. */
function isOurWrite({ verb, requestURI, user, objectRef }: AuditEvent): boolean {
  const ours = objectRef?.namespace === namespace || objectRef?.name === `widgets.${group}`;
  return ours && verb === 'patch' && user.username === 'sloth-runner' && !requestURI.includes('dryRun=All');
}

function nameOf({ objectRef }: AuditEvent): string {
  return `${objectRef?.resource} ${objectRef?.name}`;
}

async function uidOf(kind: string, name: string): Promise<string> {
  return (
    await kubectl('get', kind, name, '-n', namespace, '--ignore-not-found', '-o', 'jsonpath={.metadata.uid}')
  ).trim();
}

describe('a repository written for Argo CD', () => {
  it('is applied phase by phase and wave by wave, its definition before the objects of its kind', async () => {
    const since = new Date().toISOString();
    const record = await home.json<SyncRecord>('app', 'sync', 'shop');
    expect(record).toMatchObject({ status: 'succeeded', health: 'Healthy', hooks: 3 });
    const names = await written(since);
    expect([...names.slice(0, 3), ...names.slice(3, 8).sort(), ...names.slice(8)]).toEqual([
      'jobs migrate',
      'configmaps db',
      `customresourcedefinitions widgets.${group}`,
      ...['configmaps web', 'deployments web', 'serviceaccounts web', 'services web', 'widgets w'],
      'configmaps late',
      'jobs smoke',
    ]);
  });

  it('shows the stages among the steps', async () => {
    const { lastSync: record } = await home.json<{ lastSync: SyncRecord }>('app', 'get', 'shop');
    expect(record.steps.filter((s) => ['apply', 'hooks', 'health'].includes(s.phase)).map((s) => s.summary)).toEqual([
      'apply PreSync wave 0: 0 objects, 1 hooks',
      'wait for PreSync wave 0',
      'apply wave -1: 1 objects',
      'wait for wave -1',
      'apply wave 0: 1 objects',
      'wait for wave 0',
      'apply wave 0: 5 objects',
      'wait for wave 0',
      'apply wave 2: 1 objects',
      'wait until every object is healthy',
      'apply PostSync wave 0: 0 objects, 1 hooks',
      'wait for PostSync wave 0',
      'take away the hooks of PostSync wave 0',
    ]);
  });

  it('leaves a hook that nobody wants deleted, takes away one that succeeded, and does not run SyncFail hooks', async () => {
    expect(await uidOf('job', 'migrate')).not.toBe('');
    expect(await uidOf('job', 'smoke')).toBe('');
    expect(await uidOf('job', 'alarm')).toBe('');
  });

  it('runs its hooks anew in the next sync, though nothing else changes', async () => {
    const [before, since] = [await uidOf('job', 'migrate'), new Date().toISOString()];
    const record = await home.json<SyncRecord>('app', 'sync', 'shop');
    expect(record).toMatchObject({ status: 'succeeded', changes: { created: 0, updated: 0, deleted: 0 } });
    expect(await uidOf('job', 'migrate')).not.toBe(before);
    expect(await written(since)).toEqual(['jobs migrate', 'jobs smoke']);
  });

  it('runs no hooks when only some objects are synced', async () => {
    const before = await uidOf('job', 'migrate');
    await home.ok('app', 'sync', 'shop', '--resource', ':ConfigMap:db');
    expect(await uidOf('job', 'migrate')).toBe(before);
  });
});

describe('a hook that fails', () => {
  it('before the sync: nothing of the sync is written, and the SyncFail hook runs', async () => {
    repository.commit(
      files({
        'app/migrate.yaml': hookJob('migrate', 'argocd.argoproj.io/hook: PreSync', {
          image: 'registry.example/job:broken',
        }),
        'app/late.yaml': inWave(configMap('late', 'changed'), 2),
      }),
    );
    const { code, stdout } = await home.cli('app', 'sync', 'shop');
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('PreSync hook Job') });
    expect(stdout).toContain('ImagePullBackOff');
    const late = await kubectlJson<{ data: object }>('get', 'configmap', 'late', '-n', namespace);
    expect(late.data).toEqual({ greeting: 'hello' });
    expect(await uidOf('job', 'alarm')).not.toBe('');
  });

  it('after the sync: the set is rolled back', async () => {
    repository.commit(
      files({
        'app/smoke.yaml': hookJob('smoke', 'argocd.argoproj.io/hook: PostSync', {
          image: 'registry.example/job:broken',
        }),
        'app/late.yaml': inWave(configMap('late', 'changed'), 2),
      }),
    );
    const { code } = await home.cli('app', 'sync', 'shop');
    expect(code).toBe(1);
    const { lastSync } = await home.json<{ lastSync: SyncRecord }>('app', 'get', 'shop');
    expect(lastSync).toMatchObject({ status: 'rolled_back', errorCode: 'HookFailed' });
    const late = await kubectlJson<{ data: object }>('get', 'configmap', 'late', '-n', namespace);
    expect(late.data).toEqual({ greeting: 'hello' });
  });
});

describe('hooks of other kinds', () => {
  it('a Job that removes itself, and one without a name, run once and leave nothing behind', async () => {
    repository.commit(
      files({
        'app/vanish.yaml': hookJob('vanish', 'helm.sh/hook: "pre-install,pre-upgrade"', {
          spec: '\n  ttlSecondsAfterFinished: 0',
        }),
        'app/unnamed.yaml': hookJob(
          'x',
          'sloth-runner.dev/hook: PreSync, sloth-runner.dev/hook-delete-policy: HookSucceeded',
        ).replace('name: x', 'generateName: unnamed-'),
      }),
    );
    const since = new Date().toISOString();
    const record = await home.json<SyncRecord>('app', 'sync', 'shop');
    expect(record).toMatchObject({ status: 'succeeded', hooks: 5 });
    const jobs = (await written(since)).filter((name) => name.startsWith('jobs ')).sort();
    expect(jobs).toEqual([
      'jobs migrate',
      'jobs smoke',
      `jobs unnamed-${record.revision?.slice(0, 7)}-presync-${record.number}`,
      'jobs vanish',
    ]);
    const { items } = await kubectlJson('get', 'jobs', '-n', namespace);
    expect(items.map((job) => job.metadata.name).filter((name) => /vanish|unnamed/.test(name))).toEqual([]);
  });

  it('hooks of the deletion run around it', async () => {
    repository.commit(files({ 'app/farewell.yaml': hookJob('farewell', 'argocd.argoproj.io/hook: PreDelete') }));
    await home.ok('app', 'sync', 'shop');
    const since = new Date().toISOString();
    await home.ok('app', 'delete', 'shop', '--yes');
    expect(await written(since)).toEqual(['jobs farewell']);
    const { items } = await kubectlJson('get', 'jobs,configmaps,deployments', '-n', namespace);
    expect(items.map((item) => item.metadata.name).filter((name) => name !== 'kube-root-ca.crt')).toEqual([]);
  });
});
