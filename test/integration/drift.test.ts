/**
 * Drift on real servers: what others change in the cluster is seen by a sweep, told, and put back where that is wanted.
 * Sweeps are triggered; nothing waits for the Schedule's own time.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GitOpsClient } from '../../src/client/index.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { ApplicationStatus } from '../../src/workflows/messages.js';
import type { DriftSweepResult } from '../../src/workflows/drift-sweep.js';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { auditEvents, engineWrites, kubectl, kubectlJson, testCluster, type AuditEvent } from '../support/cluster.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap, service } from '../support/manifests.js';

let engine: Engine;
let line: TcpProxy;

beforeAll(async () => {
  line = await TcpProxy.start(Number(new URL((await testCluster()).serverUrl).port));
  engine = await Engine.open({ config: { drift_interval: '6h' }, clusters: { remote: line.port } });
});

afterAll(async () => {
  await engine.close();
  await line.stop();
});

const healing = ', sync_policy = { self_heal = true, health_check = { timeout = "30s" } }';
const watched = ', auto_sync = true, sync_interval = "never"';

/** Declared, synced once, and compared once: the sweeps to come have a baseline. */
async function synced(name: string, fields = '', files: Record<string, string> = { 'app.yaml': configMap('web') }) {
  const app = await engine.declare(name, files, fields);
  await engine.sync(app);
  await eventually(async () => (await engine.client.list()).find((a) => a.id === app.id));
  expect(await engine.client.lookForDrift(app.id)).toMatchObject({ applications: 1, drifted: [] });
  return app;
}

/** What the Schedule of a cluster does when its time has come. */
async function sweep(cluster = 'default'): Promise<DriftSweepResult> {
  const handle = engine.client.temporal.schedule.getHandle(`gitops-drift-${cluster}`);
  const { info: before } = await handle.describe();
  await handle.trigger();
  const action = await eventually(async () => {
    const { info } = await handle.describe();
    return info.numActionsTaken > before.numActionsTaken ? info.recentActions.at(-1)?.action : undefined;
  });
  return engine.client.temporal.workflow.getHandle(action?.workflow.workflowId ?? '').result();
}

const status = ({ id }: TestApplication): Promise<ApplicationStatus> => engine.client.status(id);

/** The signal of a sweep is answered by the workflow a moment later. */
function told(app: TestApplication): Promise<NonNullable<ApplicationStatus['drift']>> {
  return eventually(async () => (await status(app)).drift);
}

async function heals({ id }: TestApplication): Promise<SyncRecord[]> {
  return (await engine.client.history(id)).filter((r) => r.trigger === 'drift');
}

function healed(app: TestApplication, count = 1): Promise<SyncRecord> {
  return eventually(async () => (await heals(app))[count - 1]);
}

function patch({ namespace }: TestApplication, object: string, change: object, ...more: string[]): Promise<string> {
  return kubectl('patch', object, '-n', namespace, '--type=merge', '-p', JSON.stringify(change), ...more);
}

const greet = (app: TestApplication, greeting: string, ...more: string[]) =>
  patch(app, 'configmap/web', { data: { greeting } }, ...more);

async function greeting({ namespace }: TestApplication): Promise<unknown> {
  const { data } = await kubectlJson<{ data: { greeting: string } }>('get', 'configmap', 'web', '-n', namespace);
  return data.greeting;
}

const named = (result: DriftSweepResult): string[] => result.drifted.map((d) => d.name);

