/**
 * Temporal's own command line is a full door to the engine: what it starts, updates and shows needs nothing of ours.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApplicationStatus, SyncRecord, SyncTicket } from '../../src/client/index.js';
import { freshNamespace } from '../support/cluster.js';
import { openHome, type Home } from '../support/home.js';
import { service } from '../support/manifests.js';
import { createRepository, type TestRepository } from '../support/repository.js';
import { temporal, temporalJson } from '../support/temporal-cli.js';

let home: Home;
let repository: TestRepository;
/** Temporal's id of the application. */
let application: string;

beforeAll(async () => {
  home = await openHome();
  repository = createRepository({ 'web.yaml': service('web') });
  const script = home.file(
    'declare.lua',
    `assert(gitops.workflow({ repo = "${repository.url}", name = "shop", environment = "test", rollback_on_failure = true,
       namespace = "${await freshNamespace('temporal-cli')}", sync_policy = { health_check = { timeout = "60s" } } }))`,
  );
  await home.ok('run', '-f', script);
  application = `gitops/${(await home.json<ApplicationStatus>('get', 'shop')).spec.id}`;
});

afterAll(async () => {
  await home.close();
  repository.remove();
});

describe("Temporal's own command line", () => {
  it.each([
    'GitopsApp="shop"',
    'GitopsApp="shop" AND GitopsStatus="active"',
    'GitopsProject="default" AND GitopsEnvironment="test" AND GitopsCluster="default"',
  ])('temporal workflow list --query %s finds the application', async (query) => {
    expect(await listed(query)).toContain(application);
  });

  it('temporal workflow list does not find it under another name', async () => {
    expect(await listed('GitopsApp="other"')).toEqual([]);
  });

  it('temporal workflow start runs a script', async () => {
    await temporal(home, ...scriptCommand('by-hand', 'print("1 + 1 = " .. 1 + 1)'));
    const { status, result } = await resultOf<{ lines: { text: string }[] }>('by-hand');
    expect({ status, lines: result.lines.map((line) => line.text) }).toEqual({
      status: 'COMPLETED',
      lines: ['1 + 1 = 2'],
    });
  });

  it('temporal workflow query finds no stacks: what a run waits for stands in its details', async () => {
    const query = ['workflow', 'query', '--workflow-id', application, '--type', '__stack_trace'];
    expect(await temporal(home, ...query)).not.toMatch(/\bat \S+/);
  });

  it('temporal workflow query reads what a script printed', async () => {
    const query = ['workflow', 'query', '--workflow-id', 'by-hand', '--type', 'lines'];
    expect(await temporal(home, ...query)).toContain('1 + 1 = 2');
  });

  it('temporal workflow update execute syncs the application', async () => {
    const ticket = await update<SyncTicket>('sync', '{}');
    expect(ticket).toMatchObject({ sync: 'sync-1', workflowId: `${application}/sync-1`, queued: false });
    const { status, result } = await resultOf<SyncRecord>(ticket.workflowId);
    expect({ status, result }).toMatchObject({
      status: 'COMPLETED',
      result: { status: 'succeeded', health: 'Healthy' },
    });
    expect(await listed('GitopsApp="shop" AND WorkflowType="sync" AND GitopsTrigger="manual"')).toEqual([
      ticket.workflowId,
    ]);
  });

  it('temporal workflow show names every step of a sync that was rolled back in words', async () => {
    repository.commit({ 'web.yaml': service('web', { image: 'registry.example/web:broken' }) });
    const { workflowId } = await update<SyncTicket>('sync', '{}');
    expect((await resultOf<SyncRecord>(workflowId)).result.status).toBe('rolled_back');
    expect(withoutRepeats(await steps(workflowId))).toEqual([
      'clone . at main',
      expect.stringMatching(/^render \. at [0-9a-f]{8}$/),
      'dry-run every object and compare with the cluster',
      'back up 1 live objects',
      'apply wave 0: 1 objects',
      'wait until every object is healthy',
      expect.stringMatching(/^restore the set of sync-1 \([0-9a-f]{8}\)$/),
      'wait until every object is healthy',
      'record sync-2: rolled_back',
    ]);
  });

  it('temporal workflow show names every sync of an application in words', async () => {
    expect(await steps(application)).toEqual(['shop: sync main', 'shop: sync main']);
  });

  it('temporal workflow show names every step of a script in words', async () => {
    await temporal(home, ...scriptCommand('calling', callingScript));
    expect((await resultOf<object>('calling')).status).toBe('COMPLETED');
    expect(await steps('calling')).toEqual([
      'read the status of shop',
      'task try: attempt 2 of 2',
      'read the declaration of shop',
      'shop: preview main',
      'preview the changes of shop',
    ]);
  });
});

const callingScript = `
  gitops.get_workflow_status("shop")
  local attempts = 0
  workflow.define("calling", { tasks = { task("try"):retries(1, "fixed"):command(function()
    attempts = attempts + 1
    return attempts == 2 and gitops.generate_diff("shop") ~= nil, "not yet"
  end) } })`;

async function listed(query: string): Promise<string[]> {
  const runs = await temporalJson<{ execution: { workflowId: string } }[]>(home, 'workflow', 'list', '--query', query);
  return runs.map((run) => run.execution.workflowId);
}

function scriptCommand(id: string, source: string): string[] {
  const input = ['--input', JSON.stringify({ source })];
  return ['workflow', 'start', '--type', 'script', '--task-queue', 'sloth-lua', '--workflow-id', id, ...input];
}

/** Waits for the end. */
function resultOf<T>(id: string): Promise<{ status: string; result: T }> {
  return temporalJson(home, 'workflow', 'result', '--workflow-id', id);
}

async function update<T>(name: string, input: string): Promise<T> {
  const command = ['workflow', 'update', 'execute', '--workflow-id', application, '--name', name, '--input', input];
  return (await temporalJson<{ result: T }>(home, ...command)).result;
}

interface HistoryEvent {
  readonly eventType: string;
  readonly markerRecordedEventAttributes?: { readonly markerName: string };
  readonly userMetadata?: { readonly summary?: { readonly data: string } };
}

/** A marker is a short step that ran inside the workflow task. */
const scheduling = /_(ACTIVITY_TASK_SCHEDULED|MARKER_RECORDED|TIMER_STARTED|START_CHILD_WORKFLOW_EXECUTION_INITIATED)$/;

/** The summary of each step, timer and child in the history; an event without one fails the test. A patch is no step. */
async function steps(id: string): Promise<string[]> {
  const { events } = await temporalJson<{ events: HistoryEvent[] }>(home, 'workflow', 'show', '--workflow-id', id);
  return events
    .filter(({ eventType }) => scheduling.test(eventType))
    .filter(({ markerRecordedEventAttributes: marker }) => marker?.markerName !== 'core_patch')
    .map(({ eventType, userMetadata }) => {
      const data = userMetadata?.summary?.data;
      if (data === undefined) throw new Error(`${eventType} of ${id} says nothing in words`);
      return JSON.parse(Buffer.from(data, 'base64').toString()) as string;
    });
}

/** A short step that took too long is done again as an activity. */
function withoutRepeats(words: readonly string[]): string[] {
  return words.filter((word, i) => word !== words[i - 1]);
}
