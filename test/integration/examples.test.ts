/**
 * The examples, each from the command line as a user would type it, each in a home and a cluster that know nothing yet.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApplicationSummary } from '../../src/client/index.js';
import { kubectl } from '../support/cluster.js';
import { openExampleHome, type ExampleHome } from '../support/example-home.js';

const declaring = ['INFO Registering GitOps repository', 'INFO GitOps workflow created successfully'];
const syncing = ['INFO Starting GitOps sync', 'INFO GitOps sync completed successfully'];

/** Lines (parts of lines, or patterns) that come one after the other in what the example prints. */
const promises: readonly { example: string; prints: readonly (string | RegExp)[] }[] = [
  {
    example: 'gitops_native_demo',
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
      'after version 2: status synced, health Healthy, sync-3 succeeded',
      'after the manual rollback: status synced, health Healthy, sync-4 succeeded',
      /^ {2}sync-4 +succeeded .* back to version 1 for the demo$/,
      'summary: synced, rolled_back, synced, synced',
    ],
  },
  {
    example: 'gitops_kubernetes_advanced',
    prints: [
      ...declaring,
      ...syncing,
      /^INFO deploy_development done in [\d.]+m?s$/,
      /^INFO verify_development done/,
      ...declaring,
      ...syncing,
      /^INFO deploy_production done/,
      /^advanced-dev +synced +auto_sync false$/,
      /^advanced-prod +synced +auto_sync false$/,
      'INFO all environments are synced',
    ],
  },
  {
    example: 'test_gitops_basic',
    prints: [...declaring, ...syncing, /^SUCCESS all 29 checks passed$/],
  },
  { example: 'pipeline', prints: declaring },
  {
    example: 'environments',
    prints: [
      ...declaring,
      /^development: workflow-\d{15}, auto_sync true$/,
      ...declaring,
      /^production: workflow-\d{15}, auto_sync false$/,
    ],
  },
];

let home: ExampleHome;

beforeEach(async () => {
  home = await openExampleHome();
});

afterEach(() => home.close());

describe('sloth-runner run -f examples/', () => {
  it.each(promises)('$example.lua succeeds and prints what it promises', async ({ example, prints }) => {
    const { code, stdout, stderr } = await home.runExample(example);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/warning:|error:/) });
    expectInOrder(stdout.split('\n'), prints);
  });

  it('pipeline.lua leaves an application that syncs itself', async () => {
    expect(await home.runExample('pipeline')).toMatchObject({ code: 0 });
    const [app] = await home.json<ApplicationSummary[]>('list');
    expect(app).toMatchObject({ id: expect.stringMatching(/^workflow-\d{15}$/), autoSync: true });
    await home.ok('wait', app?.id ?? '', '--health', 'Healthy');
    expect(await kubectl('get', 'deployments', '-n', 'infra', '-o', 'name')).toBe('deployment.apps/app\n');
  });

  it('environments.lua deploys development by itself and leaves production to a person', async () => {
    expect(await home.runExample('environments')).toMatchObject({ code: 0 });
    await home.ok('wait', 'development', '--health', 'Healthy');
    expect(await home.json('get', 'production')).toMatchObject({ status: 'active', spec: { validationRequired: true } });
    expect(await kubectl('get', 'namespaces', '-o', 'name')).not.toContain('production');
    expect(await home.ok('sync', 'production')).toContain('succeeded: Sync completed successfully');
    expect(await kubectl('get', 'namespaces', '-o', 'name')).toContain('production');
  });
});

function expectInOrder(lines: readonly string[], wanted: readonly (string | RegExp)[]): void {
  let from = 0;
  for (const part of wanted) {
    const at = lines.findIndex((line, i) => i >= from && (typeof part === 'string' ? line === part : part.test(line)));
    if (at < 0) throw new Error(`no line ${part} after line ${from} of what was printed:\n${lines.join('\n')}`);
    from = at + 1;
  }
}
