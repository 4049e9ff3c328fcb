/**
 * Auto-sync through a real Schedule and the repository workflow: commits arrive by themselves, a commit that was rolled
 * back does not come again, and stop really stops.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { ApplicationStatus } from '../../src/workflows/messages.js';
import { freshNamespace } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { openHome, type Home } from '../support/home.js';
import { service } from '../support/manifests.js';
import { temporal as temporalCli, temporalJson } from '../support/temporal-cli.js';
import { createRepository, type TestRepository } from '../support/repository.js';

let home: Home;
let repository: TestRepository;
let temporal: Client;

beforeAll(async () => {
  home = await openHome();
  const namespace = await freshNamespace('auto-sync');
  repository = createRepository({ 'app/web.yaml': service('web'), 'README.md': 'hello' });
  const script = home.file(
    'declare.lua',
    `assert(gitops.workflow({ repo = "${repository.url}", name = "auto", path = "app", namespace = "${namespace}",
       auto_sync = true, sync_interval = "1s", rollback_on_failure = true,
       sync_policy = { health_check = { timeout = "60s" } } }))`,
  );
  await home.ok('run', '-f', script);
  const { address } = await home.json<{ address: string }>('server', 'status');
  temporal = new Client({ connection: await Connection.connect({ address }) });
});

afterAll(async () => {
  await temporal.connection.close();
  await home.close();
  repository.remove();
});

const status = (): Promise<ApplicationStatus> => home.json<ApplicationStatus>('app', 'get', 'auto');

async function history(): Promise<SyncRecord[]> {
  return (await home.json<{ items: SyncRecord[] }>('app', 'history', 'auto')).items;
}

/** The record of the sync that took up that commit. */
function recordOf(revision: string): Promise<SyncRecord> {
  return eventually(async () => (await history()).find((r) => r.revision === revision));
}

/** Every sweep of the Schedule that has ended. */
async function sweeps(): Promise<number> {
  return (await temporal.workflow.count('WorkflowType = "sweep" AND ExecutionStatus = "Completed"')).count;
}

/** Until two more sweeps have looked: whatever they had to say has been said. */
async function twoMoreSweeps(): Promise<void> {
  const before = await sweeps();
  await eventually(async () => ((await sweeps()) >= before + 2 ? true : undefined));
}

describe('auto-sync', () => {
  it('starts the first sync by itself', async () => {
    const first = await eventually(async () => (await history())[0]);
    expect(first).toMatchObject({ status: 'succeeded', trigger: 'created', who: 'auto-sync' });
  });

  it('applies a new commit', async () => {
    const commit = repository.commit({ 'app/web.yaml': service('web', { greeting: 'again' }) });
    expect(await recordOf(commit)).toMatchObject({ status: 'succeeded', trigger: 'auto' });
  });

  it('rolls a broken commit back, and does not apply it again when it is seen once more', async () => {
    const broken = repository.commit({ 'app/web.yaml': service('web', { image: 'registry.example/web:broken' }) });
    expect(await recordOf(broken)).toMatchObject({ status: 'rolled_back' });
    expect(await status()).toMatchObject({ status: 'failed', rejected: { revision: broken } });
    const records = (await history()).length;
    await temporal.workflow
      .getHandle(`gitops/${(await status()).spec.id}`)
      .signal('revisionObserved', { revision: broken });
    await twoMoreSweeps();
    expect(await history()).toHaveLength(records);
  });

  it('applies the commit after it', async () => {
    const mended = repository.commit({ 'app/web.yaml': service('web', { greeting: 'mended' }) });
    expect(await recordOf(mended)).toMatchObject({ status: 'succeeded' });
    expect(await status()).toMatchObject({ status: 'synced', health: 'Healthy' });
    expect((await status()).rejected).toBeUndefined();
  });

  it('does not wake for a commit that leaves its path alone', async () => {
    const records = (await history()).length;
    repository.commit({ 'README.md': 'another word' });
    await twoMoreSweeps();
    expect(await history()).toHaveLength(records);
  });

  it('stops for all, also for applications declared later, and starts again', async () => {
    await home.ok('run', '-f', home.file('stop.lua', 'assert(gitops.stop_auto_sync())'));
    await eventually(async () => ((await schedulePaused()) ? true : undefined));
    await noSweepRuns();
    const [records, ended] = [(await history()).length, await sweeps()];
    const missed = repository.commit({ 'app/web.yaml': service('web', { greeting: 'missed' }) });
    const script = home.file('start.lua', 'assert(gitops.start_auto_sync())');
    expect(await sweeps()).toBe(ended);
    expect(await history()).toHaveLength(records);
    const again = Date.now();
    await home.ok('run', '-f', script);
    const record = await recordOf(missed);
    expect(record).toMatchObject({ status: 'succeeded' });
    expect(Date.parse(record.startedAt)).toBeGreaterThanOrEqual(again);
  });
});

describe('Temporal’s own command line', () => {
  const sweep = 'gitops-sweep-1.0s';
  const drift = 'gitops-drift-default';
  const schedule = (verb: string, id: string, ...more: string[]): Promise<string> =>
    temporalCli(home, 'schedule', verb, '--schedule-id', id, ...more);

  it('lists the Schedules, and says how often one looks and who had it go on', async () => {
    const listed = await temporalJson<{ scheduleId: string }[]>(home, 'schedule', 'list');
    expect(listed.map(({ scheduleId }) => scheduleId).sort()).toEqual([drift, sweep]);
    const described = await schedule('describe', sweep);
    expect(described).toMatch(/Spec +\[{"every":"1s"}\]/);
    expect(described).toMatch(/Notes +started by a script/);
  });

  it('pauses the looking, and looks once when it is told to', async () => {
    await schedule('toggle', sweep, '--pause', '--reason', 'a quiet hour');
    await eventually(async () => ((await schedulePaused()) ? true : undefined));
    await noSweepRuns();
    const before = await sweeps();
    const asked = repository.commit({ 'app/web.yaml': service('web', { greeting: 'triggered' }) });
    await schedule('trigger', sweep);
    expect(await recordOf(asked)).toMatchObject({ status: 'succeeded', trigger: 'auto' });
    expect(await sweeps()).toBe(before + 1);
  });

  it('lets it go on', async () => {
    const missed = repository.commit({ 'app/web.yaml': service('web', { greeting: 'by itself' }) });
    await schedule('toggle', sweep, '--unpause', '--reason', 'over');
    expect(await recordOf(missed)).toMatchObject({ status: 'succeeded' });
  });

  it('has the cluster looked at for drift', async () => {
    const looks = 'WorkflowType = "driftSweep" AND ExecutionStatus = "Completed"';
    const before = (await temporal.workflow.count(looks)).count;
    await schedule('trigger', drift);
    await eventually(async () => ((await temporal.workflow.count(looks)).count === before + 1 ? true : undefined));
  });
});

/** The Schedules are ordinary ones: Temporal itself says that they are paused. */
async function schedulePaused(): Promise<boolean> {
  for await (const { scheduleId, state } of temporal.schedule.list())
    if (scheduleId.startsWith('gitops-sweep-') && !state.paused) return false;
  return true;
}

async function noSweepRuns(): Promise<void> {
  await eventually(async () => {
    const running = await temporal.workflow.count('WorkflowType = "sweep" AND ExecutionStatus = "Running"');
    return running.count === 0 ? true : undefined;
  });
}
