/**
 * The library: the very example a user reads, run against the server of a home, and what it refuses.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, FolderStore, type GitOpsClient, type WorkflowConfig } from '../../src/client/index.js';
import { freshNamespace, kubectlJson } from '../support/cluster.js';
import { openHome, type Home } from '../support/home.js';
import { service } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import { addressOf } from '../support/temporal-cli.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
let home: Home;
let repository: TestRepository;
let namespace: string;
let client: GitOpsClient;

beforeAll(async () => {
  home = await openHome();
  namespace = await freshNamespace('library');
  repository = createRepository({ 'app/web.yaml': service('web') });
  await home.ok('list');
  client = await connect({ address: addressOf(home), local: true, artifacts: new FolderStore(home.dir) });
});

afterAll(async () => {
  await client.close();
  await home.close();
  repository.remove();
});

describe('examples/library/sync-app.ts', () => {
  it('declares, previews, syncs, waits, and reads status and history', async () => {
    expect(await runExample()).toEqual([
      expect.stringMatching(/^workflow-\d{15} created$/),
      'preview: 4 changes',
      '  create ServiceAccount/web, impact low',
      '  create ConfigMap/web, impact low',
      '  create Service/web, impact low',
      '  create Deployment/web, impact low',
      'sync-1 succeeded: Sync completed successfully',
      expect.stringMatching(/^status synced, health Healthy, revision [0-9a-f]{8}$/),
      '  sync-1 succeeded, by the library example to show how',
    ]);
    const { items } = await kubectlJson('get', 'deployments', '-n', namespace);
    expect(items.map((item) => item.metadata.name)).toEqual(['web']);
  });

  it('declares the same application when it runs again', async () => {
    expect((await runExample()).slice(0, 3)).toEqual([
      expect.stringMatching(/was declared already$/),
      'preview: 0 changes',
      'sync-2 succeeded: Sync completed successfully',
    ]);
  });
});

describe('the library refuses', () => {
  const config = (change: Partial<WorkflowConfig>): WorkflowConfig => ({ repo: repository.url, name: 'x', ...change });

  it.each([
    ['a declaration without a repository', { repo: '' }, 'InvalidConfig', /repo is missing/],
    [
      'a token in a hook',
      { sync_policy: { pre_sync_hooks: ['notify ghp_0123456789abcdef01'] as string[] } },
      'LiteralSecret',
      /pre_sync_hooks\.0/,
    ],
    ['a literal token', { credentials: { type: 'token', token: 'ghp_0123' } }, 'LiteralSecret', /credentials\.token/],
    ['a name that points elsewhere by now', { name: 'library-example' }, 'IdentityConflict', /library-example/],
    ['a duration that is none', { sync_interval: 'soon' }, 'InvalidInput', /soon/],
  ] as const)('%s', async (_title, change, code, message) => {
    await expect(client.declareFrom(config(change))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('an application nobody declared', async () => {
    await expect(client.status('nobody')).rejects.toMatchObject({ code: 'UnknownApplication' });
  });

  it('to connect where no Temporal answers, with the address in the message', async () => {
    await expect(connect({ address: '127.0.0.1:1', local: true, timeoutMs: 500 })).rejects.toMatchObject({
      code: 'TemporalUnavailable',
      message: expect.stringContaining('127.0.0.1:1'),
    });
  });
});

/** Lines the example prints, run as its head says. */
async function runExample(): Promise<string[]> {
  const command = ['--import', 'tsx', 'examples/library/sync-app.ts', repository.url, 'app', namespace];
  const env = { ...home.env, TEMPORAL_ADDRESS: addressOf(home) };
  const { stdout } = await run(process.execPath, command, { cwd: root, env });
  return stdout.trim().split('\n');
}