describe('an application that only warns', () => {
  let app: TestApplication;
  let writes: number;

  beforeAll(async () => {
    app = await synced('warning', watched);
    writes = (await engineWrites(app.namespace)).length;
  });
  afterAll(() => engine.client.delete(app.id, { prune: false }));

  it('says what drifted and who did it, in status, list, details and Lua, and writes nothing', async () => {
    await greet(app, 'mine');
    expect(named(await sweep())).toContain('warning');
    const fields = [`ConfigMap ${app.namespace}/web: .data.greeting (kubectl-patch)`];
    expect(await told(app)).toMatchObject({ count: 1, objects: [`ConfigMap ${app.namespace}/web`], fields });
    expect((await status(app)).status).toBe('synced');
    expect(await engine.home.ok('app', 'get', 'warning')).toContain(`Drift:`);
    expect(await engine.home.ok('app', 'get', 'warning')).toContain(fields[0]);
    const listed = eventually(async () =>
      (await engine.home.ok('app', 'list')).match(/warning +drifted/) ? true : undefined,
    );
    expect(await listed).toBe(true);
    const script = `local s = gitops.get_workflow_status("${app.id}") print(s.status, s.drift.count, s.drift.fields[1])`;
    const printed = await engine.home.ok('run', '-f', engine.home.file('drift.lua', script));
    expect(printed).toMatch(/synced\s+1\s+ConfigMap .*greeting \(kubectl-patch\)/);
    expect(await greeting(app)).toBe('mine');
    expect(await engineWrites(app.namespace)).toHaveLength(writes);
  });

  it('is told once, however often it is seen', async () => {
    const length = await eventsOf(app);
    expect(named(await sweep())).toContain('warning');
    expect(await eventsOf(app)).toBe(length);
  });

  it('app drift exits with 1, and with 0 when somebody has put it back', async () => {
    expect(await engine.home.cli('app', 'drift', 'warning')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('.data.greeting (kubectl-patch)'),
    });
    await greet(app, 'hello');
    expect(await engine.home.cli('app', 'drift', 'warning')).toMatchObject({ code: 0, stdout: 'no drift\n' });
    await eventually(async () => ((await status(app)).drift === undefined ? true : undefined));
  });

  it('sees it again although the field is still not ours', async () => {
    await greet(app, 'mine again');
    expect(named(await sweep())).toContain('warning');
    expect((await told(app)).count).toBe(1);
  });

  it('is put right by a sync that may take the field', async () => {
    await greet(app, 'hello');
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded' });
    expect((await status(app)).drift).toBeUndefined();
  });

  it('a label that somebody adds, and a field that nobody asked for, are no drift', async () => {
    await kubectl('label', 'configmap', 'web', '-n', app.namespace, 'team=a');
    await patch(app, 'configmap/web', { data: { mood: 'fine' } });
    expect(named(await sweep())).not.toContain('warning');
  });

  it('an object that is gone, and one that was made anew, is drift', async () => {
    await kubectl('delete', 'configmap', 'web', '-n', app.namespace);
    await sweep();
    expect((await told(app)).fields).toEqual([`ConfigMap ${app.namespace}/web is missing`]);
    await kubectl('create', 'configmap', 'web', '-n', app.namespace, '--from-literal=greeting=other');
    await sweep();
    const drift = eventually(async () => (await told(app)).fields.find((f) => f.includes('.data.greeting')));
    expect(await drift).toContain('kubectl-create');
  });

  it('is still told when the namespace itself is gone', async () => {
    await kubectl('delete', 'namespace', app.namespace, '--wait');
    await sweep();
    const missing = eventually(async () => (await told(app)).fields.find((f) => f.includes('is missing')));
    expect(await missing).toContain('namespace');
  });
});

async function eventsOf({ id }: TestApplication): Promise<number> {
  return (await engine.client.temporal.workflow.getHandle(`gitops/${id}`).describe()).historyLength;
}

/** Other tests use the same API server: theirs are other namespaces, and kinds without one. */
function isSweepOf(apps: readonly TestApplication[], { user, verb, objectRef }: AuditEvent): boolean {
  if (user.username !== 'sloth-runner' || objectRef === undefined) return false;
  if (apps.some(({ namespace }) => namespace === objectRef.namespace)) return true;
  const kinds = ['configmaps', 'services', 'deployments'];
  return verb === 'list' && objectRef.namespace === undefined && kinds.includes(objectRef.resource);
}

describe('a sweep over applications that did not change', () => {
  it('makes no dry run, reads no object, and leaves no event in any of their histories', async () => {
    const apps = await Promise.all(
      ['idle-a', 'idle-b'].map((name) => synced(name, watched, { 'app.yaml': service('web') })),
    );
    await sweep();
    const lengths = await Promise.all(apps.map(eventsOf));
    const before = (await auditEvents()).length;
    expect(await sweep()).toMatchObject({ unknown: [] });
    const asked = (await auditEvents()).slice(before).filter((e) => isSweepOf(apps, e));
    expect(asked.filter((e) => e.verb !== 'list').map((e) => `${e.verb} ${e.requestURI}`)).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThanOrEqual(6);
    expect(await Promise.all(apps.map(eventsOf))).toEqual(lengths);
  });
});

