/**
 * The HTTP API of a running server, through its door: what it refuses, each with a typed answer and the process alive
 * after it; what it does; how progress is followed; what Prometheus reads.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { ApplicationStatus, SyncTicket } from '../../src/workflows/messages.js';
import { Api, webhookSecret } from '../support/api.js';
import { freshNamespace, kubectlJson } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { EventReader, type SeenEvent } from '../support/event-reader.js';
import { openHome, runCommand, type Home } from '../support/home.js';
import { service } from '../support/manifests.js';
import type { PromotionRecord } from '../../src/domain/promotion/record.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import { badRequests, requestOf } from './api/bad-requests.js';

const senders = ['github', 'gitlab', 'bitbucket', 'generic'];
const noStack = /\bat \S+ \(|node_modules|undefined|\[object/;
const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: door }\nstringData: { key: under-the-mat }\n';
let home: Home;
let api: Api;
let repository: TestRepository;
let namespace: string;

beforeAll(async () => {
  const webhooks = senders.map((sender) => ({ sender, secret: 'env:HOOK_SECRET' }));
  home = await openHome({ config: { webhooks }, env: { HOOK_SECRET: webhookSecret } });
  namespace = await freshNamespace('api');
  repository = createRepository({ 'app/web.yaml': service('web'), 'masked/secret.yaml': secret });
  await home.ok('app', 'list');
  api = await Api.of(home);
});

afterAll(async () => {
  await home.close();
  repository.remove();
});

describe('the API refuses', () => {
  const rows = badRequests();

  it('at least 80 kinds of bad requests', () => {
    expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThanOrEqual(80);
  });

  it.each(rows.map((row) => [row.title, row] as const))('%s', async (_title, row) => {
    const { status, text } =
      row.raw === undefined ? await api.send(requestOf(row, api.bearer)) : await sendRaw(row.raw);
    const [wanted, code] = row.answer.split(' ');
    expect(`${status} ${text.slice(0, 1000)}`).toMatch(new RegExp(`^${wanted} `));
    const { code: given, message = text, hint = '' } = JSON.parse(text) as Record<string, string>;
    if (code !== '-') expect(given).toBe(code);
    expect(message).toMatch(new RegExp(row.says));
    if (row.hint !== undefined) expect(hint).toMatch(new RegExp(row.hint));
    expect(text.length).toBeLessThan(4096);
    expect(text).not.toMatch(noStack);
    if (row.never !== undefined) expect(text).not.toContain(row.never);
    expect((await api.send({ method: 'GET', path: '/healthz' })).status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('a body that never ends, after 10 s, while others are served', async () => {
    const head =
      'POST /webhooks/github HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{';
    const slow = Array.from({ length: 50 }, () => api.raw(head));
    const from = Date.now();
    await api.json('GET', '/api/v1/applications');
    expect(Date.now() - from).toBeLessThan(5000);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1.1 408 [^]*"code":"SlowRequest"/);
  });

  it('all that in one process', async () => {
    expect((await Api.of(home)).pid).toBe(api.pid);
  });
});

async function sendRaw(raw: string): Promise<{ status: number; text: string }> {
  const answer = await api.raw(raw);
  const [head = '', text = ''] = answer.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1.1 (\d+)/.exec(head)?.[1]), text };
}

describe('the API does what the command line does', () => {
  it('declares, syncs and waits', async () => {
    const declaration = { repo: repository.url, path: 'app', namespace };
    expect(await api.json('PUT', '/api/v1/applications/shop', declaration)).toMatchObject({ created: true });
    const ticket = await api.json<SyncTicket>('POST', '/api/v1/applications/shop/sync', { reason: 'to show how' });
    const record = await api.json<SyncRecord>('GET', `/api/v1/applications/shop/syncs/${ticket.sync}/wait?timeout=60s`);
    expect(record).toMatchObject({ status: 'succeeded', who: 'api', why: 'to show how', trigger: 'manual' });
    expect(await api.json('PUT', '/api/v1/applications/shop', declaration)).toMatchObject({ created: false });
    const { items } = await kubectlJson('get', 'deployments', '-n', namespace);
    expect(items.map((item) => item.metadata.name)).toEqual(['web']);
  });

  it('carries a request with an Idempotency-Key out once', async () => {
    const request = {
      method: 'POST',
      path: '/api/v1/applications/shop/sync',
      headers: [api.bearer, ['idempotency-key', 'k-1']],
    } as const;
    const [first, second] = await Promise.all([api.send(request), api.send(request)]);
    expect(JSON.parse(second.text)).toEqual(JSON.parse(first.text));
    expect(first.status).toBe(202);
    await api.json('GET', '/api/v1/applications/shop/wait');
  });

  it('shows status, history, health, diff, actions, runs and repositories', async () => {
    const { items: apps } = await api.json<{ items: { name: string }[] }>('GET', '/api/v1/applications');
    expect(apps.map(({ name }) => name)).toEqual(['shop']);
    expect(await api.json('GET', '/api/v1/applications/shop')).toMatchObject({ status: 'synced', health: 'Healthy' });
    const { items: history } = await api.json<{ items: SyncRecord[] }>(
      'GET',
      '/api/v1/applications/shop/history?limit=1',
    );
    expect(history).toEqual([expect.objectContaining({ id: 'sync-2', status: 'succeeded' })]);
    expect(await api.json('GET', '/api/v1/applications/shop/syncs/1')).toMatchObject({ id: 'sync-1' });
    expect(await api.json('GET', '/api/v1/applications/shop/health')).toMatchObject({ status: 'Healthy', total: 4 });
    expect(await api.json('GET', '/api/v1/applications/shop/diff')).toMatchObject({ summary: { total_changes: 0 } });
    expect(await api.json('POST', '/api/v1/applications/shop/drift')).toMatchObject({ drifted: [] });
    const { items: actions } = await api.json<{ items: { name: string }[] }>(
      'GET',
      '/api/v1/applications/shop/actions?resource=Deployment:web',
    );
    expect(actions.map(({ name }) => name)).toContain('restart');
    const { items: runs } = await api.json<{ items: { id: string }[] }>('GET', '/api/v1/runs?type=sync');
    expect(runs).toHaveLength(2);
    const run = encodeURIComponent(runs[0]?.id ?? '');
    expect(await api.json('GET', `/api/v1/runs/${run}`)).toMatchObject({ type: 'sync', status: 'COMPLETED' });
    expect((await api.json<{ items: object[] }>('GET', `/api/v1/runs/${run}/steps`)).items.length).toBeGreaterThan(3);
    expect((await api.json<{ items: object[] }>('GET', '/api/v1/repositories')).items).toEqual([]);
  });

  it('refuses syncs while suspended', async () => {
    await api.json('POST', '/api/v1/applications/shop/suspend', { reason: 'freeze' });
    const answer = await api.send({ method: 'POST', path: '/api/v1/applications/shop/sync', headers: [api.bearer] });
    expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([409, 'ApplicationSuspended']);
    await api.json('POST', '/api/v1/applications/shop/resume');
  });

  it('says Timeout when a wait takes too long, and the work goes on', async () => {
    const answer = await api.send({
      method: 'GET',
      path: '/api/v1/applications/shop/wait?status=failed&timeout=1s',
      headers: [api.bearer],
    });
    expect([answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([504, 'Timeout']);
  });

  it('runs a script and answers its question', async () => {
    const source = 'print("before")\nlocal answer = io.read{ prompt = "go?" }\nprint("answer " .. answer)';
    const { workflowId } = await api.json<{ workflowId: string }>('POST', '/api/v1/scripts', {
      name: 'ask.lua',
      source,
    });
    const lines = await EventReader.open(api, `run=${encodeURIComponent(workflowId)}`);
    const open = (): Promise<{ items: { run: string; prompt: string }[] }> => api.json('GET', '/api/v1/approvals');
    const [question] = await eventually(async () =>
      (await open()).items.length > 0 ? (await open()).items : undefined,
    );
    expect(question).toMatchObject({ run: workflowId, kind: 'question', question: 1, prompt: 'go?' });
    await api.json('POST', `/api/v1/approvals/${encodeURIComponent(workflowId)}/approve`, { reason: 'looks good' });
    await lines.until(({ event }) => event === 'end');
    lines.close();
    const logged = lines.seen.filter(({ event }) => event === 'log').map(({ data }) => (data as { text: string }).text);
    expect(logged).toEqual(expect.arrayContaining(['before', 'answer y']));
  });
});

describe('the stream', () => {
  it('tells of a sync as it goes, and goes on after a cut where it stopped', async () => {
    const first = await EventReader.open(api, 'app=shop');
    await first.until(({ event, data }) => event === 'app' && (data as ApplicationStatus).status === 'synced');
    const { sync } = await api.json<SyncTicket>('POST', '/api/v1/applications/shop/sync', {});
    const ofSync = ({ event, data }: SeenEvent): boolean => event === 'sync' && (data as SyncRecord).id === sync;
    await first.until((seen) => ofSync(seen) && (seen.data as SyncRecord).status === 'succeeded');
    first.close();
    const [cut, ...missed] = first.seen.slice(first.seen.findIndex(ofSync) - 1).map(({ id }) => id);
    const second = await EventReader.open(api, 'app=shop', cut);
    await second.until((seen) => ofSync(seen) && (seen.data as SyncRecord).status === 'succeeded');
    second.close();
    expect(second.seen.map(({ event }) => event)).not.toContain('resync');
    expect(missed).toEqual(expect.arrayContaining(second.seen.slice(0, 1).map(({ id }) => id)));
    expect(second.seen.map(({ id }) => id)).not.toContain(cut);
  });

  it('says resync to a client that saw what nobody remembers', async () => {
    const reader = await EventReader.open(api, 'app=shop', 'ffffffff.7');
    await reader.until(({ event }) => event === 'app');
    reader.close();
    expect(reader.seen[0]).toMatchObject({ event: 'resync' });
  });
});

describe('/readyz and /metrics', () => {
  it('is ready while Temporal answers and workers poll', async () => {
    const { status, text } = await api.send({ method: 'GET', path: '/readyz' });
    expect([status, JSON.parse(text)]).toMatchObject([200, { ready: true, checks: { length: 6 } }]);
  });

  it('counts syncs by result, applications, queues, requests, and what the SDK counts', async () => {
    const { text } = await api.send({ method: 'GET', path: '/metrics', headers: [api.bearer] });
    for (const line of [
      /^sloth_syncs_total\{.*result="succeeded".*\} [3-9]/m,
      /^sloth_sync_duration_seconds_bucket\{.*result="succeeded"/m,
      /^sloth_applications\{status="synced"\} 1$/m,
      /^sloth_applications_health\{health="Healthy"\} 1$/m,
      /^sloth_applications_drifted 0$/m,
      /^sloth_queue_workers\{queue="engine",tasks="workflow"\} [1-9]/m,
      /^sloth_queue_waiting\{queue="lua",tasks="activity"\} 0$/m,
      /^sloth_http_requests_total\{method="POST",route="\/api\/v1\/applications\/:app\/sync",status="202"\} [1-9]/m,
      /^sloth_temporal_up 1$/m,
      /^temporal_workflow_completed(_total)?\{/m,
    ])
      expect(text).toMatch(line);
    expect(text).not.toContain('shop');
  });
});

/** Status and code of what is refused. */
async function refusal(method: string, path: string, body?: unknown): Promise<[number, string]> {
  const type = body === undefined ? [] : [['content-type', 'application/json'] as const];
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const { status, text } = await api.send({ method, path, headers: [api.bearer, ...type], ...sent });
  return [status, (JSON.parse(text) as { code: string }).code];
}

