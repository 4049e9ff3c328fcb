/**
 * The examples, each from the command line as a user would type it, each in a home and a cluster that know nothing yet.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApplicationSummary } from '../../src/client/index.js';
import { kubectl, kubectlJson } from '../support/cluster.js';
import { expectInOrder, openExampleHome, type ExampleHome } from '../support/example-home.js';

const declaring = ['INFO Registering GitOps repository', 'INFO GitOps workflow created successfully'] as const;
const syncing = ['INFO Starting GitOps sync', 'INFO GitOps sync completed successfully'] as const;

interface Example {
  readonly name: string;
  readonly args?: readonly string[];
  /** Lines (whole ones, or patterns) that come one after the other in what it prints. */
  readonly prints: readonly (string | RegExp)[];
  readonly leaves: string;
  readonly look: (home: ExampleHome) => Promise<void>;
}

const examples: readonly Example[] = [
  {
    name: 'gitops_native_demo',
    prints: [
      ...declaring,
      /^workflow_id: {3}workflow-\d{15}$/,
      'repository_id: guestbook-repo',
      'preview: 21 changes (21 to create, 0 to update, 0 to delete), 0 conflicts',
      /^ {2}create Namespace\/guestbook +impact low$/,
      ...syncing,
      'after the sync: status synced, health Healthy, sync-1 succeeded',
      /^SUCCESS guestbook is synced in [\d.]+m?s$/,
      /^WARN sync-2 rolled_back: .*ImagePullBackOff/,
      'after the broken sync: status failed, health Healthy, sync-2 rolled_back',
      ...syncing,
      'after version 2: status synced, health Healthy, sync-3 succeeded',
      'after the manual rollback: status synced, health Healthy, sync-4 succeeded',
      /^ {2}sync-4 +succeeded .* back to version 1 for the demo$/,
      'summary: synced, rolled_back, synced, synced',
    ],
    leaves: 'version 1 in the cluster',
    look: async () => {
      const images = await kubectl('get', 'deployments', '-n', 'guestbook', '-o', 'jsonpath={..image}');
      const services = ['api', 'frontend', 'orders', 'payments', 'search'];
      expect(images.split(' ')).toEqual(services.map((name) => `registry.example/${name}:1.0.0`));
    },
  },
  {
    name: 'gitops_kubernetes_advanced',
    prints: [
      ...declaring,
      ...syncing,
      /^INFO deploy_development done in [\d.]+m?s$/,
      /^INFO verify_development done in/,
      ...declaring,
      ...syncing,
      /^INFO deploy_production done in/,
      /^advanced-dev +synced +auto_sync false$/,
      /^advanced-prod +synced +auto_sync false$/,
      'INFO all environments are synced',
    ],
    leaves: 'both environments deployed',
    look: async () => {
      for (const namespace of ['development', 'production']) expect(await deployments(namespace)).toEqual(['app']);
    },
  },
  {
    name: 'test_gitops_basic',
    prints: [declaring[0], ...declaring, ...syncing, /^SUCCESS all \d+ checks passed$/],
    leaves: 'the application deployed, and auto-sync off again',
    look: async (home) => {
      expect(await deployments('infrastructure')).toEqual(['app']);
      expect((await applications(home)).map((app) => app.autoSync)).toEqual([false, false]);
    },
  },
  {
    name: 'pipeline',
    prints: [...declaring],
    leaves: 'an application that syncs itself',
    look: async (home) => {
      const [app] = await applications(home);
      expect(app).toMatchObject({ id: expect.stringMatching(/^workflow-\d{15}$/), autoSync: true });
      await home.ok('wait', app?.id ?? '', '--health', 'Healthy');
      expect(await deployments('infra')).toEqual(['app']);
    },
  },
  {
    name: 'environments',
    prints: [
      ...declaring,
      /^development: workflow-\d{15}, auto_sync true$/,
      ...declaring,
      /^production: workflow-\d{15}, auto_sync false$/,
    ],
    leaves: 'development deployed by itself, and production to a person',
    look: async (home) => {
      await home.ok('wait', 'development', '--health', 'Healthy');
      expect(await deployments('development')).toEqual(['app']);
      expect(await home.json('get', 'production')).toMatchObject({ status: 'active' });
      expect(await deployments('production')).toEqual([]);
      expect(await home.ok('sync', 'production')).toContain('succeeded: Sync completed successfully');
      expect(await deployments('production')).toEqual(['app']);
    },
  },
  {
    name: 'concurrent_checks',
    prints: [/^SUCCESS deploy_staging declared workflow-\d{15}$/, 'INFO both environments are healthy'],
    leaves: 'both environments deployed',
    look: bothShops,
  },
  {
    name: 'promotion',
    prints: [/^INFO promote [0-9a-f]{8}: 5 changes, 0 conflicts$/, /^SUCCESS production runs [0-9a-f]{8}$/],
    leaves: 'both environments deployed',
    look: bothShops,
  },
  {
    name: 'promote',
    prints: [
      ...syncing,
      'INFO shop-staging: passed',
      'INFO shop-production: passed',
      /^SUCCESS promotion\/shop\/1 succeeded: [0-9a-f]{8}$/,
    ],
    leaves: 'both environments deployed, and the promotion as a workflow of its own',
    look: async (home) => {
      await bothShops();
      expect(await home.ok('workflow', 'show', 'promotion/shop/1')).toMatch(/shop-production +passed +sync-1/);
    },
  },
  {
    name: 'preview_environments',
    prints: [...syncing, /^SUCCESS staging runs [0-9a-f]{8}; /],
    leaves: 'staging deployed from main, for there is no release branch',
    look: async (home) => {
      expect(await deployments('shop-staging')).toEqual(['app']);
      expect((await applications(home)).map(({ branch }) => branch)).toEqual(['hotfix/* release/* main']);
    },
  },
  {
    name: 'canary',
    prints: [
      'INFO 50%: staging is healthy',
      'INFO 100%: production is healthy',
      'SUCCESS rolled out to all of 2 environments',
    ],
    leaves: 'both environments deployed',
    look: bothShops,
  },
  {
    name: 'rollback_on_health',
    prints: [
      /^WARN the new version is not healthy: .*ImagePullBackOff/,
      /^INFO guestbook runs [0-9a-f]{8} again, health Healthy$/,
      /^sync-3\tsucceeded\tunhealthy after the sync: /,
    ],
    leaves: 'version 1 in the cluster',
    look: async () =>
      expect(await kubectl('get', 'deployments', '-n', 'guestbook', '-o', 'jsonpath={..image}')).not.toContain(
        'broken',
      ),
  },
  {
    name: 'drift_report',
    prints: ['changed in the cluster: 0', 'behind their repository: 0'],
    leaves: 'nothing',
    look: async (home) => expect(await applications(home)).toEqual([]),
  },
  {
    name: 'build_pipeline',
    args: ['--param', 'version=1.4.0'],
    prints: [/^INFO build: done in [\d.]+m?s$/, /^INFO test: done in/, /^INFO package: done in/],
    leaves: 'no folder',
    look: ({ dir }) => {
      const workers = readdirSync(join(dir, 'workspaces'));
      const kept = workers.flatMap((worker) => readdirSync(join(dir, 'workspaces', worker)));
      expect(kept).toEqual(workers.map(() => 'owner.json'));
      return Promise.resolve();
    },
  },
  {
    name: 'yaml_values',
    prints: [
      'INFO staging: 1 replicas of 1.4.0',
      'INFO production: 4 replicas of 1.4.0',
      'values-production.yaml, values-staging.yaml',
    ],
    leaves: 'no application',
    look: async (home) => expect(await applications(home)).toEqual([]),
  },
  {
    name: 'shared_library',
    prints: ['SUCCESS Staging is synced', 'SUCCESS Production is synced'],
    leaves: 'both environments deployed',
    look: bothShops,
  },
  {
    name: 'release_counter',
    prints: [/^SUCCESS release 1: [0-9a-f]{8} \(before: none\)$/],
    leaves: 'a number that the next run goes on from',
    look: async (home) => {
      const { code, stdout } = await home.runExample('release_counter');
      expect(stdout).toMatch(/^SUCCESS release 2: ([0-9a-f]{8}) \(before: \1\)$/m);
      expect(code).toBe(0);
    },
  },
  {
    name: 'approval',
    args: ['--yes'],
    prints: [
      /^create +\S+ +impact \w+$/,
      /^\d+ changes to production\. Go on\? \(y\/n\)$/,
      'SUCCESS production is synced',
    ],
    leaves: 'production deployed',
    look: async () => expect(await deployments('shop-production')).toEqual(['app']),
  },
];

describe.each(examples)('sloth-runner run -f examples/$name.lua', ({ name, args = [], prints, leaves, look }) => {
  let home: ExampleHome;

  beforeAll(async () => {
    home = await openExampleHome();
  });

  afterAll(() => home.close());

  it('succeeds and prints what it promises', async () => {
    const { code, stdout, stderr } = await home.runExample(name, ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/warning:|error:/) });
    expectInOrder(stdout.split('\n'), prints);
  });

  it(`leaves ${leaves}`, () => look(home));
});

async function bothShops(): Promise<void> {
  for (const namespace of ['shop-staging', 'shop-production']) expect(await deployments(namespace)).toEqual(['app']);
}

async function applications(home: ExampleHome): Promise<readonly ApplicationSummary[]> {
  return (await home.json<{ items: ApplicationSummary[] }>('list')).items;
}

async function deployments(namespace: string): Promise<string[]> {
  const { items } = await kubectlJson('get', 'deployments', '-n', namespace);
  return items.map((item) => item.metadata.name);
}
