/**
 * Health through the public door: `health APP`, an operator's scripts, and a failing check that rolls a sync back.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { freshNamespace, kubectlJson } from '../support/cluster.js';
import { openHome, type Home } from '../support/home.js';
import { configMap, service } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

interface LiveHealth {
  readonly app: string;
  readonly status: string;
  readonly healthy: number;
  readonly total: number;
  readonly objects: readonly { kind: string; name: string; status: string; message: string }[];
}

let home: Home;
let repository: TestRepository;
let namespace: string;
let server: Server;
let status = 200;

beforeAll(async () => {
  server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  home = await openHome({ config: { health_checks: 'checks' } });
  home.file(
    'checks/ConfigMap/health.lua',
    `local mood = obj.data and obj.data.mood or "Healthy"
     return { status = mood, message = "its mood is " .. mood }`,
  );
  namespace = await freshNamespace('health');
  repository = createRepository({ 'app/web.yaml': service('web'), 'app/mood.yaml': configMap('mood') });
  const script = home.file(
    'declare.lua',
    `assert(gitops.workflow({ repo = "${repository.url}", name = "shop", path = "app", namespace = "${namespace}",
       rollback_on_failure = true,
       sync_policy = { health_check = { timeout = "60s",
         checks = { { type = "http", name = "front", url = "http://127.0.0.1:${port}/", interval = "200ms" } } } } }))`,
  );
  await home.ok('run', '-f', script);
});

afterAll(async () => {
  await home.close();
  repository.remove();
  server.close();
});

const labelled = (mood: string): string => configMap('mood').replace(/^data:.*$/m, `data: { mood: ${mood} }`);

describe('health of an application', () => {
  it('is that of its objects now', async () => {
    await home.ok('app', 'sync', 'shop');
    const health = await home.json<LiveHealth>('health', 'shop');
    expect(health).toMatchObject({ app: 'shop', status: 'Healthy' });
    expect(health.objects).toHaveLength(health.total);
    expect(health.objects.find((o) => o.name === 'mood')).toMatchObject({ message: 'its mood is Healthy' });
    expect(await home.ok('health', 'shop')).toMatch(/^shop: Healthy, \d of \d objects healthy\n\nKIND +NAMESPACE/);
  });

  it("asks the operator's scripts, and ends with 0 whatever it finds", async () => {
    repository.commit({ 'app/mood.yaml': labelled('Suspended') });
    const record = await home.json<SyncRecord>('app', 'sync', 'shop');
    expect(record).toMatchObject({ status: 'succeeded', health: 'Suspended' });
    const result = await home.cli('health', 'shop');
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/^shop: Suspended/) });
    expect(result.stdout).toMatch(/ConfigMap +\S+ +mood +Suspended +its mood is Suspended/);
  });

  it('of one nobody knows is an error', async () =>
    expect(await home.cli('health', 'nobody')).toMatchObject({ code: 4, stderr: expect.stringContaining('nobody') }));

  it.each([
    ['an application and a file at once', ['health', 'shop', '-f', '-']],
    ['scripts for an application', ['health', 'shop', '--checks', '.']],
  ])('refuses %s', async (_title, args) => expect(await home.cli(...args)).toMatchObject({ code: 2 }));
});

describe('a check beyond objects', () => {
  it('that fails rolls the sync back, and says so', async () => {
    repository.commit({ 'app/mood.yaml': labelled('Healthy') });
    await home.ok('app', 'sync', 'shop');
    status = 503;
    repository.commit({ 'app/extra.yaml': configMap('extra') });
    const result = await home.cli('app', 'sync', 'shop');
    expect(result).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/HealthCheck front is Degraded: http.* answered 503/),
    });
    const { lastSync } = await home.json<{ lastSync: SyncRecord }>('app', 'get', 'shop');
    expect(lastSync).toMatchObject({ status: 'rolled_back', errorCode: 'HealthCheckFailed' });
    const { items } = await kubectlJson('get', 'configmaps', '-n', namespace);
    expect(items.map((item) => item.metadata.name)).not.toContain('extra');
  });
});
