/**
 * The gate between plan and first write: people who approve, windows that open. Development goes by itself, production
 * waits, and nothing that was not let through reaches its cluster.
 */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { GitOpsClient } from '../../src/client/gitops-client.js';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { ApplicationStatus, SyncTicket } from '../../src/workflows/messages.js';
import { freshNamespace, kubectl } from '../support/cluster.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { runCommand } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import { temporal, temporalJson } from '../support/temporal-cli.js';

let engine: Engine;
let client: GitOpsClient;
const repositories: TestRepository[] = [];

/** Closed at all times but for one minute on the 29th of February. */
const closed = {
  kind: 'allow',
  schedule: '0 0 29 2 *',
  duration: '1m',
  description: 'leap',
  applications: ['by-*', 'held'],
};

beforeAll(async () => {
  engine = await Engine.open({ config: { projects: { default: { sync_windows: [closed] } } } });
  ({ client } = engine);
});

afterAll(async () => {
  await engine.close();
  for (const repository of repositories) repository.remove();
});

const greetings = (greeting: string): Readonly<Record<string, string>> => ({ 'app.yaml': configMap('web', greeting) });

/** What the cluster holds; undefined when there is no such object. */
async function live(namespace: string): Promise<string | undefined> {
  const args = ['get', 'configmap', 'web', '-n', namespace, '--ignore-not-found', '-o', 'jsonpath={.data.greeting}'];
  return (await kubectl(...args)) || undefined;
}

function untilWaiting(app: string, more: (status: ApplicationStatus) => boolean = () => true) {
  return eventually(async () => {
    const status = await client.status(app);
    const gate = status.lastSync?.gate;
    return gate !== undefined && more(status) ? { status, gate, digest: gate.approval?.digest ?? '' } : undefined;
  });
}

const recordOf = (app: string, revision: string): Promise<SyncRecord> =>
  eventually(async () => (await client.history(app)).find((r) => r.revision === revision));

/** Asks for a sync that waits at its gate. */
async function ask(app: Pick<TestApplication, 'id'>, who = 'ann'): Promise<SyncTicket> {
  const ticket = await client.sync(app.id, { who });
  await untilWaiting(app.id, ({ lastSync }) => lastSync?.id === ticket.sync);
  return ticket;
}

const refusal = (code: string): object => expect.objectContaining({ code }) as object;

