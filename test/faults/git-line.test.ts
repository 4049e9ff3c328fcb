/**
 * The line to git breaks while a sync clones, and a worker dies while git fetches. The sync goes on when it is back.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { ApplicationUnderTest } from './application-under-test.js';
import { startGitServer } from './git-server.js';
import { timeline } from './histories.js';
import { strayProcesses } from './leftovers.js';
import { expectReplays, expectSound } from './oracle.js';
import { Rig } from './rig.js';
import { TcpProxy, type ProxyMode } from './tcp-proxy.js';

let server: Server;
let toGit: TcpProxy;
let rig: Rig;
let app: ApplicationUnderTest;

beforeAll(async () => {
  server = await startGitServer();
  toGit = await TcpProxy.start((server.address() as AddressInfo).port);
  rig = await Rig.open();
  app = await ApplicationUnderTest.create(rig, {
    name: 'behind-http',
    urlOf: ({ path }) => `http://127.0.0.1:${toGit.port}${path}`,
  });
});

afterAll(async () => {
  await app.close();
  await toGit.stop();
  server.close();
});

const lines: [title: string, mode: ProxyMode][] = [
  ['is cut', 'refuse'],
  ['is a black hole', 'blackHole'],
  ['loses its answers', 'deaf'],
];

describe('while a sync clones, the line to git', () => {
  it.each(lines)('%s for 3 s', async (title, mode) => {
    toGit.set(mode);
    const ticket = await app.change({ greeting: title });
    await delay(3000);
    await expectDone(title, ticket);
  });
});

it('a worker killed while git fetches leaves nothing behind', async () => {
  toGit.set('blackHole');
  const ticket = await app.change({ greeting: 'killed' });
  await eventually(async () => strayProcesses(rig).find((line) => /git.*(fetch|ls-remote)/.test(line)));
  process.kill(rig.workers[0]?.pid ?? 0, 'SIGKILL');
  await eventually(async () => (rig.workers[0]?.restarts === 1 ? true : undefined));
  await expectDone('killed', ticket);
});

it('every history replays', () => expectReplays(rig));

/** The line is mended, and the sync that waited for it succeeds. */
async function expectDone(title: string, ticket: Parameters<ApplicationUnderTest['finish']>[0]): Promise<void> {
  toGit.set('pass');
  toGit.cut();
  const goneAt = Date.now();
  const record = await app.finish(ticket);
  const recoveredMs = Date.now() - goneAt;
  process.stderr.write(`git ${title}: ${record.status} ${recoveredMs} ms after it was over\n`);
  if (recoveredMs > 15_000) throw new Error(`${recoveredMs} ms\n${await timeline(app, record.number)}`);
  expect(record).toMatchObject({ status: 'succeeded' });
  await expectSound(app, record.number);
}