describe('rendered objects', () => {
  it('come in the order they are applied, values of Secrets masked', async () => {
    await api.json('PUT', '/api/v1/applications/masked', { repo: repository.url, path: 'masked', namespace });
    const rendered = await api.json<{ revision: string }>('GET', '/api/v1/applications/masked/render?revision=main');
    expect(rendered).toMatchObject({
      warnings: [],
      items: [{ kind: 'Secret', metadata: { name: 'door', namespace } }],
    });
    expect(rendered.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(JSON.stringify(rendered)).not.toMatch(/under-the-mat|dW5kZXItdGhlLW1hdA/);
  });

  it('are refused for a revision that is not there', async () => {
    const answer = await refusal('GET', '/api/v1/applications/masked/render?revision=mian');
    expect(answer).toEqual([422, 'RevisionNotFound']);
  });
});

describe('what waits for people', () => {
  interface Waiting {
    readonly kind: string;
    readonly run: string;
    readonly name: string;
    readonly digest: string;
  }
  const untilWaiting = (run: string): Promise<Waiting> =>
    eventually(async () => {
      const { items } = await api.json<{ items: Waiting[] }>('GET', '/api/v1/approvals');
      return items.find((item) => item.run === run);
    });
  const decided = (verb: string, run: string, body: object): Promise<object> =>
    api.json('POST', `/api/v1/approvals/${encodeURIComponent(run)}/${verb}`, body);
  const target = async (app: string, more: object = {}): Promise<string> => {
    const place = { repo: repository.url, path: 'app', namespace: await freshNamespace(app) };
    await api.json('PUT', `/api/v1/applications/${app}`, { ...place, ...more });
    return place.namespace;
  };
  const sync = (app: string): Promise<SyncTicket> => api.json('POST', `/api/v1/applications/${app}/sync`, {});
  const ended = (app: string, id: string): Promise<SyncRecord> =>
    api.json('GET', `/api/v1/applications/${app}/syncs/${id}/wait?timeout=60s`);

  it('is a plan that is rejected, by the name of its application and with a reason', async () => {
    const place = await target('gated', { approval_required: true });
    const ticket = await sync('gated');
    const plan = await untilWaiting(ticket.workflowId);
    expect(plan).toMatchObject({ kind: 'plan', name: 'gated', sync: ticket.sync, requestedBy: 'api', decisions: [] });
    expect(await refusal('POST', '/api/v1/approvals/gated/reject', {})).toEqual([400, 'InvalidInput']);
    const answer = await decided('reject', 'gated', { by: 'ann', reason: 'not on a Friday' });
    expect(answer).toMatchObject({ kind: 'plan', run: ticket.workflowId, verdict: 'rejected' });
    expect(await ended('gated', ticket.sync)).toMatchObject({ status: 'failed', errorCode: 'ApprovalRejected' });
    expect((await kubectlJson('get', 'deployments', '-n', place)).items).toEqual([]);
    expect(await refusal('POST', '/api/v1/approvals/gated/approve', {})).toEqual([404, 'NothingToApprove']);
  });

  it('is a plan that is approved, by the run of its sync and its digest, once under one key', async () => {
    const { sync: id, workflowId: run } = await sync('gated');
    const { digest } = await untilWaiting(run);
    const path = `/api/v1/approvals/${encodeURIComponent(run)}/approve`;
    expect(await refusal('POST', path, { digest: '00000000' })).toEqual([409, 'PlanMismatch']);
    const headers = [api.bearer, ['content-type', 'application/json'], ['idempotency-key', 'yes-1']] as const;
    const request = { method: 'POST', path, headers, body: JSON.stringify({ digest, by: 'ann' }) };
    const [first, second] = await Promise.all([api.send(request), api.send(request)]);
    expect([first.status, JSON.parse(first.text)]).toMatchObject([200, { verdict: 'approved', digest }]);
    expect(second.text).toBe(first.text);
    expect(await ended('gated', id)).toMatchObject({ status: 'succeeded', who: 'api' });
  });

  it('is an environment of a promotion', async () => {
    const place = await target('live');
    const request = { from: 'shop', to: 'live', approval: { two_person: true }, reason: 'release' };
    const { id } = await api.json<PromotionRecord>('POST', '/api/v1/promotions', request);
    expect(id).toBe('promotion/live/1');
    expect(await untilWaiting(id)).toMatchObject({ kind: 'promotion', app: 'live', requestedBy: 'api' });
    const path = `/api/v1/approvals/${encodeURIComponent(id)}/approve`;
    expect(await refusal('POST', path, { by: 'ann', revision: 'fffffff' })).toEqual([409, 'PlanMismatch']);
    expect(await refusal('POST', path, {})).toEqual([403, 'NotAllowed']);
    expect(await decided('approve', id, { by: 'ann' })).toMatchObject({ kind: 'promotion', run: id, app: 'live' });
    const record = await api.json('GET', '/api/v1/promotions/live/1/wait?timeout=60s');
    expect(record).toMatchObject({ status: 'succeeded', who: 'api', why: 'release' });
    expect(await api.json('GET', '/api/v1/promotions/live/1')).toEqual(record);
    const listed = eventually(async () => {
      const { items } = await api.json<{ items: object[] }>('GET', '/api/v1/promotions?name=live');
      return items.length > 0 ? items : undefined;
    });
    expect(await listed).toEqual([record]);
    const { items } = await kubectlJson('get', 'deployments', '-n', place);
    expect(items.map((item) => item.metadata.name)).toEqual(['web']);
  });
});

describe('repositories', () => {
  const untilListed = (id: string): Promise<object> =>
    eventually(async () => {
      const { items } = await api.json<{ items: { id: string }[] }>('GET', '/api/v1/repositories');
      return items.find((item) => item.id === id);
    });

  it('are registered once they have answered, and removed', async () => {
    const spare = createRepository({ 'app.yaml': service('web') });
    const spared = { url: spare.url, id: 'spare' };
    const mistaken = await refusal('POST', '/api/v1/repositories', { ...spared, branch: 'mian' });
    expect(mistaken).toEqual([422, 'RevisionNotFound']);
    expect(await api.json('POST', '/api/v1/repositories', spared)).toEqual({ repository: 'spare' });
    expect(await untilListed('spare')).toMatchObject({ url: spare.url, branch: 'main' });
    expect(await api.json('DELETE', '/api/v1/repositories/spare')).toEqual({ removed: 'spare' });
    expect(await refusal('DELETE', '/api/v1/repositories/spare')).toEqual([404, 'UnknownRepository']);
    spare.remove();
  });

  it('stay while an application uses them', async () => {
    await api.json('POST', '/api/v1/repositories', { url: repository.url, id: 'used' });
    await untilListed('used');
    await api.json('PUT', '/api/v1/applications/user', { repo: 'used', path: 'app' });
    await eventually(async () => {
      const { items } = await api.json<{ items: { name: string }[] }>('GET', '/api/v1/applications');
      return items.find(({ name }) => name === 'user');
    });
    expect(await refusal('DELETE', '/api/v1/repositories/used')).toEqual([409, 'HasDependents']);
  });
});

describe('the server', () => {
  it('keeps its token for its owner', () => {
    expect(statSync(join(home.dir, 'api-token')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['another address without a token', ['--listen', '0.0.0.0:0'], /does not start on 0\.0\.0\.0, .*without a token/],
    ['an address that is none', ['--listen', 'here'], /'here' is no address to listen on/],
    ['a token file that is not there', ['--token-file', 'nowhere'], /without a token: there is no .*nowhere/],
  ])('refuses %s in one line', async (_title, flags, message) => {
    const other = await openHome();
    const { code, stderr } = await runCommand(['server', '--role', 'api', ...flags], other.env, other.dir);
    await other.close();
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(noStack);
  });
});