describe('the environments of the specification, production with approval_required', () => {
  let [dev, prod]: { repository: TestRepository; namespace: string }[] = [];

  beforeAll(async () => {
    [dev, prod] = await Promise.all(
      ['development', 'production'].map(async (name) => {
        const repository = createRepository(greetings('one'));
        repositories.push(repository);
        return { repository, namespace: await freshNamespace(name) };
      }),
    );
    const source = `
      local environments = {
        { name = "development", repo = "${dev?.repository.url}", namespace = "${dev?.namespace}", sync_interval = "1s",
          auto_sync = true, rollback_on_failure = true },
        { name = "production", repo = "${prod?.repository.url}", namespace = "${prod?.namespace}", sync_interval = "1s",
          auto_sync = false, rollback_on_failure = true, validation_required = true, approval_required = true },
      }
      for _, env in ipairs(environments) do assert(gitops.workflow(env)) end`;
    await client.scripts.result(await client.scripts.start({ name: 'environments.lua', source }));
  });

  it('development syncs by itself, production waits for its approval', async () => {
    await eventually(async () => ((await client.status('development')).status === 'synced' ? true : undefined));
    await engine.home.ok('app', 'sync', 'production', '--detach');
    const { status } = await untilWaiting('production');
    expect(status).toMatchObject({ status: 'awaiting_approval', lastSync: { gate: { waitsFor: 'approval' } } });
    expect(await live(dev?.namespace ?? '')).toBe('one');
    expect(await live(prod?.namespace ?? '')).toBeUndefined();
  });

  it('app list and app get show what waits, and how to answer', async () => {
    const list = await eventually(async () => {
      const { stdout, stderr } = await engine.home.cli('app', 'list');
      return /production +awaiting_approval/.test(stdout) ? stderr : undefined;
    });
    expect(list).toContain('sloth-runner app approve production');
    const { digest } = await untilWaiting('production');
    const shown = await engine.home.ok('app', 'get', 'production');
    expect(shown).toContain(`Waits for 1 approval of plan ${digest.slice(0, 12)}`);
    expect(shown).toContain(`sloth-runner app approve production --digest ${digest.slice(0, 12)}`);
    expect(await client.approvals.waiting()).toMatchObject([{ name: 'production', sync: 'sync-1' }]);
  });

  it('app approve lets it through', async () => {
    const { digest } = await untilWaiting('production');
    const said = await engine.home.ok('approve', 'production', '--digest', digest.slice(0, 12), '--by', 'bob');
    expect(said).toContain(`plan ${digest.slice(0, 12)} of production approved`);
    await client.waitFor('production', { status: 'synced', timeoutMs: 30_000 });
    expect(await live(prod?.namespace ?? '')).toBe('one');
    const [first] = await client.history('production');
    expect(first).toMatchObject({ status: 'succeeded', decisions: [{ verdict: 'approve', by: 'bob', digest }] });
  });

  it('a refusal leaves production untouched, and auto-sync does not ask about its commit again', async () => {
    await client.setAutoSync('production', true);
    const commit = prod?.repository.commit(greetings('two')) ?? '';
    await untilWaiting('production', ({ lastSync }) => lastSync?.id === 'sync-2');
    const rejected = await engine.home.ok('app', 'reject', 'production', '--reason', 'not on a Friday', '--by', 'bob');
    expect(rejected).toContain('of production rejected');
    const record = await recordOf('production', commit);
    expect(record).toMatchObject({ status: 'failed', errorCode: 'ApprovalRejected' });
    expect(record.message).toContain('bob rejected the plan');
    expect(record.message).toContain('not on a Friday');
    expect(await live(prod?.namespace ?? '')).toBe('one');
    const { spec, status, rejected: known } = await client.status('production');
    expect({ status, known }).toMatchObject({ status: 'failed', known: { revision: commit } });
    await client.temporal.workflow.getHandle(`gitops/${spec.id}`).signal('revisionObserved', { revision: commit });
    expect(await client.status('production')).toMatchObject({ status: 'failed', nextSync: 3 });
  });

  it('a person may ask for it nevertheless; refused, the command ends with 7', async () => {
    let said = '';
    const { env, dir } = engine.home;
    const syncing = runCommand(['app', 'sync', 'production'], env, dir, (stderr) => void (said = stderr));
    await eventually(async () => /Waits for 1 approval of plan/.test(said) || undefined);
    await client.approvals.reject('production', { by: 'bob', reason: 'still no' });
    const { code: exit, stdout, stderr } = await syncing;
    expect({ exit, stdout }).toEqual({ exit: 7, stdout: expect.stringContaining('still no') });
    expect(stderr).toMatch(/sloth-runner approve gitops\/workflow-\d+\/sync-3/);
  });

  it('a broken commit never reaches production: nobody is even asked', async () => {
    const commit = prod?.repository.commit({ 'app.yaml': configMap('web', 'three').replace('data:', 'dta:') }) ?? '';
    const record = await recordOf('production', commit);
    expect(record.status).toBe('failed');
    expect(record.steps.map((s) => s.phase)).not.toContain('apply');
    expect(record.decisions).toBeUndefined();
    expect(await live(prod?.namespace ?? '')).toBe('one');
  });

  it('a newer commit takes the place of one that waits', async () => {
    const older = prod?.repository.commit(greetings('four')) ?? '';
    await untilWaiting('production', ({ lastSync }) => lastSync?.id === 'sync-5');
    const newer = prod?.repository.commit(greetings('five')) ?? '';
    expect(await recordOf('production', older)).toMatchObject({ status: 'superseded', finishedAt: expect.any(String) });
    await untilWaiting('production', ({ lastSync }) => lastSync?.id === 'sync-6');
    await client.approvals.approve('production', { by: 'bob' });
    expect(await recordOf('production', newer)).toMatchObject({ status: 'succeeded' });
    expect(await live(prod?.namespace ?? '')).toBe('five');
  });

  it('a branch that goes back to what is live takes the wait of the commit with it that is gone', async () => {
    const { revision = '' } = await client.status('production');
    const undone = prod?.repository.commit(greetings('undone')) ?? '';
    await untilWaiting('production', ({ lastSync }) => lastSync?.id === 'sync-7');
    execFileSync('git', ['--git-dir', prod?.repository.path ?? '', 'update-ref', 'refs/heads/main', revision]);
    expect(await recordOf('production', undone)).toMatchObject({ status: 'superseded' });
    await expect(client.approvals.approve('production', { by: 'bob' })).rejects.toEqual(refusal('NothingToApprove'));
    expect(await client.status('production')).toMatchObject({ status: 'synced', revision });
    expect(await live(prod?.namespace ?? '')).toBe('five');
  });
});

