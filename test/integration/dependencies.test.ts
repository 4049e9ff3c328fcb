/**
 * depends_on: an application syncs when what it depends on is synced and healthy, whatever order they were declared in;
 * circles are refused, and a deletion goes the other way. Beside it, what failed by itself is tried again by itself.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { ApplicationStatus } from '../../src/workflows/messages.js';
import { kubectl } from '../support/cluster.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap } from '../support/manifests.js';

const auto = ', auto_sync = true, sync_interval = "never", sync_policy = { health_check = { enabled = false } }';
const broken = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { greeting: [1] }\n';

let engine: Engine;
/** Its namespace is missing until somebody creates it. */
let patient: TestApplication;
let web: TestApplication;
let api: TestApplication;

beforeAll(async () => {
  engine = await Engine.open();
  const elsewhere = configMap('web').replace('name: web', 'name: web, namespace: made-by-hand');
  patient = await engine.declare('patient', { 'app.yaml': elsewhere }, auto);
});

afterAll(async () => {
  await kubectl('delete', 'namespace', 'made-by-hand', '--ignore-not-found', '--wait=false');
  await engine.close();
});

const status = ({ id }: TestApplication): Promise<ApplicationStatus> => engine.client.status(id);

async function firstOf({ id }: TestApplication): Promise<SyncRecord> {
  return eventually(async () => (await engine.client.history(id))[0]);
}

function untilWaiting(app: TestApplication, reason: RegExp): Promise<ApplicationStatus> {
  return eventually(async () => {
    const seen = await status(app);
    return reason.test(JSON.stringify(seen.waitsFor ?? {})) ? seen : undefined;
  });
}

describe('an application that depends on another', () => {
  it('waits for one that is declared after it, and says so', async () => {
    web = await engine.declare('dep-web', { 'app.yaml': configMap('web') }, `${auto}, depends_on = "dep-api"`);
    await untilWaiting(web, /dep-api.*not declared/);
    expect(await engine.home.ok('app', 'get', 'dep-web')).toMatch(
      /Waiting: +sync-1, for dep-api \(it is not declared\)/,
    );
    api = await engine.declare('dep-api', { 'app.yaml': configMap('api') }, auto);
    const [before, after] = [await firstOf(api), await firstOf(web)];
    expect([before.status, after.status]).toEqual(['succeeded', 'succeeded']);
    expect(Date.parse(after.steps[0]?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(before.finishedAt ?? ''));
  });

  it('waits while that one has failed, unless told to go alone, and wakes as soon as it is well', async () => {
    api.repository.commit({ 'app.yaml': broken });
    expect((await engine.sync(api)).status).toBe('failed');
    const ticket = await engine.client.sync(web.id, { who: 'test' });
    await untilWaiting(web, /dep-api.*failed/);
    expect((await engine.sync(web, { alone: true })).status).toBe('succeeded');
    const again = await engine.client.sync(web.id, { who: 'test' });
    await untilWaiting(web, /dep-api.*failed/);
    api.repository.commit({ 'app.yaml': configMap('api', 'mended') });
    const mended = await engine.sync(api);
    const woken = await engine.client.wait(again);
    expect(woken.status).toBe('succeeded');
    expect(Date.parse(woken.steps[0]?.startedAt ?? '') - Date.parse(mended.finishedAt ?? '')).toBeLessThan(5000);
    expect((await engine.client.findSync(web.id, ticket.sync)).status).toBe('superseded');
  });

  it('cannot be depended on by that one in turn', async () => {
    const source = `local ok, err = gitops.workflow({ repo = "${api.repository.url}", name = "dep-api",
      namespace = "${api.namespace}" ${auto}, depends_on = { "dep-web" } }) error(err)`;
    const run = await engine.client.scripts.start({ name: 'circle.lua', source });
    await expect(engine.client.scripts.result(run)).rejects.toThrow(/circle: dep-api -> dep-web -> dep-api/);
  });

  it('keeps the other from being deleted, until both go in the right order', async () => {
    const refused = await engine.home.cli('app', 'delete', 'dep-api', '--yes');
    expect([refused.code, refused.stderr]).toEqual([8, expect.stringContaining('dep-api is needed by dep-web')]);
    const ticket = await engine.client.delete(api.id, { cascade: true });
    if (ticket !== null) await engine.client.wait(ticket);
    const [first, second] = [await engine.client.history(web.id), await engine.client.history(api.id)];
    expect(Date.parse(first.at(-1)?.finishedAt ?? '')).toBeLessThanOrEqual(Date.parse(second.at(-1)?.startedAt ?? ''));
    expect((await engine.client.list()).map(({ name }) => name)).not.toContain('dep-web');
  });
});

describe('what came by itself and failed', () => {
  it('is tried again by itself, and its status says when', async () => {
    expect(await firstOf(patient)).toMatchObject({ status: 'failed', trigger: 'created' });
    const { retry } = await status(patient);
    expect(retry?.failures).toBeGreaterThanOrEqual(1);
    expect(await engine.home.ok('app', 'get', 'patient')).toContain(`Next try:`);
    await kubectl('create', 'namespace', 'made-by-hand');
    const second = await eventually(async () => {
      return (await engine.client.history(patient.id)).find((r) => r.status === 'succeeded');
    }, 150_000);
    expect(second).toMatchObject({ trigger: 'created', why: expect.stringMatching(/^try \d after/) });
    expect((await status(patient)).retry).toBeUndefined();
  });
});
