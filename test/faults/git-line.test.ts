/**
 * The line to git breaks while a sync clones, its server refuses or breaks off, and a worker dies while git fetches
 * (F32). A sync goes on when what it needs is back; what a person has to mend ends it, and nothing is written.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { ApplicationUnderTest } from './application-under-test.js';
import { GitServer } from './git-server.js';
import { timeline } from './histories.js';
import { strayProcesses } from './leftovers.js';
import { expectReplays, expectSound } from './oracle.js';
import { Rig } from './rig.js';
import { TcpProxy, type ProxyMode } from './tcp-proxy.js';

let server: GitServer;
let toGit: TcpProxy;
let rig: Rig;
let app: ApplicationUnderTest;

beforeAll(async () => {
  server = await GitServer.start();
  toGit = await TcpProxy.start(server.port);
  rig = await Rig.open();
  app = await ApplicationUnderTest.create(rig, {
    name: 'behind-http',
    urlOf: ({ path }) => `http://127.0.0.1:${toGit.port}${path}`,
  });
});

afterAll(async () => {
  await app.close();
  await toGit.stop();
  server.stop();
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

describe('the git server', () => {
  it('breaks packs off: no half of one is used, and the sync goes on when they are whole', async () => {
    server.mode = 'cutPacks';
    const ticket = await app.change({ greeting: 'cut packs' });
    await eventually(async () => (server.cut >= 2 ? true : undefined));
    server.mode = 'answer';
    await expectDone('cut packs', ticket);
  });

  it('refuses the credentials: the sync says so at once, and the last good set stays', async () => {
    server.mode = 'refuse';
    const record = await app.finish(await app.change({ greeting: 'refused' }));
    server.mode = 'answer';
    expect(record).toMatchObject({ status: 'failed', errorCode: 'RepositoryAuthentication', metrics: { applied: 0 } });
    await expectSound(app, record.number);
    await expectDone('after a refusal', await app.askForSync());
  });

  it('speaks no TLS where the address says https: the sync says so, and nothing is written', async () => {
    const { spec } = await rig.client.status(app.id);
    const url = `https://127.0.0.1:${toGit.port}${app.repository.path}`;
    const retry = { ...spec.retry, limit: 0 };
    const source = { ...spec.source, url, repositoryId: `${spec.source.repositoryId}-tls` };
    await rig.client.declare({ ...spec, source, retry }, { adopt: true });
    const record = await app.finish(await app.askForSync());
    await rig.client.declare(spec, { adopt: true });
    expect(record).toMatchObject({ status: 'failed', errorCode: 'RepositoryUnreachable', metrics: { applied: 0 } });
    expect(record.message).toMatch(/SSL|TLS|gnutls/i);
    await expectSound(app, record.number);
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
