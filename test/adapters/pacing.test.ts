/**
 * Requests to an API server that turns some of them away, on a real line to a server that does so (F10).
 */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bounded } from '../../src/activities/bounded.js';
import { RateLimit } from '../../src/adapters/cluster/rate-limit.js';
import { Transport, type RequestLimits } from '../../src/adapters/cluster/transport.js';

interface Overloaded {
  readonly transport: Transport;
  /** When each request came, in ms. */
  readonly arrivals: number[];
}

const opened: { server: Server; transport: Transport }[] = [];

afterEach(async () => {
  for (const { server, transport } of opened.splice(0)) {
    await transport.close();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** @param refuses whether a request is turned away, given how many are under way and how many have come */
async function start(
  refuses: (underWay: number, arrived: number) => { code: number; retryAfter?: string } | undefined,
  limits: RequestLimits = {},
): Promise<Overloaded> {
  const arrivals: number[] = [];
  let underWay = 0;
  const server = createServer((_request, response) => {
    arrivals.push(performance.now());
    const refusal = refuses(++underWay, arrivals.length);
    const answer = (): void => {
      underWay--;
      if (refusal === undefined) return send(response, 200, {});
      if (refusal.retryAfter !== undefined) response.setHeader('retry-after', refusal.retryAfter);
      send(response, refusal.code, { kind: 'Status', message: 'too many requests' });
    };
    setTimeout(answer, refusal === undefined ? 5 : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const transport = new Transport({ server: url, tls: {}, headers: () => Promise.resolve({}) }, 'test', limits);
  opened.push({ server, transport });
  return { transport, arrivals };
}

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const attempt = { verb: 'apply', cluster: 'test' };

function requests({ transport }: Overloaded, count: number, method: 'GET' | 'POST' = 'GET'): Promise<unknown[]> {
  return bounded([...Array(count).keys()], (i) => transport.send({ method, path: `/${i}` }, attempt));
}

describe('a server that turns requests away', () => {
  it('is left alone for as long as it says, by all of them, and all get through', async () => {
    let quiet: number | undefined;
    const server = await start((_underWay, arrived) => {
      if (arrived > 16) return undefined;
      quiet ??= performance.now();
      return { code: 429, retryAfter: '1' };
    });
    await requests(server, 100);
    expect(server.arrivals.length).toBeLessThanOrEqual(120);
    expect((server.arrivals[16] ?? 0) - (quiet ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('for having too many under way gets fewer, not a storm', async () => {
    const server = await start((underWay) => (underWay > 2 ? { code: 429, retryAfter: '0.05' } : undefined));
    await requests(server, 200);
    expect(server.arrivals.length).toBeLessThanOrEqual(240);
  });

  it.each([
    ['503 with Retry-After', { code: 503, retryAfter: '0.01' }, 'GET', 2],
    ['429 of a create, which was not begun', { code: 429, retryAfter: '0.01' }, 'POST', 2],
  ] as const)('%s: it is asked again', async (_title, refusal, method, arrivals) => {
    const server = await start((_underWay, arrived) => (arrived === 1 ? refusal : undefined));
    await requests(server, 1, method);
    expect(server.arrivals).toHaveLength(arrivals);
  });

  it.each([
    ['503 without a time', { code: 503 }],
    ['500', { code: 500, retryAfter: '0.01' }],
  ])('%s is an outage, which the caller deals with', async (_title, refusal) => {
    const server = await start(() => refusal);
    await expect(requests(server, 1)).rejects.toMatchObject({ code: 'ClusterUnreachable', retryable: true });
    expect(server.arrivals).toHaveLength(1);
  });

  it('does not hold up a caller that gives up, nor those behind it', async () => {
    const server = await start((_underWay, arrived) => (arrived === 1 ? { code: 429, retryAfter: '30' } : undefined));
    const signal = AbortSignal.timeout(100);
    const path = '/given-up';
    await expect(server.transport.send({ method: 'GET', path, signal }, attempt)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('for longer than anybody waits is an outage with the time it asked for', async () => {
    const server = await start(() => ({ code: 429, retryAfter: '120' }));
    await expect(requests(server, 1)).rejects.toMatchObject({ code: 'ClusterUnreachable', retryAfterMs: 120_000 });
  });
});

describe('what the operator allows', () => {
  it('qps and burst: so many at once, the others one after the other', async () => {
    const server = await start(() => undefined, { qps: 50, burst: 3 });
    await requests(server, 13);
    const [first = 0] = server.arrivals;
    expect((server.arrivals.at(-1) ?? 0) - first).toBeGreaterThanOrEqual(190);
  });

  it('max_concurrent: no more under way', async () => {
    let most = 0;
    const server = await start((underWay) => ((most = Math.max(most, underWay)), undefined), { maxConcurrent: 2 });
    await requests(server, 20);
    expect(most).toBe(2);
  });

  it('a pause gives the burst back, and not more', () => {
    let now = 0;
    const limit = new RateLimit({ qps: 10, burst: 2 }, () => now);
    const turns = (count: number): number[] => Array.from({ length: count }, () => limit.reserve() - now);
    expect(turns(4)).toEqual([0, 0, 100, 200]);
    now = 10_000;
    expect(turns(4)).toEqual([0, 0, 100, 200]);
  });
});
