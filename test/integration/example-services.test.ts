/**
 * The examples that need somebody else: a service that is asked whether it is well, a channel that gets messages, a person
 * who decides.
 */
import { renameSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { kubectlJson } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { expectInOrder, openExampleHome, type ExampleHome } from '../support/example-home.js';

let home: ExampleHome;
let server: Server;
let url: string;
let received: string[];
/** What each request is answered with: a status, after whatever else it sets off. */
let answer: () => number;

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push(body);
      response.writeHead(answer(), { 'content-type': 'application/json' }).end('{"version":"1"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  home = await openExampleHome();
});
afterEach(async () => {
  await home.close();
  server.close();
});

async function deployments(namespace: string): Promise<string[]> {
  const { items } = await kubectlJson('get', 'deployments', '-n', namespace);
  return items.map((item) => item.metadata.name);
}

it('http_gate.lua: the gate opens when the new version answers', async () => {
  // A GET is tried again by itself; four answers of 503 are more than one attempt takes.
  answer = () => (received.length <= 4 ? 503 : 200);
  const { code, stderr } = await home.runExample('http_gate', '--var', `health=${url}/healthz`);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/warning:|error:/) });
  expect(received.length).toBeGreaterThan(4);
  expect(await deployments('shop-staging')).toEqual(['app']);
});

it('http_gate.lua: a gate that stays shut fails the run, and says that there is nothing to go back to', async () => {
  answer = () => 404;
  const { code, stdout, stderr } = await home.runExample('http_gate', '--var', `health=${url}/healthz`);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("task 'gate' failed: ") });
  expect(stderr).toContain(`${url}/healthz answered 404`);
  expect(stdout).toMatch(/^ERROR rollback: /m);
  expect(received).toHaveLength(5);
});

it('notify_on_failure.lua: people hear of the failure, and when it is well after all', async () => {
  const [repositories, away] = ['repositories', 'away'].map((name) => join(home.dir, name)) as [string, string];
  home.file('secrets/slack-webhook', `${url}/hook`);
  renameSync(repositories, away);
  answer = () => {
    if (received.length === 1) renameSync(away, repositories);
    return 200;
  };
  const { code, stdout, stderr } = await home.runExample('notify_on_failure');
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('error:') });
  const texts = received.map((body) => (JSON.parse(body) as { text: string }).text);
  expect(texts).toEqual([expect.stringMatching(/^shop-production: ./), 'shop-production is synced after all']);
  expect(stdout + stderr).not.toContain(url);
  expect(await deployments('shop-production')).toEqual(['app']);
});

it('approval.lua: without --yes it waits for a person, who may say no', async () => {
  const running = home.runExample('approval');
  const id = await eventually(async () => {
    const listed = await home.ok('workflow', 'list', '--type', 'script', '-o', 'name').catch(() => '');
    const [found] = /script\/approval\S*/.exec(listed) ?? [];
    const shown = found === undefined ? '' : await home.ok('workflow', 'show', found);
    return shown.includes('question 1, until') ? found : undefined;
  });
  await home.ok('workflow', 'reject', id, '--reason', 'not on a Friday');
  const { code, stdout } = await running;
  expectInOrder(stdout.split('\n'), [
    /^\d+ changes to production/,
    /not on a Friday/,
    /^WARN not approved; nothing was changed$/,
  ]);
  expect(code).toBe(0);
  expect(await deployments('shop-production')).toEqual([]);
});
