/**
 * What pipelines and forges have of a sync: its commit's status, the diff as a comment, commands as gates, and gates
 * outside. Forge, channel and gate are small servers of this test.
 */
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { Engine, type TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { FakeForge } from '../support/fake-forge.js';
import { binary, type CommandResult } from '../support/home.js';
import { configMap } from '../support/manifests.js';
import { scriptsOf } from '../support/pipelines.js';

interface GateReply {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

let engine: Engine;
let forge: FakeForge;
let app: TestApplication;
let outside: Server;
let messages: Record<string, unknown>[] = [];
let questions: Record<string, unknown>[] = [];
let gate: (nth: number) => GateReply = () => ({ status: 200, body: { allow: true } });

const broken = configMap('a').replace('kind: ConfigMap', 'kind: Nonsense');

beforeAll(async () => {
  forge = await FakeForge.start('gitea');
  outside = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const told = JSON.parse(text) as Record<string, unknown>;
      const isGate = request.url === '/gate';
      (isGate ? questions : messages).push(told);
      const { status, body, headers } = isGate ? gate(questions.length) : { status: 200, body: {}, headers: {} };
      response.writeHead(status, headers).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  engine = await Engine.open({ env: { FORGE_TOKEN: forge.token } });
  const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  app = await engine.declare(
    'ci',
    { 'app.yaml': configMap('a') },
    `, sync_policy = { retry = { limit = 1, backoff = { duration = "1s" } } },
       gates = { { name = "board", url = "${url}/gate", interval = "1s" } },
       notifications = {
         commit_status = { provider = "gitea", api = "${forge.api}", repository = "acme/shop", token = secret("env:FORGE_TOKEN"),
           target_url = "https://ops.example/{app}/{sync}" },
         webhook = { url = "${url}/hook", on = { "on-succeeded", "on-failed" } } }`,
  );
});
afterAll(async () => {
  await engine.close();
  forge.stop();
  outside.close();
});
beforeEach(() => {
  forge.clear();
  messages = [];
  questions = [];
  gate = () => ({ status: 200, body: { allow: true } });
});

const change = (): string => app.repository.commit({ 'app.yaml': configMap('a', String(Math.random())) });

async function recorded({ id }: SyncRecord): Promise<SyncRecord | undefined> {
  return (await engine.client.history(app.id)).find((record) => record.id === id);
}

describe('the status of a commit', () => {
  it('is pending while its sync runs, and then how it ended; people are told', async () => {
    const commit = change();
    const { id } = await engine.sync(app);
    const said = await eventually(async () => (forge.posted().length > 1 ? forge.posted(commit) : undefined));
    const common = { context: 'sloth-runner/ci', target_url: `https://ops.example/ci/${id}` };
    expect(said).toEqual([
      { ...common, state: 'pending', description: `${id}: the sync is running` },
      { ...common, state: 'success', description: expect.stringMatching(`^${id}: synced: `) },
    ]);
    const [told] = await eventually(async () => (messages.length > 0 ? messages : undefined));
    expect(told).toMatchObject({ app: 'ci', sync: id, status: 'succeeded', revision: commit, trigger: 'manual' });
    expect(messages).toHaveLength(1);
  });

  it('is a failure for one that cannot be applied', async () => {
    const commit = app.repository.commit({ 'app.yaml': broken });
    const { id } = await engine.sync(app);
    const said = await eventually(async () => forge.posted(commit)[1]);
    expect(said).toMatchObject({ state: 'failure', description: expect.stringMatching(`^${id}: .*Nonsense`) });
    await eventually(async () => messages.find(({ error_code }) => error_code === 'UnknownKind'));
    change();
  });

  it('is not that of a dry run', async () => {
    await engine.sync(app, { dryRun: true });
    await engine.sync(app);
    await eventually(async () => forge.posted()[1]);
    expect(forge.posted()).toHaveLength(2);
  });

  it('that cannot be set is a warning of the record, and the sync is as it would be without', async () => {
    forge.failures.push(...Array.from({ length: 2 }, () => ({ status: 401, body: { message: `bad ${forge.token}` } })));
    const record = await engine.sync(app);
    expect(record.status).toBe('succeeded');
    const { warnings } = await eventually(async () => {
      const found = await recorded(record);
      return found?.warnings === undefined ? undefined : found;
    });
    expect(warnings?.join()).toMatch(/could not be set to success: Gitea answered 401: bad \*\*\*/);
    expect(await engine.home.ok('app', 'get', 'ci')).toMatch(/Warning: +the status of/);
  });
});

describe('the diff as a comment of a pull request', () => {
  const diff = (...more: string[]): Promise<CommandResult> => engine.home.cli('app', 'diff', 'ci', ...more);

  it('is written once, and anew in its place', async () => {
    forge.addComment(7, 'looks good to me');
    const first = change();
    const shown = await diff('--revision', first, '--comment', '7', '-o', 'json');
    expect([shown.code, (JSON.parse(shown.stdout) as { revision: string }).revision]).toEqual([1, first]);
    const second = change();
    expect((await diff('--revision', second, '--comment', '7')).code).toBe(1);
    expect(forge.comments).toHaveLength(2);
    expect(forge.comments[1]?.['body']).toMatch(new RegExp(`### ci at ${second.slice(0, 12)}[^]*update ConfigMap/a`));
  });

  it.each<[string, string[], number, RegExp]>([
    ['without a number', ['--comment', 'seven'], 2, /--comment 'seven' is not the number/],
    ['when the forge refuses it', ['--comment', '7'], 2, /Gitea answered 404/],
    ['of an application that is not there', ['--comment', '7'], 2, /UnknownApplication/],
  ])('%s: the pipeline hears of it', async (title, options, code, message) => {
    forge.failures.push({ status: 404, body: { message: 'issue does not exist' } });
    const name = title.startsWith('of') ? 'nobody' : 'ci';
    const result = await engine.home.cli('app', 'diff', name, ...options);
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code, stderr: expect.stringMatching(message) });
  });
});

