/**
 * Branches and tags of a real repository through a real Schedule: which of them feeds an environment, and preview
 * environments that come and go with theirs.
 */
import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GitOpsClient } from '../../src/client/index.js';
import { freshNamespace, kubectl } from '../support/cluster.js';
import { Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

let engine: Engine;
let client: GitOpsClient;
let repository: TestRepository;

beforeAll(async () => {
  engine = await Engine.open();
  ({ client } = engine);
  repository = createRepository({ 'app.yaml': configMap('web', 'main') });
});

afterAll(async () => {
  await engine.close();
  repository.remove();
});

const git = (...args: string[]): string =>
  execFileSync('git', ['-C', repository.path, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
const commit = (branch: string): string => repository.commit({ 'app.yaml': configMap('web', branch) }, branch);
const greeting = (namespace: string): Promise<string> =>
  kubectl('get', 'configmap', 'web', '-n', namespace, '-o', 'jsonpath={.data.greeting}').catch(() => '');
const becomes = (look: () => Promise<string>, wanted: string): Promise<string> =>
  eventually(async () => ((await look()) === wanted ? wanted : undefined));
/** Until the Schedule has looked twice more. */
async function twoMoreSweeps(): Promise<void> {
  const count = async () =>
    (await client.temporal.workflow.count('WorkflowType = "sweep" AND ExecutionStatus = "Completed"')).count;
  const before = await count();
  await eventually(async () => ((await count()) >= before + 2 ? true : undefined));
}

describe('gitflow', () => {
  it('feeds each environment from its branches, and production from the newest tag', async () => {
    const names = ['development', 'staging', 'production'];
    commit('develop');
    const namespaces: Record<string, string> = {};
    for (const name of names) {
      namespaces[name] = await freshNamespace(name);
      await client.declareFrom({
        repo: repository.url,
        name,
        environment: name,
        namespace: namespaces[name],
        branch_strategy: 'gitflow',
        auto_sync: true,
        sync_interval: '1s',
      });
    }
    const greetings = async (): Promise<string> =>
      (await Promise.all(names.map((name) => greeting(namespaces[name] ?? '')))).join(', ');
    await becomes(greetings, 'develop, main, main');

    commit('release/1.9');
    const release = commit('release/1.10');
    await becomes(greetings, 'develop, release/1.10, main');

    git('tag', 'v1.10.0', release);
    git('tag', 'v1.11.0-rc.1', 'develop');
    await becomes(greetings, 'develop, release/1.10, release/1.10');

    commit('hotfix/1.10.1');
    await becomes(greetings, 'develop, hotfix/1.10.1, release/1.10');
    expect((await client.list()).map(({ name, environment, branch }) => [name, environment, branch])).toEqual([
      ['development', 'development', 'develop'],
      ['staging', 'staging', 'hotfix/* release/* main'],
      ['production', 'production', 'tag:v* main'],
    ]);
    expect(await engine.home.ok('app', 'list', '--environment', 'staging', '-o', 'name')).toBe('staging\n');
    for (const name of names) await client.setAutoSync(name, false);
  });
});

describe('preview environments', () => {
  const previews = async (): Promise<string> =>
    (await client.list())
      .filter(({ environment }) => environment === 'preview')
      .map(({ name, branch, status }) => `${name} ${branch} ${status}`)
      .sort()
      .join(', ');
  const prefix = `pre-${Math.random().toString(36).slice(2, 8)}`;

  it('come with their branch, up to the limit, stay while the repository is out of reach, and go with it', async () => {
    await client.declareFrom({
      repo: repository.url,
      name: 'shop',
      namespace: await freshNamespace('shop'),
      sync_interval: '1s',
      preview_environments: { branches: 'feature/*', namespace: `${prefix}-{branch}`, limit: 2 },
    });
    commit('feature/cart');
    commit('feature/pay');
    commit('feature/zoom');
    await becomes(previews, 'shop-cart feature/cart synced, shop-pay feature/pay synced');
    expect(await greeting(`${prefix}-cart`)).toBe('feature/cart');
    commit('feature/cart');
    repository.commit({ 'app.yaml': configMap('web', 'changed') }, 'feature/cart');
    await becomes(() => greeting(`${prefix}-cart`), 'changed');

    renameSync(repository.path, `${repository.path}.away`);
    await twoMoreSweeps();
    renameSync(`${repository.path}.away`, repository.path);
    expect(await previews()).toBe('shop-cart feature/cart synced, shop-pay feature/pay synced');

    git('branch', '-D', 'feature/cart');
    await becomes(previews, 'shop-pay feature/pay synced, shop-zoom feature/zoom synced');
    const gone = () => kubectl('get', 'namespace', `${prefix}-cart`, '--ignore-not-found', '-o', 'name');
    await becomes(gone, '');
    expect(await client.status('shop')).toMatchObject({ status: 'active' });

    await client.delete('shop', { prune: false });
    await becomes(previews, '');
  });
});
