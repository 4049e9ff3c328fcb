/**
 * Long lives: on a Temporal that wants short histories, and with the workers in a process of their own
 * (`sloth-runner server` without --dev), an application and its repository go on as new runs and forget nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStore } from '../../src/adapters/artifacts/folder-store.js';
import { connect } from '../../src/client/connection.js';
import type { GitOpsClient } from '../../src/client/gitops-client.js';
import type { ApplicationStatus, SyncTicket } from '../../src/workflows/messages.js';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.js';
import { freshNamespace } from '../support/cluster.js';
import { eventually } from '../support/eventually.js';
import { binary, openHome, type Home } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';

const dir = mkdtempSync(join(tmpdir(), 'sloth-short-'));
const dynamicConfig = { 'limit.historyCount.suggestContinueAsNew': '60' };
let temporal: TemporalServer;
let home: Home;
let workers: ChildProcess;
let client: GitOpsClient;
let repository: TestRepository;

beforeAll(async () => {
  temporal = await startTemporalServer({ dir, ui: false, dynamicConfig, detached: false });
  home = await openHome({ env: { TEMPORAL_ADDRESS: temporal.address } });
  workers = startWorkers();
  client = await connect({ address: temporal.address, local: true, artifacts: new FolderStore(home.dir) });
  repository = createRepository({ 'app.yaml': configMap('settings') });
  const namespace = await freshNamespace('long-lived');
  const script = `assert(gitops.workflow({ repo = "${repository.url}", name = "old", namespace = "${namespace}",
    auto_sync = true, sync_interval = "1s" }))`;
  await home.ok('run', '-f', home.file('declare.lua', script));
});

afterAll(async () => {
  await client?.close();
  await endWorkers('SIGTERM');
  await temporal?.stop();
  await home?.close();
  repository?.remove();
  rmSync(dir, { recursive: true, force: true });
});

function startWorkers(): ChildProcess {
  return spawn(process.execPath, [binary, 'server'], { env: home.env, stdio: 'ignore' });
}

async function endWorkers(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const gone = new Promise((resolve) => workers?.once('exit', resolve));
  workers?.kill(signal);
  await gone;
}

/** How often a workflow has continued as new. */
async function continued(type: string): Promise<number> {
  const query = `WorkflowType = "${type}" AND ExecutionStatus = "ContinuedAsNew"`;
  return (await client.temporal.workflow.count(query)).count;
}

describe('an application that lives long', () => {
  it('goes on as a new run, again and again', async () => {
    for (let n = 1; n <= 12; n++) {
      const commit = repository.commit({ 'app.yaml': configMap('settings', `greeting ${n}`) });
      await eventually(async () => (await client.history('old')).find((r) => r.revision === commit));
    }
    await eventually(async () => ((await continued('application')) >= 2 ? true : undefined));
    await eventually(async () => ((await continued('repository')) >= 1 ? true : undefined));
  });

  it('keeps every record, its numbers and what it can return to', async () => {
    const history = await client.history('old');
    expect(history.map((record) => record.number)).toEqual(history.map((_, i) => i + 1));
    expect(history.length).toBeGreaterThanOrEqual(13);
    const ticket = await client.rollback('old', 'to the start', { to: 'sync', sync: 'sync-1' });
    expect(await client.wait(ticket)).toMatchObject({ status: 'succeeded', restored: 'sync-1' });
  });

  it('takes what is asked of it in many requests at once', async () => {
    const tickets = await Promise.all(
      [...Array(8).keys()].map((n) => client.sync('old', { why: `request ${n}`, prune: n % 2 === 0 })),
    );
    const records = await Promise.all(tickets.map((ticket) => client.wait(ticket)));
    expect(records.every((record) => ['succeeded', 'superseded'].includes(record.status))).toBe(true);
    expect(records.some((record) => record.status === 'succeeded')).toBe(true);
  });
});

describe('an application of which a sync waits for its approval', () => {
  const waiting = async (): Promise<ApplicationStatus | undefined> => {
    const status = await client.status('patient');
    return status.status === 'awaiting_approval' ? status : undefined;
  };
  let ticket: SyncTicket;

  beforeAll(async () => {
    const namespace = await freshNamespace('patient');
    const script = `assert(gitops.workflow({ repo = "${repository.url}", name = "patient", namespace = "${namespace}",
      approval_required = { two_person = true } }))`;
    await home.ok('run', '-f', home.file('patient.lua', script));
    ticket = await client.sync('patient', { who: 'ann' });
    await eventually(waiting);
  });

  it('goes on as a new run meanwhile, and still knows what waits', async () => {
    const handle = client.temporal.workflow.getHandle(`gitops/${ticket.app}`);
    const first = (await handle.describe()).runId;
    await eventually(async () => {
      await handle.signal('driftOver', { confirmed: 0 });
      return (await handle.describe()).runId === first ? undefined : true;
    });
    expect(await waiting()).toMatchObject({ lastSync: { id: 'sync-1', gate: { approval: { requestedBy: 'ann' } } } });
  });

  it('loses its worker meanwhile, and the approval is given to the next one', async () => {
    await endWorkers('SIGKILL');
    workers = startWorkers();
    await expect(client.approvals.approve('patient', { by: 'ann' })).rejects.toMatchObject({ code: 'NotAllowed' });
    await client.approvals.approve('patient', { by: 'bob' });
    expect(await client.wait(ticket)).toMatchObject({ status: 'succeeded', decisions: [{ by: 'bob' }] });
  });

  it('hears how the sync ended, and takes the next request', async () => {
    expect(await client.status('patient')).toMatchObject({ status: 'synced', lastSync: { id: 'sync-1' } });
    expect(await client.history('patient')).toMatchObject([{ id: 'sync-1', status: 'succeeded' }]);
    expect(await client.wait(await client.sync('patient'))).toMatchObject({ id: 'sync-2', status: 'succeeded' });
  });
});
