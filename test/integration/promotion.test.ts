/**
 * Promotions on real servers: three environments, each a namespace of one cluster, fed by one repository.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FolderStore } from '../../src/adapters/artifacts/folder-store.js';
import { connect } from '../../src/client/connection.js';
import type { GitOpsClient } from '../../src/client/index.js';
import type { PromotionConfig } from '../../src/schema/promotion-config.js';
import type { PromotionRecord } from '../../src/domain/promotion/record.js';
import type { PromotionProgress } from '../../src/workflows/messages.js';
import { engineWrites, freshNamespace, kubectl } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { openHome, type Home } from '../support/home.js';
import { configMap, service } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

interface Pipeline {
  readonly repository: TestRepository;
  /** By environment. */
  readonly namespaces: Readonly<Record<Environment, string>>;
}

const environments = ['dev', 'staging', 'production'] as const;
type Environment = (typeof environments)[number];

const all = (text: string): Record<string, string> =>
  Object.fromEntries(environments.map((environment) => [`${environment}/app.yaml`, text]));
const broken = service('web', { image: 'registry.example/web:broken' });

let home: Home;
let client: GitOpsClient;
const repositories: TestRepository[] = [];

async function connected(): Promise<GitOpsClient> {
  await home.ok('app', 'list');
  const { address } = await home.json<{ address: string }>('server', 'status');
  return connect({ address, local: true, artifacts: new FolderStore(home.dir) });
}

beforeAll(async () => {
  home = await openHome();
  client = await connected();
});

afterAll(async () => {
  await client.close();
  await home.close();
  for (const repository of repositories) repository.remove();
});

function repositoryOf(files: Readonly<Record<string, string>>): TestRepository {
  const repository = createRepository(files);
  repositories.push(repository);
  return repository;
}

/** Every environment on the first commit. */
async function pipeline(name: string, text = configMap('web')): Promise<Pipeline> {
  const repository = repositoryOf(all(text));
  const namespaces: Record<string, string> = {};
  for (const environment of environments) {
    namespaces[environment] = await freshNamespace(`${name}-${environment}`);
    await client.declareFrom({
      repo: repository.url,
      name: `${name}-${environment}`,
      path: environment,
      environment,
      namespace: namespaces[environment],
      sync_policy: { health_check: { timeout: '30s' } },
    });
  }
  await Promise.all(environments.map((environment) => synced(`${name}-${environment}`)));
  return { repository, namespaces: namespaces as Pipeline['namespaces'] };
}

async function synced(app: string): Promise<void> {
  const { status, message } = await client.wait(await client.sync(app, { who: 'test' }));
  if (status !== 'succeeded') throw new Error(message);
}

const stages = (name: string): [string, string, string] => [`${name}-dev`, `${name}-staging`, `${name}-production`];
const revisions = (name: string) => Promise.all(stages(name).map(async (app) => (await client.status(app)).revision));
const greeting = (namespace: string) =>
  kubectl('get', 'configmap', 'web', '-n', namespace, '-o', 'jsonpath={.data.greeting}');

const start = (config: PromotionConfig): Promise<PromotionRecord> => client.promotions.start({ config, who: 'ana' });
const promoted = async (config: PromotionConfig): Promise<PromotionRecord> =>
  client.promotions.wait((await start(config)).id, 90_000);

/** Until somebody is asked for production. */
const asked = (id: string): Promise<PromotionProgress> =>
  eventually(async () => {
    const progress = await client.promotions.get(id);
    return progress.approval === undefined ? undefined : progress;
  });

