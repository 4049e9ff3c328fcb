/**
 * Writes that the API server refuses although their dry run passed: of a sync, of a prune, of a rollback.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { ApplicationStatus } from '../../src/workflows/messages.js';
import { refuseWrites } from '../support/admission.js';
import { freshNamespace, kubectl, kubectlJson } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { openHome, type Home } from '../support/home.js';
import { configMap, service } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

let home: Home;
let repository: TestRepository;
let namespace: string;

beforeAll(async () => {
  home = await openHome();
  namespace = await freshNamespace('refused');
  repository = createRepository(files({}));
  const script = home.file(
    'declare.lua',
    `assert(gitops.workflow({ repo = "${repository.url}", name = "shop", path = "app", namespace = "${namespace}",
       auto_sync = true, sync_interval = "never", rollback_on_failure = true,
       sync_policy = { auto_prune = true, retry = { limit = 0 }, health_check = { timeout = "20s" } } }))`,
  );
  await home.ok('run', '-f', script);
  await eventually(async () => ((await status()).status === 'synced' ? true : undefined), 60_000);
});

afterAll(async () => {
  await home.close();
  repository.remove();
});

function files({ greeting = 'hello', image = '1.0.0', extras = ['a', 'b'] }): Record<string, string> {
  return {
    'app/web.yaml': service('web', { greeting, image: `registry.example/web:${image}` }),
    'app/extras.yaml': ['keep', ...extras].map((name) => configMap(name, greeting)).join('---\n'),
  };
}

const status = (): Promise<ApplicationStatus> => home.json<ApplicationStatus>('app', 'get', 'shop');

async function lastSync(): Promise<SyncRecord> {
  return (await status()).lastSync as SyncRecord;
}

async function greetings(): Promise<Record<string, string | undefined>> {
  const { items } = await kubectlJson<{ items: { metadata: { name: string }; data?: { greeting?: string } }[] }>(
    'get',
    'configmaps',
    '-n',
    namespace,
  );
  const ours = items.filter(({ data }) => data?.greeting !== undefined);
  return Object.fromEntries(ours.map(({ metadata, data }) => [metadata.name, data?.greeting]));
}

const all = (greeting: string, ...names: string[]) => Object.fromEntries(names.map((name) => [name, greeting]));

describe('one write of a sync is refused', () => {
  it('those written before are rolled back, and the record names what was refused and why', async () => {
    const refuse = 'request.name == "b" && object.data.greeting == "changed"';
    const lift = await refuseWrites({ namespace, refuse, message: 'b is under a change freeze' });
    repository.commit(files({ greeting: 'changed' }));
    const { code } = await home.cli('app', 'sync', 'shop');
    await lift();
    expect(code).toBe(1);
    const record = await lastSync();
    expect(record).toMatchObject({ status: 'rolled_back' });
    expect(record.message).toContain(`ConfigMap ${namespace}/b`);
    expect(record.message).toContain('b is under a change freeze');
    expect(await greetings()).toEqual(all('hello', 'web', 'keep', 'a', 'b'));
  });

  it('in the dry run as well: nothing is written', async () => {
    const refuse = 'request.name == "b" && object.data.greeting == "changed"';
    const lift = await refuseWrites({ namespace, refuse, message: 'b is closed', dryRunToo: true });
    const { code } = await home.cli('app', 'sync', 'shop');
    await lift();
    expect(code).toBe(1);
    expect(await lastSync()).toMatchObject({
      status: 'failed',
      metrics: { applied: 0 },
      message: expect.stringContaining('b is closed'),
    });
  });
});

describe('one deletion of a prune is refused', () => {
  it('the object stays in the inventory, and the next sync deletes it', async () => {
    const lift = await refuseWrites({
      namespace,
      refuse: 'request.operation == "DELETE" && request.name == "a"',
      operations: ['DELETE'],
      message: 'a may not go yet',
    });
    repository.commit(files({ extras: [] }));
    expect((await home.cli('app', 'sync', 'shop')).code).toBe(1);
    await lift();
    expect(await lastSync()).toMatchObject({ message: expect.stringContaining('a may not go yet') });
    await home.ok('app', 'sync', 'shop');
    expect(await greetings()).toEqual(all('hello', 'web', 'keep'));
  });
});

describe('a finalizer holds an object that is pruned', () => {
  it('the sync ends with its name, and a later one finishes when it is gone', async () => {
    repository.commit(files({ extras: ['held'] }));
    await home.ok('app', 'sync', 'shop');
    const finalizers = (list: string) =>
      kubectl(
        'patch',
        'configmap',
        'held',
        '-n',
        namespace,
        '--type=merge',
        '-p',
        `{"metadata":{"finalizers":${list}}}`,
      );
    await finalizers('["test.example/never"]');
    repository.commit(files({ extras: [] }));
    await home.cli('app', 'sync', 'shop');
    const record = await lastSync();
    expect(record).toMatchObject({
      status: 'prune_waiting',
      message: expect.stringContaining(`ConfigMap ${namespace}/held`),
    });
    await finalizers('null');
    await home.ok('app', 'sync', 'shop');
    expect(await lastSync()).toMatchObject({ status: 'succeeded' });
    expect(await greetings()).toEqual(all('hello', 'web', 'keep'));
  });
});

describe('a rollback is refused', () => {
  it('ends as rollback_failed, says what is restored and what is not, and freezes auto-sync until a person acts', async () => {
    const lift = await refuseWrites({
      namespace,
      refuse: 'request.kind.kind == "Deployment" && object.spec.template.spec.containers[0].image.endsWith(":1.0.0")',
      message: 'no way back',
    });
    repository.commit(files({ greeting: 'broken', image: 'broken', extras: [] }));
    expect((await home.cli('app', 'sync', 'shop')).code).toBe(1);
    const failed = await status();
    expect(failed).toMatchObject({
      status: 'failed',
      lastSync: { status: 'rollback_failed', errorCode: 'RollbackFailed' },
    });
    expect(failed.lastSync?.message).toMatch(/no way back.*Restored: 2 objects; not restored: Deployment .*\/web/s);
    expect(failed.frozen).toMatchObject({ sync: failed.lastSync?.number });
    expect(await greetings()).toEqual(all('hello', 'web', 'keep'));
    await lift();
    const mended = repository.commit(files({ greeting: 'mended', extras: [] }));
    await observe(mended);
    expect((await status()).lastSync?.status).toBe('rollback_failed');
    await home.ok('app', 'rollback', 'shop', '--to', 'sync', `sync-${await newestHealthy()}`);
    const taken = await eventually(async () => {
      const now = await status();
      return now.revision === mended && now.status === 'synced' ? now : undefined;
    }, 60_000);
    expect(taken.frozen).toBeUndefined();
    expect(await greetings()).toEqual(all('mended', 'web', 'keep'));
  });
});

/** As the sweep of its repository would. */
async function observe(revision: string): Promise<void> {
  const { address } = await home.json<{ address: string }>('server', 'status');
  const connection = await Connection.connect({ address });
  const { spec } = await status();
  await new Client({ connection }).workflow.getHandle(`gitops/${spec.id}`).signal('revisionObserved', { revision });
  await connection.close();
}

async function newestHealthy(): Promise<number> {
  const { items } = await home.json<{ items: SyncRecord[] }>('app', 'history', 'shop');
  return (
    items.filter((r) => r.status === 'succeeded' && r.health === 'Healthy').sort((a, b) => b.number - a.number)[0]
      ?.number ?? 0
  );
}
