/**
 * Months in seconds: the built workflows on Temporal's time-skipping server, with steps that answer from memory. Plays
 * what waits, and prints what was seen as one line of JSON; a process of its own, as Temporal's native parts and Jest's
 * modules do not go together.
 *
 * node long-waits.mjs SERVER BUNDLE
 */
import { readFileSync } from 'node:fs';
import { defaultPayloadConverter } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { clusterQueue, taskQueues } from '../../dist/workflows/messages.js';
import { searchAttributeNames } from '../../dist/workflows/search-attributes.js';

const [server, bundle] = process.argv.slice(2);
const day = 24 * 60 * 60 * 1000;
const digests = { plan: 'a'.repeat(64), other: 'b'.repeat(64) };

Runtime.install({ logger: new DefaultLogger('ERROR') });
const env = await TestWorkflowEnvironment.createTimeSkipping({
  server: { executable: { type: 'existing-path', path: server } },
});
const names = searchAttributeNames.map((name) => [name, 2]); // of keywords
await env.connection.operatorService.addSearchAttributes({
  namespace: 'default',
  searchAttributes: Object.fromEntries(names),
});
const code = readFileSync(bundle, 'utf8');

/** What the world looks like to the steps. */
const world = { plan: digests.plan, opensAt: 0, applied: 0 };
const counts = { created: 1, updated: 0, deleted: 0, unchanged: 0, conflicts: 0 };
const activities = {
  clone: async () => ({ revision: 'c'.repeat(40), tree: 't', archive: 'a', subject: 's', author: 'a' }),
  render: async () => ({ manifests: 'm', objects: 1, warnings: [] }),
  diff: async () => ({
    ...{ plan: 'p', planDigest: world.plan, report: 'r', counts, warnings: [], conflicts: [] },
    waves: [{ wave: 0, objects: 1 }],
    ...(await closed()),
  }),
  apply: async () => ({ applied: ++world.applied && 1, skipped: 0, failed: 0, conflictsResolved: 0, report: 'w' }),
  record: async () => ({ report: 'k' }),
};

async function closed() {
  if ((await env.currentTimeMs()) >= world.opensAt) return {};
  return { closed: { by: 'deny "freeze"', manual: false, opensAt: new Date(world.opensAt).toISOString() } };
}

/**
 * @param build stands for the code of another version: nothing of what another worker computed is kept
 * @param more of the worker's options
 */
async function withWorker(build, run, more = {}) {
  const { nativeConnection: connection } = env;
  const workflowBundle = { code: `/* build ${build} */ ${code}` }; // in front: behind it is the source map
  const options = { connection, taskQueue: taskQueues.engine, workflowBundle, activities, ...more };
  const worker = await Worker.create(options);
  const writer = await Worker.create({ connection, taskQueue: clusterQueue('default'), activities });
  return writer.runUntil(() => worker.runUntil(run));
}

/** This server never hands over an update that it sent to the cache of a worker which is gone. */
const uncached = { maxCachedWorkflows: 0 };

const application = (name, fields) => ({
  ...{ id: `workflow-${name}`, name, project: 'default', destination: { cluster: 'default' }, autoSync: false },
  source: { repositoryId: 'r', url: 'file:///r', branch: 'main', path: '.' },
  ...{ syncIntervalMs: null, diffPreview: false, rollbackOnFailure: false, validationRequired: false, prune: false },
  ...{ failureMode: 'fail', createNamespace: false, conflictResolution: 'fail', preSyncHooks: [], postSyncHooks: [] },
  retry: { limit: 0, strategy: 'fixed', initialMs: 1, factor: 1, maximumMs: 1 },
  health: { enabled: false, timeoutMs: 1000, degradedGraceMs: 0 },
  ...{ metadata: {}, createdAt: '2026-01-01T00:00:00Z', ...fields },
});

/** @returns the sync that was asked for */
async function start(name, fields, request) {
  const spec = application(name, fields);
  const app = await env.client.workflow.start('application', {
    workflowId: `gitops/${spec.id}`,
    taskQueue: taskQueues.engine,
    args: [{ spec }],
  });
  const { workflowId } = await app.executeUpdate('sync', { args: [request] });
  return env.client.workflow.getHandle(workflowId);
}

/** What the sync has told its application that it waits for, in order: read from its history, which needs no worker. */
async function gates(sync) {
  const { events = [] } = await sync.fetchHistory().catch(() => ({}));
  return events
    .map((event) => event.signalExternalWorkflowExecutionInitiatedEventAttributes)
    .filter((told) => told?.signalName === 'gateChanged')
    .map(({ input }) => defaultPayloadConverter.fromPayload(input.payloads[0]).gate);
}

async function gate(sync, isIt = () => true) {
  for (const deadline = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const found = (await gates(sync)).find(isIt);
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`no such gate: ${JSON.stringify(await gates(sync))}`);
  }
}

const approve = (sync, digest) => sync.executeUpdate('approve', { args: [{ by: 'bob', digest }] });

async function anApprovalAfterAMonth() {
  const ask = async () => {
    const asked = await start('month', { approval: { approvals: 1, twoPerson: true } }, { who: 'ann' });
    await gate(asked);
    return asked;
  };
  const sync = await withWorker(1, ask, uncached);
  const before = await env.currentTimeMs();
  await env.sleep(30 * day); // without any worker
  const days = Math.floor(((await env.currentTimeMs()) - before) / day);
  return withWorker(2, async () => {
    const waited = { days, status: (await sync.describe()).status.name };
    world.plan = digests.other; // the world has moved meanwhile
    await approve(sync, digests.plan);
    const { approval } = await gate(sync, (one) => one?.approval?.digest === digests.other);
    const askedAgain = { decisions: approval.decisions.length, applied: world.applied };
    await approve(sync, digests.other);
    const { status, decisions } = await sync.result();
    return { waited, askedAgain, approved: { status, decisions: decisions.length, applied: world.applied } };
  });
}

const nobody = () =>
  withWorker(3, async () => {
    const before = world.applied;
    const sync = await start('short', { approval: { approvals: 1, expiresMs: 7 * day } }, { who: 'ann' });
    const { status, errorCode } = await sync.result();
    return { status, errorCode, applied: world.applied - before };
  });

const aWindow = () =>
  withWorker(4, async () => {
    world.opensAt = (await env.currentTimeMs()) + 3 * day;
    const sync = await start('held', {}, { who: 'auto-sync', trigger: 'auto' });
    const { waitsFor } = await gate(sync);
    const { status, steps, finishedAt } = await sync.result();
    const looks = steps.filter(({ phase }) => phase === 'diff').length;
    return { waitsFor, status, looks, inTime: Date.parse(finishedAt) >= world.opensAt };
  });

try {
  const seen = { month: await anApprovalAfterAMonth(), nobody: await nobody(), window: await aWindow() };
  process.stdout.write(`${JSON.stringify(seen)}\n`);
} finally {
  await env.teardown();
}
process.exit(0);