describe('a gate outside', () => {
  it('is asked about the plan, and says yes', async () => {
    const commit = change();
    const { id, planDigest } = await engine.sync(app);
    expect(questions).toEqual([
      {
        app: 'ci',
        id: app.id,
        project: 'default',
        environment: '',
        cluster: 'default',
        namespace: app.namespace,
        sync: id,
        revision: commit,
        plan_digest: planDigest,
        changes: { created: 0, updated: 1, deleted: 0, unchanged: 0, conflicts: 0 },
        hooks: 0,
        trigger: 'manual',
        who: 'test',
      },
    ]);
  });

  it('is not asked when there is nothing to write', async () => {
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded' });
    expect(questions).toEqual([]);
  });

  it('that says no ends the sync with 7, and nothing is written', async () => {
    change();
    gate = () => ({ status: 200, body: { allow: false, reason: 'change freeze' } });
    const { code, stdout } = await engine.home.cli('app', 'sync', 'ci');
    expect({ code, stdout }).toEqual({
      code: 7,
      stdout: expect.stringMatching(/the gate board said no: change freeze/),
    });
    expect((await engine.home.cli('app', 'diff', 'ci')).code).toBe(1);
  });

  it('that has not decided is asked again', async () => {
    gate = (nth) =>
      nth < 3 ? { status: 202, headers: { 'retry-after': '1' } } : { status: 200, body: { allow: true } };
    expect(await engine.sync(app)).toMatchObject({ status: 'succeeded', changes: { updated: 1 } });
    expect(questions).toHaveLength(3);
  });

  it('that does not answer is no yes', async () => {
    change();
    gate = () => ({ status: 500, body: { allow: true } });
    expect(await engine.sync(app)).toMatchObject({
      status: 'failed',
      errorCode: 'GateRefused',
      message: expect.stringMatching(/the gate board did not answer, which is no yes: it answered 500/),
      metrics: { applied: 0 },
    });
    expect(questions).toHaveLength(2);
  });
});

describe('a pipeline', () => {
  /** The script of a job, as a runner runs it. */
  function job(script: string, env: NodeJS.ProcessEnv): Promise<CommandResult> {
    const bin = join(engine.home.dir, 'bin');
    engine.home.file('bin/sloth-runner', `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`);
    return new Promise((resolve) => {
      const path = `${bin}:${process.env['PATH']}`;
      const shell = spawn('sh', ['-e', '-c', `chmod +x "${bin}/sloth-runner"\n${script}`], {
        env: { ...engine.home.env, ...env, PATH: path, TEMPORAL_ADDRESS: undefined, CI: 'true' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const out = { stdout: '', stderr: '' };
      shell.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
      shell.stderr.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
      shell.on('close', (code) => resolve({ code: code ?? -1, ...out }));
    });
  }

  it('of examples/ci shows what a commit would change, syncs it and waits for it', async () => {
    const { diff = '', deploy = '' } = scriptsOf('gitlab-ci.yml');
    const env = { APP: 'ci', CI_COMMIT_SHA: change(), CI_MERGE_REQUEST_IID: '9' };
    const shown = await job(diff, env);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('1 to update') });
    expect(forge.comments.map(({ pull }) => pull)).toEqual([9]);
    const deployed = await job(deploy, env);
    expect(deployed).toMatchObject({ code: 0, stdout: expect.stringMatching(/succeeded: [^]*Status: +synced/) });
    expect(deployed.stdout).not.toMatch(/\u001b|\r/);
  });

  const wait = (...more: string[]): Promise<CommandResult> => engine.home.cli('app', 'wait', 'ci', ...more);

  it('goes on when its commit is live', async () => {
    const { revision = '' } = await engine.client.status(app.id);
    const { code, stdout } = await wait('--revision', revision.slice(0, 10), '--health', 'Healthy', '-o', 'json');
    expect([code, (JSON.parse(stdout) as { revision: string }).revision]).toEqual([0, revision]);
  });

  it('stops at once when the sync of its commit failed', async () => {
    const commit = app.repository.commit({ 'app.yaml': broken });
    await engine.sync(app);
    const { code, stdout, stderr } = await wait('--revision', commit, '--timeout', '5m');
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/is not live: sync-\d+ failed: [^]*Nonsense[^]*code: UnknownKind/),
    });
  });

  it('gives up after its time with 5', async () => {
    const { code, stderr } = await wait('--revision', 'f'.repeat(40), '--status', 'failed', '--timeout', '1s');
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringMatching(/is failed, \w+ at [0-9a-f]{8} after 1\.0s/),
    });
  });

  it('hears that there is no such application with 4', async () =>
    expect((await engine.home.cli('app', 'wait', 'nobody')).code).toBe(4));
});

it('the token of the forge is in no history, no log and no database', () => {
  const files = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? files(path) : statSync(path).isFile() ? [path] : [];
    });
  const leaks = (): string[] => files(engine.home.dir).filter((path) => readFileSync(path).includes(forge.token));
  expect(leaks()).toEqual([]);
  writeFileSync(join(engine.home.dir, 'leak'), forge.token);
  expect(leaks()).toHaveLength(1);
});
