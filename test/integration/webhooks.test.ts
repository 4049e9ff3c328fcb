/**
 * Webhooks of every sender, against a real repository and a real Temporal: signed, they make the engine look; doubled,
 * late and shuffled they do no harm (F39); and what was answered with 2xx is not lost when the process is killed (F4).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { Api, signatures, standardSignature, webhookSecret, type ApiAnswer } from '../support/api.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { binary } from '../support/home.js';
import { addressOf } from '../support/temporal-cli.js';
import { pushes, type Push } from './api/pushes.js';

const senders = ['github', 'gitlab', 'gitea', 'forgejo', 'bitbucket', 'generic'];
const configMap = (word: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: words }\ndata: { word: "${word}" }\n`;
/** No sweep looks while the test runs: only a webhook can. */
const following = ', auto_sync = true, sync_interval = "24h"';

let engine: Engine;
let api: Api;
let app: TestApplication;

beforeAll(async () => {
  const webhooks = senders.map((sender) => ({ sender, secret: 'env:HOOK_SECRET' }));
  engine = await Engine.open({ config: { webhooks }, env: { HOOK_SECRET: webhookSecret } });
  api = await Api.of(engine.home);
  app = await engine.declare('hooked', { 'words.yaml': configMap('first') }, following);
  await untilSynced();
});

afterAll(() => engine.close());

async function untilSynced(revision?: string): Promise<readonly SyncRecord[]> {
  return eventually(async () => {
    const history = await engine.client.history(app.id);
    const last = history.at(-1);
    return last !== undefined && (revision === undefined || last.revision === revision) ? history : undefined;
  });
}

function send(to: Api, { sender, headers, payload, standard }: Push): Promise<ApiAnswer> {
  const body = Buffer.from(JSON.stringify(payload));
  const signed = standard ? standardSignature(body) : (signatures[sender]?.(body) ?? []);
  const all = [['content-type', 'application/json'] as const, ...Object.entries(headers), ...signed];
  return to.send({ method: 'POST', path: `/webhooks/${sender}`, headers: all, body });
}

const githubPush = (): Push => ({
  sender: 'github',
  title: '',
  headers: { 'x-github-event': 'push' },
  payload: { repository: { clone_url: app.repository.url } },
});

describe('a push', () => {
  it.each(pushes('').map(({ title }, i) => [title, i] as const))(
    '%s is taken, and the commit is synced',
    async (title, i) => {
      const commit = app.repository.commit({ 'words.yaml': configMap(title) });
      const push = pushes(app.repository.url)[i] as Push;
      const answer = await send(api, push);
      expect([answer.status, JSON.parse(answer.text)]).toEqual([202, { result: 'accepted' }]);
      expect((await untilSynced(commit)).at(-1)).toMatchObject({ status: 'succeeded' });
    },
  );

  it.each([
    ['a ping is answered', { 'x-github-event': 'ping' }, 200, 'pong'],
    ['an event that moves nothing is ignored', { 'x-github-event': 'issues' }, 202, 'ignored'],
  ])('%s', async (_title, headers, status, result) => {
    const answer = await send(api, { ...githubPush(), headers: headers as Push['headers'] });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([status, { result }]);
  });

  it('of a repository nobody follows is taken and said so', async () => {
    const payload = { repository: { clone_url: 'https://git.example/no/body' } };
    const answer = await send(api, { ...githubPush(), payload });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([202, { result: 'nobody follows this repository' }]);
  });
});

describe('2,000 hooks, doubled and shuffled, while commits come', () => {
  it('give one sync for each commit that was seen, and never an older commit after a newer', async () => {
    const before = (await engine.client.history(app.id)).length;
    const commits: string[] = [];
    for (let round = 0; round < 5; round++) {
      commits.push(app.repository.commit({ 'words.yaml': configMap(`round ${round}`) }));
      const old = pushes(app.repository.url);
      const hooks = Array.from({ length: 400 }, (_, i) => old[(i * 7 + round) % old.length] as Push);
      const answers = await inTurns(hooks, 40, (hook) => send(api, hook));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    }
    const history = (await untilSynced(commits.at(-1))).slice(before);
    const synced = history.filter(({ status }) => status !== 'superseded').map(({ revision }) => revision ?? '');
    expect(new Set(synced).size).toBe(synced.length);
    const order = synced.map((revision) => commits.indexOf(revision));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order.at(-1)).toBe(commits.length - 1);
  });
});

/** As many at once as given, each as soon as there is room. */
async function inTurns<T, R>(items: readonly T[], atOnce: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await act(items[i] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}

describe('a process that is killed around the hand-over', () => {
  it.each([0, 15, 30, 60])(
    'after %i ms: what it accepted is synced, what it did not accept is sent again',
    async (ms) => {
      const { child, other } = await startApi();
      const commit = app.repository.commit({ 'words.yaml': configMap(`killed after ${ms}`) });
      const answered = send(other, githubPush()).then(
        ({ status }) => status,
        () => 0,
      );
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill('SIGKILL');
      const status = await answered;
      expect([0, 202]).toContain(status);
      if (status === 0) expect((await send(api, githubPush())).status).toBe(202); // as senders do, or people
      const history = await untilSynced(commit);
      expect(history.filter(({ revision }) => revision === commit)).toHaveLength(1);
    },
  );

  it('right after its answer: the commit is synced all the same', async () => {
    const { child, other } = await startApi();
    const commit = app.repository.commit({ 'words.yaml': configMap('killed after the answer') });
    expect((await send(other, githubPush())).status).toBe(202);
    child.kill('SIGKILL');
    expect((await untilSynced(commit)).at(-1)).toMatchObject({ status: 'succeeded' });
  });
});

/** The API in a process of its own, as `server --role api` runs it. */
async function startApi(): Promise<{ child: ChildProcess; other: Api }> {
  const env = { ...engine.home.env, TEMPORAL_ADDRESS: addressOf(engine.home) };
  const args = [binary, 'server', '--role', 'api', '--listen', '127.0.0.1:0'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const url = await eventually(async () => /API at (\S+),/.exec(said)?.[1]);
  return { child, other: api.at(url) };
}