describe('an approval', () => {
  let app: TestApplication;
  let workflow: string;

  beforeAll(async () => {
    const fields = `, approval_required = { approvals = 2, two_person = true, approvers = { "ann", "bob", "cara" } }`;
    app = await engine.declare('two-people', greetings('one'), fields);
    workflow = `gitops/${app.id}`;
  });

  it('is neither given by whoever asked, nor twice by one person, nor by a stranger, nor for another plan', async () => {
    const ticket = await ask(app, 'ann');
    const { approvals } = client;
    await expect(approvals.approve(app.id, { by: 'ann' })).rejects.toEqual(refusal('NotAllowed'));
    await expect(approvals.approve(app.id, { by: 'mallory' })).rejects.toEqual(refusal('NotAllowed'));
    await expect(approvals.approve(app.id, { by: 'bob', digest: 'f'.repeat(64) })).rejects.toEqual(
      refusal('PlanMismatch'),
    );
    await approvals.approve(app.id, { by: 'bob' });
    await approvals.approve(app.id, { by: 'BOB' });
    const { gate } = await untilWaiting(app.id, ({ lastSync }) => lastSync?.gate?.approval?.decisions.length === 2);
    expect(gate.waitsFor).toBe('approval');
    await approvals.approve(ticket.workflowId, { by: 'cara', reason: 'looked at it' });
    expect(await client.wait(ticket)).toMatchObject({ status: 'succeeded', message: 'Sync completed successfully' });
    await expect(approvals.approve(app.id, { by: 'bob' })).rejects.toEqual(refusal('NothingToApprove'));
  });

  it('is not asked for when nothing would change, nor for a dry run', async () => {
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded', changes: { unchanged: 1 } });
    app.repository.commit(greetings('two'));
    expect(await engine.sync(app, { dryRun: true })).toMatchObject({ status: 'succeeded' });
  });

  it("comes from Temporal's own command line as well, which is told what is missing", async () => {
    const ticket = await ask(app, 'ann');
    const { digest } = await untilWaiting(app.id);
    const say = (input: object): Promise<{ outcome?: unknown }> =>
      temporalJson(
        engine.home,
        ...['workflow', 'update', 'execute', '--workflow-id', ticket.workflowId],
        ...['--name', 'approve', '--input', JSON.stringify(input)],
      );
    await expect(say({ by: 'bob' })).rejects.toThrow(/an approval names the plan it is for/);
    for (const by of ['bob', 'cara']) await say({ by, digest });
    expect(await client.wait(ticket)).toMatchObject({ status: 'succeeded' });
  });

  it("shows what is waited for in Temporal's own view, and by its search attribute", async () => {
    app.repository.commit(greetings('three'));
    const ticket = await ask(app, 'ann');
    const { digest } = await untilWaiting(app.id);
    const details = await temporal(engine.home, 'workflow', 'metadata', '--workflow-id', ticket.workflowId);
    expect(details).toContain(`2 approvals, not by ann, of: ann, bob, cara of plan ${digest.slice(0, 12)}`);
    await eventually(async () => {
      const query = 'GitopsStatus="awaiting_approval" AND GitopsApp="two-people"';
      return (await client.temporal.workflow.count(query)).count === 1 ? true : undefined;
    });
    expect((await client.temporal.workflow.getHandle(workflow).describe()).status.name).toBe('RUNNING');
  });

  it('falls when the cluster moved while it waited: the new plan is asked about', async () => {
    const { digest, status } = await untilWaiting(app.id);
    await kubectl('delete', 'configmap', 'web', '-n', app.namespace);
    for (const by of ['bob', 'cara']) await client.approvals.approve(app.id, { by });
    const again = await untilWaiting(app.id, ({ lastSync }) => lastSync?.gate?.approval?.digest !== digest);
    expect(again.status.lastSync?.id).toBe(status.lastSync?.id);
    expect(again.gate.approval?.decisions).toEqual([]);
    await expect(client.approvals.approve(app.id, { by: 'bob', digest })).rejects.toEqual(refusal('PlanMismatch'));
    expect(await live(app.namespace)).toBeUndefined();
    await client.approvals.reject(app.id, { by: 'ann', reason: 'taken back' });
  });

  it('comes from a script, which may also reject', async () => {
    app.repository.commit(greetings('four'));
    const ticket = await ask(app, 'ann');
    const source = `
      print(gitops.approve("two-people"))
      print(gitops.approve("two-people", { reject = true, reason = "by script" }))`;
    const run = await client.scripts.start({ name: 'decide.lua', source, who: 'bob' });
    const lines = (await client.scripts.result(run)).lines.map(({ text }) => text);
    expect(lines).toEqual(['true', 'true']);
    expect(await client.wait(ticket)).toMatchObject({
      status: 'failed',
      errorCode: 'ApprovalRejected',
      decisions: [{ verdict: 'approve' }, { verdict: 'reject', reason: 'by script' }],
    });
  });

  it('expires, and the commit is not asked about again', async () => {
    const hasty = await engine.declare('hasty', greetings('one'), ', approval_required = { expires = "1s" }');
    const record = await engine.sync(hasty);
    expect(record).toMatchObject({ status: 'failed', errorCode: 'ApprovalExpired' });
    expect(await client.status(hasty.id)).toMatchObject({ rejected: { revision: record.revision } });
    expect(await live(hasty.namespace)).toBeUndefined();
  });

  it('is asked for anew when the application is suspended, or declared with other rules', async () => {
    const fields = ', approval_required = true';
    const one = await engine.declare('changing', greetings('one'), fields);
    await ask(one);
    await client.suspend(one.id, 'bob', 'holidays');
    await eventually(async () => ((await client.status(one.id)).status === 'suspended' ? true : undefined));
    await client.resume(one.id, 'bob');
    await untilWaiting(one.id, ({ lastSync }) => lastSync?.id === 'sync-2');
    const { spec } = await client.status(one.id);
    await client.declare({ ...spec, approval: { approvals: 3 } });
    const { gate } = await untilWaiting(one.id, ({ lastSync }) => lastSync?.id === 'sync-3');
    expect(gate.approval?.policy.approvals).toBe(3);
    expect((await client.history(one.id)).map(({ status }) => status)).toEqual(['superseded', 'superseded']);
  });
});