describe('an application that heals itself', () => {
  it('puts back what was changed and what was deleted, without git, and its record says so', async () => {
    const app = await synced('healing', healing, { 'app.yaml': service('web') });
    const { revision } = await status(app);
    app.repository.remove();
    await greet(app, 'mine');
    await kubectl('delete', 'service', 'web', '-n', app.namespace);
    expect(named(await sweep())).toContain('healing');
    expect(await healed(app)).toMatchObject({
      status: 'succeeded',
      trigger: 'drift',
      who: 'self-heal',
      revision,
      restored: 'sync-1',
      changes: { created: 1, updated: 1 },
      health: 'Healthy',
      message: expect.stringMatching(/^Drift corrected: .* and 1 more$/),
    });
    expect(await greeting(app)).toBe('hello');
    await kubectl('get', 'service', 'web', '-n', app.namespace);
    expect(await status(app)).toMatchObject({ status: 'synced', revision, corrections: { count: 1 } });
    expect((await status(app)).drift).toBeUndefined();
    expect(await sweep()).toMatchObject({ drifted: expect.not.arrayContaining([{ name: 'healing' }]) });
    await expect(engine.client.rollback(app.id, 'test')).rejects.toMatchObject({ code: 'NothingToRollBackTo' });
  });

  it('does not while suspended, and does when resumed', async () => {
    const app = await synced('dormant-heal', healing);
    await engine.client.suspend(app.id, 'test', 'night');
    await greet(app, 'mine');
    await sweep();
    await told(app);
    expect(await heals(app)).toEqual([]);
    await engine.client.resume(app.id, 'test');
    expect(await healed(app)).toMatchObject({ status: 'succeeded' });
  });

  it('does not while auto-sync of all is stopped', async () => {
    const app = await synced('frozen-heal', healing);
    await engine.client.autoSync.stopAll('test');
    await greet(app, 'mine');
    await sweep();
    expect(await told(app)).toMatchObject({ stoppedForAll: true });
    expect(await heals(app)).toEqual([]);
    await engine.client.autoSync.startAll('test');
    await sweep();
    expect(await healed(app)).toMatchObject({ status: 'succeeded' });
  });

  it('waits longer each time somebody fights it', async () => {
    const app = await synced('fighting', healing);
    for (let round = 1; round <= 3; round++) {
      await greet(app, `mine ${round}`);
      await sweep();
      await healed(app, round);
      expect(await greeting(app)).toBe('hello');
    }
    const records = await heals(app);
    const pauses = records.slice(1).map((r, i) => Date.parse(r.startedAt) - Date.parse(records[i]?.finishedAt ?? ''));
    expect(pauses[0]).toBeGreaterThanOrEqual(2000);
    expect(pauses[1]).toBeGreaterThanOrEqual(6000);
    expect((await status(app)).corrections).toMatchObject({ count: 3 });
    await greet(app, 'mine 4');
    await sweep();
    const { next = '' } = await told(app);
    expect(Date.parse(next) - Date.parse((await status(app)).corrections?.at ?? '')).toBe(18_000);
    expect(await engine.home.ok('app', 'get', 'fighting')).toMatch(/Self-heal: +on, corrected 3 in a row/);
    expect((await engine.sync(app, { why: 'enough' })).status).toBe('failed'); // kubectl-patch owns the field
  });
});

describe('replicas that a controller owns', () => {
  const scale = (app: TestApplication, replicas: number, manager: string) =>
    patch(app, 'deployment/web', { spec: { replicas } }, `--field-manager=${manager}`);

  it('are no drift where conflicts are left to controllers, and are where they are not', async () => {
    const files = { 'app.yaml': service('web') };
    const [auto, yielding, strict] = await Promise.all(
      ['auto', 'yield', 'fail'].map((resolution) =>
        synced(`scaled-${resolution}`, `${watched}, conflict_resolution = "${resolution}"`, files),
      ),
    );
    for (const app of [auto, yielding, strict]) if (app) await scale(app, 2, 'horizontal-pod-autoscaler');
    const drifted = named(await sweep());
    expect(drifted).toContain('scaled-fail');
    expect(drifted).not.toContain('scaled-auto');
    expect(drifted).not.toContain('scaled-yield');
    if (auto) await scale(auto, 3, 'kubectl-scale');
    expect(named(await sweep())).toContain('scaled-auto');
  });
});

describe('a cluster that does not answer', () => {
  it('is told in the result of the sweep and changes nothing about any application', async () => {
    const app = await synced('remote', `${healing}, cluster = "remote"`);
    await greet(app, 'mine');
    line.set('refuse');
    expect(await sweep('remote')).toMatchObject({ drifted: [], unknown: [expect.stringContaining('remote')] });
    expect((await status(app)).drift).toBeUndefined();
    const { code, stderr } = await engine.home.cli('app', 'drift', 'remote');
    expect([code, stderr]).toEqual([2, expect.stringContaining('ClusterUnreachable')]);
    line.set('pass');
    expect(named(await sweep('remote'))).toEqual(['remote']);
    expect(await healed(app)).toMatchObject({ status: 'succeeded' });
  });
});

describe('the Schedule', () => {
  it('is made by an application that acts by itself, and goes when the interval is "never"', async () => {
    const schedules = async (): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { scheduleId } of engine.client.temporal.schedule.list()) ids.push(scheduleId);
      return ids.filter((id) => id.startsWith('gitops-drift-')).sort();
    };
    await engine.declare('acting', { 'app.yaml': configMap('web') }, watched);
    await engine.declare('mending', { 'app.yaml': configMap('web') }, `${healing}, cluster = "remote"`);
    await eventually(async () => ((await schedules()).length === 2 ? true : undefined));
    expect(await schedules()).toEqual(['gitops-drift-default', 'gitops-drift-remote']);
    const { temporal, artifacts } = engine.client;
    await new GitOpsClient(temporal, artifacts, { driftIntervalMs: null }).drift.settle(); // as a server that starts
    await eventually(async () => ((await schedules()).length === 0 ? true : undefined));
  });
});
