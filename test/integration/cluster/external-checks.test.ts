/**
 * Checks beyond objects, asked of real servers on this machine.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { externalChecks } from '../../../src/client/external-checks.js';
import type { HealthCheckConfig } from '../../../src/schema/health-checks.js';
import { Harness, type Application } from './activity-harness.js';
import { configMap, deployment, secret } from './objects.js';

interface Reply {
  readonly status?: number;
  readonly body?: string;
  readonly after?: number;
  readonly location?: string;
}

let harness: Harness;
let server: Server;
let address: string;
let requests: IncomingMessage[] = [];
let reply: (count: number) => Reply = () => ({});

beforeAll(async () => {
  harness = await Harness.start();
  server = createServer((request, response) => {
    requests.push(request);
    const { status = 200, body = '', after = 0, location } = reply(requests.length);
    setTimeout(() => response.writeHead(status, location === undefined ? {} : { location }).end(body), after);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await harness.stop();
});
afterEach(() => {
  requests = [];
  reply = () => ({});
});

async function synced(): Promise<Application> {
  const app = await harness.application();
  await app.synchronise([configMap('a')]);
  return app;
}

async function judged(configs: readonly HealthCheckConfig[], timeoutMs = 20_000) {
  const app = await synced();
  return app.health([configMap('a')], { checks: externalChecks(configs), timeoutMs });
}

const quick = { interval: '100ms', timeout: '2s' } as const;

describe('an HTTP check', () => {
  it('passes, and the objects stay what is counted', async () => {
    const result = await judged([{ type: 'http', url: `${address}/health`, ...quick }]);
    expect(result).toEqual({ status: 'Healthy', settled: true, healthy: 1, total: 1, timedOut: false, unhealthy: [] });
    expect(requests.map((r) => `${r.method} ${r.url}`)).toEqual(['GET /health']);
  });

  it('that fails makes the set Degraded and stands in the list of what is not healthy', async () => {
    reply = () => ({ status: 503 });
    const { status, unhealthy, timedOut } = await judged([{ type: 'http', name: 'front', url: address, ...quick }]);
    expect({ status, timedOut }).toEqual({ status: 'Degraded', timedOut: false });
    expect(unhealthy).toEqual([
      {
        object: { apiVersion: 'sloth-runner.dev/v1', kind: 'HealthCheck', name: 'front' },
        status: 'Degraded',
        message: `${address} answered 503, expected 2xx`,
      },
    ]);
  });

  it('measures as often as asked, and puts up with as many failures', async () => {
    reply = (n) => ({ status: n === 2 ? 500 : 200, body: 'all up' });
    const config = { type: 'http', url: address, count: 4, failures: 1, body_contains: 'up', ...quick } as const;
    expect(await judged([config])).toMatchObject({ status: 'Healthy' });
    expect(requests).toHaveLength(4);
  });

  it('that gets no answer in time has failed', async () => {
    reply = () => ({ after: 3000 });
    const { unhealthy } = await judged([{ type: 'http', url: address, timeout: '200ms' }]);
    expect(unhealthy[0]?.message).toMatch(/does not answer: no answer in 0.2 s/);
  });

  it('does not go where a redirect leads', async () => {
    reply = () => ({ status: 302, location: `${address}/elsewhere` });
    expect(await judged([{ type: 'http', url: address, expect_status: 302, ...quick }])).toMatchObject({
      status: 'Healthy',
    });
    expect(requests).toHaveLength(1);
  });

  it('sends a secret that only the worker knows', async () => {
    const headers = { Authorization: 'Bearer secret:token' };
    expect(await judged([{ type: 'http', url: address, headers, ...quick }])).toMatchObject({ status: 'Healthy' });
    expect(requests[0]?.headers.authorization).toBe('Bearer value-of-secret:token');
  });

  it('that has not measured enough when the time is up is no health', async () => {
    const { status, timedOut, unhealthy } = await judged([{ type: 'http', url: address, count: 99, ...quick }], 1500);
    expect({ status, timedOut }).toEqual({ status: 'Progressing', timedOut: true });
    expect(unhealthy[0]?.message).toMatch(/\d+ of 99 measurements/);
  });
});

describe('a metric check', () => {
  const query = 'sum(rate(errors[1m])) > 0';
  const metric = { type: 'metric', url: address, query, threshold: { max: 1 }, ...quick } as const;
  const answer = (value: string) => ({
    body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [{ value: [1, value] }] } }),
  });

  it('asks Prometheus for its query', async () => {
    reply = () => answer('0.5');
    expect(await judged([{ ...metric, url: address }])).toMatchObject({ status: 'Healthy' });
    const asked = new URL(requests[0]?.url ?? '', address);
    expect([asked.pathname, asked.searchParams.get('query')]).toEqual(['/api/v1/query', query]);
  });

  it('fails above its threshold', async () => {
    reply = (n) => answer(n < 3 ? '0.5' : '7');
    const { status, unhealthy } = await judged([{ ...metric, url: `${address}/prom/`, count: 5 }]);
    expect([status, unhealthy[0]?.message]).toEqual(['Degraded', `${query} is 7, expected at most 1`]);
    expect(requests[0]?.url).toMatch(/^\/prom\/api\/v1\/query\?/);
  });

  it('gives up after five errors in a row', async () => {
    reply = () => ({ status: 500 });
    expect(await judged([{ ...metric, url: address }])).toMatchObject({ status: 'Degraded' });
    expect(requests).toHaveLength(5);
  });
});

describe('a Lua check', () => {
  const script = `
    for _, object in ipairs(objects) do
      if object.kind == "ConfigMap" and object.data.a == "1" then return { status = "Healthy" } end
    end
    return { status = "Degraded", message = #objects .. " objects, none of them right" }`;

  it('sees the live objects', async () => {
    expect(await judged([{ type: 'lua', script, ...quick }])).toMatchObject({ status: 'Healthy' });
  });

  it('fails with its message', async () => {
    const wrong = script.replace('"1"', '"2"');
    const { status, unhealthy } = await judged([{ type: 'lua', name: 'taste', script: wrong, ...quick }]);
    expect([status, unhealthy[0]?.message]).toEqual(['Degraded', '1 objects, none of them right']);
  });

  it('sees no values of Secrets', async () => {
    const objects = [secret('login', { password: 'hunter22' })];
    const app = await harness.application();
    await app.synchronise(objects);
    const show = `return { status = "Degraded", message = objects[1].data.password }`;
    const { unhealthy } = await app.health(objects, {
      checks: externalChecks([{ type: 'lua', script: show, ...quick }]),
    });
    expect(unhealthy[0]?.message).toBe('***');
  });

  it('that never ends costs its budget, not the worker', async () => {
    const { unhealthy } = await judged([{ type: 'lua', script: 'while true do end', ...quick }]);
    expect(unhealthy[0]?.message).toMatch(/budget/);
  });
});

describe('checks', () => {
  it('are not asked while objects are not healthy', async () => {
    const objects = [deployment('web', { tag: 'broken' })];
    const app = await harness.application();
    await app.synchronise(objects);
    const checks = externalChecks([{ type: 'http', url: address }]);
    expect(await app.health(objects, { checks, degradedGraceMs: 200 })).toMatchObject({ status: 'Degraded' });
    expect(requests).toEqual([]);
  });

  it('end when one of them has failed', async () => {
    reply = () => ({ status: 500 });
    const began = performance.now();
    const slow = { type: 'lua', script: 'return { status = "Progressing" }', interval: '60s' } as const;
    const { unhealthy } = await judged([slow, { type: 'http', name: 'front', url: address, ...quick }], 120_000);
    expect(unhealthy.map((o) => o.object.name)).toEqual(['front']);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