describe('a closed window', () => {
  const until = /opens at \d{4}-02-29T00:00:00.000Z/;

  it('of the operator refuses a sync by hand with 7, names itself and the next opening; nothing is written', async () => {
    const app = await engine.declare('by-hand', greetings('one'));
    const { code, stdout } = await engine.home.cli('app', 'sync', 'by-hand');
    expect(code).toBe(7);
    expect(stdout).toContain('Closed by allow "leap" (0 0 29 2 * UTC for 1m)');
    expect(stdout).toMatch(until);
    expect(await live(app.namespace)).toBeUndefined();
    expect(await client.status(app.id)).toMatchObject({ status: 'active' });
  });

  it('holds a commit back until it opens, shows when, and is not passed by a person', async () => {
    const always = '{ kind = "allow", schedule = "* * * * *", duration = "1h", manual_sync = true }';
    const fields = `, auto_sync = true, sync_interval = "1s", sync_windows = { ${always} }`;
    const app = await engine.declare('held', greetings('one'), fields);
    const { status } = await untilWaiting(app.id);
    expect(status).toMatchObject({ status: 'syncing', lastSync: { gate: { waitsFor: 'window' } } });
    // The commit that the sweep sees may take the place of the first sync just then.
    await eventually(async () => until.test(await engine.home.ok('app', 'get', 'held')) || undefined);
    await expect(client.sync(app.id, { who: 'ann' })).rejects.toEqual(refusal('SyncWindowClosed'));
    expect(await live(app.namespace)).toBeUndefined();
    await client.setAutoSync(app.id, false);
    await eventually(async () => ((await client.history(app.id))[0]?.status === 'superseded' ? true : undefined));
  });

  it('that allows it lets a person through, in the place of the commit that waits', async () => {
    const night = '{ kind = "allow", schedule = "0 0 29 2 *", duration = "1h", manual_sync = true }';
    const fields = `, auto_sync = true, sync_interval = "1s", sync_windows = { ${night} }`;
    const app = await engine.declare('emergency', greetings('one'), fields);
    await untilWaiting(app.id);
    const record = await engine.sync(app);
    expect(record).toMatchObject({ status: 'succeeded' });
    expect(await live(app.namespace)).toBe('one');
    // Once more when the sweep saw the commit only while the person's sync ran.
    const others = (await client.history(app.id)).filter(({ id }) => id !== record.id);
    expect([...new Set(others.map(({ status }) => status))]).toEqual(['superseded']);
  });
});