describe('a promotion', () => {
  it('takes the commit of dev to staging by itself, and to production once a person says yes: also after a restart of everything', async () => {
    const { repository, namespaces } = await pipeline('shop');
    const first = (await client.status('shop-production')).revision;
    const commit = repository.commit(all(configMap('web', 'second')));
    await synced('shop-dev');
    const script = `
      local ok, err = gitops.promote{
        from = "shop-dev",
        to = { { app = "shop-staging", hold = 1 }, { app = "shop-production", approval = { two_person = true } } },
      }
      print(err or ("ends " .. ok.status .. " with " .. #ok.environments .. " environments at " .. ok.revision))`;
    const run = await client.scripts.start({ name: 'promote.lua', source: script, who: 'ana' });
    const id = 'promotion/shop-production/1';
    await eventually(() => client.promotions.get(id).catch(() => undefined));
    await asked(id);
    expect(await revisions('shop')).toEqual([commit, commit, first]);

    await client.close();
    await home.ok('server', 'stop');
    client = await connected();
    expect(await home.ok('workflow', 'show', id)).toMatch(/shop-production +awaiting approval/);
    repository.commit(all(configMap('web', 'third, which nobody promoted')));
    expect(await home.cli('workflow', 'approve', id, '--by', 'ana')).toMatchObject({ code: 3 });
    expect(await home.ok('workflow', 'approve', id, '--by', 'ben', '--reason', 'looks good')).toContain(
      'approved by ben',
    );

    expect(await client.promotions.wait(id, 60_000)).toMatchObject({
      status: 'succeeded',
      revision: commit,
      stages: [
        { app: 'shop-dev', environment: 'dev', status: 'passed' },
        { app: 'shop-staging', status: 'passed', sync: 'sync-2' },
        { app: 'shop-production', status: 'passed', approval: { by: 'ben', reason: 'looks good' } },
      ],
    });
    expect(await revisions('shop')).toEqual([commit, commit, commit]);
    expect(await greeting(namespaces.production)).toBe('second');
    const { lines } = await client.scripts.result(run);
    expect(lines.map(({ text }) => text)).toContain(`ends succeeded with 3 environments at ${commit}`);
    const [last] = await client.history('shop-production', 1);
    expect(last).toMatchObject({ trigger: 'promotion', who: 'ana', why: `${id}: from shop-dev` });
  });

  it('brings back what it changed when production fails, by its policy', async () => {
    const { repository, namespaces } = await pipeline('back', service('web'));
    const [first] = await revisions('back');
    repository.commit({ ...all(service('web', { greeting: 'second' })), 'production/app.yaml': broken });
    await synced('back-dev');
    const record = await promoted({ environments: stages('back'), on_failure: 'rollback' });
    expect(record).toMatchObject({
      status: 'rolled_back',
      message: expect.stringContaining('ImagePullBackOff'),
      stages: [{ status: 'passed' }, { status: 'rolled back' }, { status: 'rolled back' }],
    });
    expect((await revisions('back')).slice(1)).toEqual([first, first]);
    expect(await greeting(namespaces.staging)).toBe('hello');
  });

  it('leaves production alone when staging does not stay healthy, fails a check, or is refused', async () => {
    const { repository, namespaces } = await pipeline('gates', service('web'));
    const before = (await engineWrites(namespaces.production)).length;
    repository.commit(all(service('web', { greeting: 'second' })));
    await synced('gates-dev');
    const [dev, staging, production] = stages('gates');

    const check = {
      type: 'lua' as const,
      name: 'verdict',
      script: 'return { status = "Degraded", message = "too slow" }',
    };
    expect(await promoted({ from: dev, to: [{ app: staging, checks: [check] }, production] })).toMatchObject({
      status: 'failed',
      errorCode: 'GateFailed',
      stages: [{}, { status: 'failed', message: 'gates-staging: check verdict: too slow' }, { status: 'pending' }],
    });

    const { id } = await start({ from: dev, to: [{ app: staging, hold: '10m' }, production] });
    await eventually(async () =>
      (await client.promotions.get(id)).stages[1]?.status === 'holding' ? true : undefined,
    );
    await kubectl('set', 'image', 'deployment/web', 'web=registry.example/web:broken', '-n', namespaces.staging);
    expect(await client.promotions.wait(id, 60_000)).toMatchObject({
      status: 'failed',
      stages: [{}, { status: 'failed' }, {}],
    });

    const waits = await start({ from: dev, to: [production], approval: true });
    await asked(waits.id);
    await home.ok('workflow', 'reject', waits.id, '--reason', 'not on a Friday');
    expect(await client.promotions.wait(waits.id, 60_000)).toMatchObject({
      status: 'rejected',
      message: expect.stringContaining('not on a Friday'),
    });
    expect((await engineWrites(namespaces.production)).length).toBe(before);
  });

  it('never starts with a commit that is broken in dev, and refuses what would not last', async () => {
    const { repository, namespaces } = await pipeline('refused', service('web'));
    const before = (await engineWrites(namespaces.production)).length;
    const bad = repository.commit(all(broken));
    await client.wait(await client.sync('refused-dev', { who: 'test' }));
    const refused = await home.cli('promote', ...stages('refused'));
    const nothing = 'refused-dev is failed, so there is nothing to promote';
    expect(refused).toMatchObject({ code: 7, stdout: expect.stringContaining(nothing) });
    const asked = await home.cli('promote', ...stages('refused'), '--revision', bad.slice(0, 8));
    const never = `refused-dev has never been healthy with ${bad.slice(0, 8)}`;
    expect(asked).toMatchObject({ stdout: expect.stringContaining(never) });
    await client.setAutoSync('refused-production', true);
    const first = (await client.healthySets('refused-dev'))[0]?.revision ?? '';
    const moving = await home.cli('promote', 'refused-dev', 'refused-production', '--revision', first);
    expect(moving).toMatchObject({ stdout: expect.stringContaining('refused-production syncs by itself') });
    expect((await engineWrites(namespaces.production)).length).toBe(before);
    expect(await home.cli('promote', 'refused-dev', 'nobody', '--revision', first)).toMatchObject({ code: 4 });
  });

  it('waits for the one before it, of the same pipeline', async () => {
    const { repository } = await pipeline('queue');
    const commits = ['second', 'third'].map((text) => repository.commit(all(configMap('web', text))));
    await client.wait(await client.sync('queue-dev', { who: 'test', revision: commits[0] ?? '' }));
    const config = { from: 'queue-dev', to: 'queue-production', approval: true, name: 'queue' };
    const older = await start(config);
    await asked(older.id);
    await synced('queue-dev');
    const newer = await start(config);
    expect([older.id, newer.id]).toEqual(['promotion/queue/1', 'promotion/queue/2']);
    expect(await client.promotions.get(newer.id)).toMatchObject({ status: 'waiting' });
    await client.promotions.decide(older.id, { approve: true, by: 'ben' });
    expect((await asked(newer.id)).approval).toMatchObject({ app: 'queue-production', revision: commits[1] });
    expect(await client.promotions.get(older.id)).toMatchObject({ status: 'succeeded', revision: commits[0] });
    await client.workflows.cancel(newer.id);
    expect(await client.promotions.wait(newer.id, 30_000)).toMatchObject({ status: 'cancelled' });
    expect(await client.status('queue-production')).toMatchObject({ revision: commits[0] });
  });

  it('takes the very objects where the environments have repositories of their own', async () => {
    const [from, to] = [
      repositoryOf({ 'app.yaml': configMap('web', 'from dev') }),
      repositoryOf({ 'app.yaml': configMap('web') }),
    ];
    const [here, there] = [await freshNamespace('set-dev'), await freshNamespace('set-production')];
    await client.declareFrom({ repo: from.url, name: 'set-dev', namespace: here });
    await client.declareFrom({ repo: to.url, name: 'set-production', namespace: there });
    await synced('set-dev');
    const refused = await promoted({ from: 'set-dev', to: 'set-production' });
    expect(refused.message).toContain('which does not hold the commits of');
    expect(await promoted({ from: 'set-dev', to: 'set-production', carry: 'set' })).toMatchObject({
      status: 'succeeded',
    });
    expect(await greeting(there)).toBe('from dev');
    expect((await client.status('set-production')).revision).toBe((await client.status('set-dev')).revision);
  });
});
