/**
 * How to bring each type of workflow into each of its ends. A scenario drives a real engine and names the workflow whose
 * history is of interest.
 */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import type { Engine, TestApplication } from '../support/engine.js';
import { kubectl, kubectlCreate } from '../support/cluster.js';
import { refuseWrites, type RefusedWrites } from '../support/admission.js';
import { FakeForge } from '../support/fake-forge.js';
import { eventually } from '../support/eventually.js';
import { configMap, hookJob, inWave, service } from '../support/manifests.js';
import { promotionScenarios } from './promotion-scenarios.js';
import { scriptScenarios } from './script-scenarios.js';
import { waitingScenarios } from './waiting-scenarios.js';

export interface Scenario {
  /** File name of the stored history: `<workflow type>-<how it ends>`. */
  readonly name: string;
  /** @returns the workflow's id */
  readonly drive: (engine: Engine, name: string) => Promise<string>;
  /** Status of the record, for those of a sync. */
  readonly ends?: string;
}

type Files = Readonly<Record<string, string>>;
type Change = (engine: Engine, app: TestApplication) => Promise<unknown>;

const fine: Files = { 'app.yaml': service('web') };
const broken: Files = { 'app.yaml': service('web', { image: 'registry.example/web:broken' }) };
/** No node has that label, so its pod waits and is not even degraded. */
const pending: Files = {
  'app.yaml': service('web').replace(
    'spec:\n      containers',
    'spec:\n      nodeSelector: { no: node }\n      containers',
  ),
};
/** Rendered by a program, and so by an activity. */
const overlay: Files = {
  'app/kustomization.yaml': 'resources: [../base]',
  'base/kustomization.yaml': 'resources: [web.yaml]',
  'base/web.yaml': service('web'),
};
const quick = 'sync_policy = { health_check = { timeout = "20s" }, auto_prune = true }';
const rollback = `, rollback_on_failure = true, ${quick}`;

const syncId = ({ id }: TestApplication, number: number): string => `gitops/${id}/sync-${number}`;

/** Declares an application with `files`, lets `change` happen, and tells of sync number `number`. */
function sync(name: string, ends: string, files: Files, fields: string, number: number, change: Change): Scenario {
  const drive = async (engine: Engine, unique: string): Promise<string> => {
    const app = await engine.declare(unique, files, fields);
    await change(engine, app);
    return syncId(app, number);
  };
  return { name: `sync-${name}`, ends, drive };
}

const once: Change = (engine, app) => engine.sync(app);
const twice = (second: (app: TestApplication) => unknown): Change => {
  return async (engine, app) => {
    await engine.sync(app);
    await second(app);
    return engine.sync(app);
  };
};

/** Starts a sync, cancels it when it has come to that phase, and waits for its record. */
const cancelledIn = (phase: string): Change => {
  return async ({ client, untilPhase, ...engine }, app) => {
    const ticket = await client.sync(app.id);
    await untilPhase.call({ client, ...engine }, ticket, phase);
    await client.workflows.cancel(ticket.workflowId);
    return client.wait(ticket);
  };
};

const holding = configMap('held').replace(
  'metadata: { name: held }',
  'metadata: { name: held, finalizers: [test.example/hold] }',
);

/** From now on the API server refuses to set the greeting back. */
async function refuseGreeting({ namespace }: TestApplication, greeting: string): Promise<void> {
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: namespace },
    spec: {
      matchConstraints: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['configmaps'] }],
      },
      validations: [{ expression: `!has(object.data.greeting) || object.data.greeting != '${greeting}'` }],
    },
  };
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: namespace },
    spec: { policyName: namespace, validationActions: ['Deny'] },
  };
  for (const object of [policy, binding]) await kubectlCreate(object);
  const patch = ['patch', 'configmap', 'web', '-n', namespace, '--dry-run=server', '--type=merge'];
  await eventually(async () => {
    const refused = kubectl(...patch, '-p', JSON.stringify({ data: { greeting } }));
    return refused.then(
      () => undefined,
      () => true,
    );
  });
}

const oldImage =
  'request.kind.kind == "Deployment" && object.spec.template.spec.containers[0].image.endsWith(":1.0.0")';

/** Somebody goes back to the first of two syncs, and the API server is against it. */
const returning = (refused: Pick<RefusedWrites, 'refuse' | 'dryRunToo'>): Change => {
  return async (engine, app) => {
    await engine.sync(app);
    app.repository.commit({ 'app.yaml': service('web', { image: 'registry.example/web:2.0.0', greeting: 'again' }) });
    await engine.sync(app);
    await refuseWrites({ namespace: app.namespace, message: 'no way back', ...refused });
    await engine.client.wait(await engine.client.rollback(app.id, 'by hand'));
  };
};

const late = ', sync_policy = { auto_prune = true, health_check = { timeout = "5s" } }';

export const syncScenarios: readonly Scenario[] = [
  sync('of-an-overlay', 'succeeded', overlay, ', path = "app"', 1, once),
  sync('created', 'succeeded', fine, `, ${quick}`, 1, once),
  sync(
    'unchanged',
    'succeeded',
    fine,
    `, ${quick}`,
    2,
    twice(() => undefined),
  ),
  sync(
    'updated-with-a-brief-backup',
    'succeeded',
    fine,
    `, ${quick}`,
    2,
    twice(({ repository }) => repository.commit({ 'app.yaml': service('web', { greeting: 'again' }) })),
  ),
  sync(
    'updated-and-pruned',
    'succeeded',
    { ...fine, 'more.yaml': configMap('more') },
    `, ${quick}`,
    2,
    twice(({ repository }) =>
      repository.commit({ 'app.yaml': service('web', { greeting: 'again' }), 'more.yaml': null }),
    ),
  ),
  sync('in-two-waves', 'succeeded', fine, ', sync_policy = { sync_options = { "CreateNamespace=true" } }', 1, once),
  sync('dry-run', 'succeeded', fine, '', 1, (engine, app) => engine.sync(app, { dryRun: true })),
  sync(
    'degraded-but-ignored',
    'succeeded',
    broken,
    ', sync_policy = { health_check = { failure_mode = "ignore" } }',
    1,
    once,
  ),
  sync('failed-health', 'failed', broken, '', 1, once),
  sync('failed-with-nothing-to-return-to', 'failed', broken, rollback, 1, once),
  sync(
    'rolled-back',
    'rolled_back',
    fine,
    rollback,
    2,
    twice(({ repository }) => repository.commit(broken)),
  ),
  sync(
    'rollback-failed',
    'rollback_failed',
    fine,
    rollback,
    2,
    twice(async (app) => {
      app.repository.commit({ 'app.yaml': service('web', { image: 'registry.example/web:broken', greeting: 'new' }) });
      await kubectl('label', 'namespace', app.namespace, `kubernetes.io/metadata.name=${app.namespace}`, '--overwrite');
      await refuseGreeting(app, 'hello');
    }),
  ),
  sync('rolled-back-by-hand', 'succeeded', fine, `, ${quick}`, 3, async (engine, app) => {
    await engine.sync(app);
    app.repository.commit({ 'app.yaml': service('web', { greeting: 'again' }) });
    await engine.sync(app);
    await engine.client.wait(await engine.client.rollback(app.id, 'by hand'));
  }),
  sync('return-that-failed', 'rollback_failed', fine, `, ${quick}`, 3, returning({ refuse: oldImage })),
  sync('return-that-was-refused', 'failed', fine, `, ${quick}`, 3, returning({ refuse: oldImage, dryRunToo: true })),
  sync(
    'whose-pruned-object-went-late',
    'succeeded',
    { ...fine, 'held.yaml': holding },
    late,
    3,
    async (engine, app) => {
      await engine.sync(app);
      app.repository.commit({ 'held.yaml': null });
      await engine.sync(app);
      await kubectl('patch', 'configmap', 'held', '-n', app.namespace, '-p', '{"metadata":{"finalizers":null}}');
      await engine.sync(app);
    },
  ),
  sync('failed-render', 'failed', { 'app.yaml': 'a: [' }, '', 1, once),
  sync(
    'failed-unknown-kind',
    'failed',
    { 'app.yaml': 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: a }\n' },
    '',
    1,
    once,
  ),
  sync(
    'failed-conflict',
    'failed',
    fine,
    '',
    2,
    twice(async ({ repository, namespace }) => {
      await kubectl(
        'patch',
        'configmap',
        'web',
        '-n',
        namespace,
        '--type=merge',
        '-p',
        '{"data":{"greeting":"mine"}}',
        '--field-manager=somebody',
      );
      repository.commit({ 'app.yaml': service('web', { greeting: 'ours' }) });
    }),
  ),
  sync(
    'failed-outage',
    'failed',
    fine,
    ', cluster = "dead", sync_policy = { retry = { limit = 1, backoff = { duration = "1s" } } }',
    1,
    once,
  ),
  sync('with-a-slow-cluster', 'succeeded', fine, ', cluster = "slow"', 1, once),
  sync('failed-hook', 'failed', fine, ', sync_policy = { pre_sync_hooks = { "exit 3" } }', 1, once),
  sync('warned-by-hook', 'succeeded', fine, ', sync_policy = { post_sync_hooks = { "exit 3" } }', 1, once),
  sync(
    'prune-waiting',
    'prune_waiting',
    { ...fine, 'held.yaml': holding },
    late,
    2,
    twice(({ repository }) => repository.commit({ 'held.yaml': null })),
  ),
  sync(
    'cancelled-before-a-write',
    'cancelled',
    fine,
    ', sync_policy = { pre_sync_hooks = { "sleep 60" } }',
    1,
    cancelledIn('pre-sync'),
  ),
  sync('cancelled-after-a-write', 'cancelled', pending, '', 1, cancelledIn('wait until')),
  sync('deleted', 'succeeded', fine, '', 2, async (engine, app) => {
    await engine.sync(app);
    const ticket = await engine.client.delete(app.id);
    if (ticket !== null) await engine.client.wait(ticket);
  }),
];

const job = (name: string, hook: string, image = '1'): string =>
  hookJob(name, `argocd.argoproj.io/hook: ${hook}, argocd.argoproj.io/hook-delete-policy: HookSucceeded`, {
    image: `registry.example/job:${image}`,
  });
const staged: Files = {
  ...fine,
  'early.yaml': inWave(configMap('early'), -1),
  'before.yaml': job('before', 'PreSync'),
  'after.yaml': job('after', 'PostSync'),
  'alarm.yaml': job('alarm', 'SyncFail'),
  'farewell.yaml': job('farewell', 'PreDelete'),
};
const many = Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`m${n}.yaml`, configMap(`m${n}`)]));

const stagedScenarios: readonly Scenario[] = [
  sync('with-hooks-and-waves', 'succeeded', staged, `, ${quick}`, 1, once),
  sync(
    'failed-before-it-wrote-by-a-hook',
    'failed',
    { ...staged, 'before.yaml': job('before', 'PreSync', 'broken') },
    `, ${quick}`,
    1,
    once,
  ),
  sync(
    'rolled-back-by-a-hook',
    'rolled_back',
    staged,
    rollback,
    2,
    twice(({ repository }) =>
      repository.commit({
        'app.yaml': service('web', { greeting: 'new' }),
        'after.yaml': job('after', 'PostSync', 'broken'),
      }),
    ),
  ),
  sync('rolled-back-by-hand-with-hooks', 'succeeded', staged, `, ${quick}`, 3, async (engine, app) => {
    await engine.sync(app);
    app.repository.commit({ 'app.yaml': service('web', { greeting: 'again' }) });
    await engine.sync(app);
    await engine.client.wait(await engine.client.rollback(app.id, 'by hand'));
  }),
  sync('deleted-with-hooks', 'succeeded', staged, '', 2, async (engine, app) => {
    await engine.sync(app);
    const ticket = await engine.client.delete(app.id);
    if (ticket !== null) await engine.client.wait(ticket);
  }),
  sync(
    'refused-by-a-policy',
    'failed',
    fine,
    ', policies = { { name = "owned", required_labels = { "team" } } }',
    1,
    once,
  ),
  sync(
    'that-would-shrink',
    'failed',
    { ...fine, ...many },
    `, ${quick}`,
    2,
    twice(({ repository }) => repository.commit(Object.fromEntries(Object.keys(many).map((file) => [file, null])))),
  ),
  sync('cancelled-in-a-write', 'cancelled', fine, ', cluster = "slow"', 1, cancelledIn('apply')),
];

/** Somebody changes an object while a hook holds the sync up between its plan and its first write. */
const overtaken = (name: string, ends: string, resolution: string): Scenario => ({
  name: `sync-${name}`,
  ends,
  drive: async (engine, unique) => {
    const go = engine.home.file(`${unique}/go`, '');
    const hook = `while [ ! -f ${go} ]; do sleep 0.05; done`;
    const fields = `, conflict_resolution = "${resolution}", sync_policy = { pre_sync_hooks = { "${hook}" } }`;
    const app = await engine.declare(unique, { 'app.yaml': configMap('app') }, fields);
    await engine.sync(app);
    rmSync(go);
    app.repository.commit({ 'app.yaml': configMap('app', 'wanted') });
    const ticket = await engine.client.sync(app.id);
    await engine.untilPhase(ticket, 'pre-sync');
    await kubectl('patch', 'configmap/app', '-n', app.namespace, '-p', '{"data":{"greeting":"typed"}}');
    engine.home.file(`${unique}/go`, '');
    return (await engine.client.wait(ticket), ticket.workflowId);
  },
});

const application = (name: string, drive: Change): Scenario => ({
  name: `application-${name}`,
  drive: async (engine, unique) => {
    const app = await engine.declare(unique, fine, rollback);
    await drive(engine, app);
    return `gitops/${app.id}`;
  },
});

const applicationScenarios: readonly Scenario[] = [
  application('after-many-requests', async (engine, app) => {
    await engine.sync(app);
    await engine.client.suspend(app.id, 'test', 'freeze');
    await engine.client.sync(app.id).catch(() => undefined);
    await engine.client.resume(app.id, 'test');
    const tickets = await Promise.all(
      [1, 2, 3].map((n) => engine.client.sync(app.id, { why: `request ${n}`, prune: n > 1 })),
    );
    for (const ticket of tickets) await engine.client.wait(ticket);
  }),
  application('that-kept-the-record-of-a-terminated-sync', async (engine, app) => {
    app.repository.commit(pending);
    const ticket = await engine.client.sync(app.id);
    await engine.untilPhase(ticket, 'wait until');
    await engine.client.temporal.workflow.getHandle(ticket.workflowId).terminate('test');
    await eventually(async () => (await engine.client.history(app.id)).find((r) => r.status === 'interrupted'));
  }),
  application('deleted', async (engine, app) => {
    await engine.sync(app);
    const ticket = await engine.client.delete(app.id);
    if (ticket !== null) await engine.client.wait(ticket);
    await closed(engine, `gitops/${app.id}`);
  }),
  application('deleted-objects-kept', async (engine, app) => {
    await engine.client.delete(app.id, { prune: false });
    await closed(engine, `gitops/${app.id}`);
  }),
];

/** Somebody changes a field behind the back of an application that heals itself. */
async function healedDrift(engine: Engine, unique: string): Promise<TestApplication> {
  const app = await engine.declare(unique, fine, ', sync_policy = { self_heal = true }');
  await engine.sync(app);
  const change = JSON.stringify({ data: { greeting: 'mine' } });
  await kubectl('patch', 'configmap', 'web', '-n', app.namespace, '--type=merge', '-p', change);
  await engine.client.lookForDrift(app.id);
  await eventually(async () => (await engine.client.history(app.id)).find((r) => r.trigger === 'drift'));
  return app;
}

const driftScenarios: readonly Scenario[] = [
  { name: 'sync-healed', ends: 'succeeded', drive: async (engine, name) => syncId(await healedDrift(engine, name), 2) },
  {
    name: 'application-that-healed',
    drive: async (engine, name) => `gitops/${(await healedDrift(engine, name)).id}`,
  },
  {
    name: 'drift-sweep-of-one-application',
    drive: async (engine, name) => {
      const { id } = await healedDrift(engine, name);
      const looks = eventually(async () =>
        (await engine.client.workflows.list({ type: 'driftSweep' })).find((run) => run.id.includes(id)),
      );
      return (await looks).id;
    },
  },
];

async function closed(engine: Engine, id: string): Promise<void> {
  await eventually(async () => ((await engine.client.workflows.describe(id)).status === 'RUNNING' ? undefined : true));
}

const preview = (name: string, options: { revision?: string; folder?: string }): Scenario => ({
  name: `preview-${name}`,
  drive: async (engine, unique) => {
    const app = await engine.declare(unique, fine);
    await engine.client.preview(app.id, options).catch(() => undefined);
    const runs = eventually(async () => {
      const found = await engine.client.workflows.list({ type: 'preview' });
      return found.find((run) => run.id.includes(app.id));
    });
    return (await runs).id;
  },
});

const watched = `, auto_sync = true, sync_interval = "1s", ${quick}`;

/** Two sources, of which the further one moves; auto-sync follows. */
async function driveTwoSources(engine: Engine, unique: string): Promise<TestApplication> {
  const { repository: other } = await engine.declare(`${unique}-other`, { 'other.yaml': configMap('other') });
  const app = await engine.declare(unique, fine, `${watched}, repos = { { repo = "${other.url}" } }`);
  const look = (): Promise<readonly SyncRecord[]> => engine.client.history(app.id);
  await eventually(async () => (await look())[0]);
  const commit = other.commit({ 'other.yaml': configMap('other', 'moved') });
  await eventually(async () => (await look()).find((r) => r.revisions?.[0]?.revision === commit));
  return app;
}

const autoSyncScenarios: readonly Scenario[] = [
  {
    name: 'sync-of-several-sources',
    ends: 'succeeded',
    drive: async (engine, unique) => syncId(await driveTwoSources(engine, unique), 1),
  },
  {
    name: 'application-whose-further-source-moved',
    drive: async (engine, unique) => `gitops/${(await driveTwoSources(engine, unique)).id}`,
  },
  {
    name: 'repository-that-moved',
    drive: async (engine, unique) => {
      const app = await engine.declare(unique, fine, watched);
      const commit = app.repository.commit({ 'app.yaml': service('web', { greeting: 'moved' }) });
      await eventually(async () => (await engine.client.history(app.id)).find((r) => r.revision === commit));
      return `repository/${(await engine.client.status(app.id)).spec.source.repositoryId}`;
    },
  },
  {
    name: 'repository-that-told-two-together',
    drive: async (engine, unique) => {
      const both = (greeting: string): Files => ({
        'one/app.yaml': configMap('one', greeting),
        'two/app.yaml': configMap('two', greeting),
      });
      const { id, repository, namespace } = await engine.declare(unique, both('hello'), `${watched}, path = "one"`);
      const follows = { auto_sync: true, sync_interval: '1s', sync_policy: { health_check: { enabled: false } } };
      const two = { name: `${unique}-two`, repo: repository.url, path: 'two', namespace, ...follows };
      const { app } = await engine.client.declareFrom(two);
      const synced = (app: string, revision?: string): Promise<unknown> =>
        eventually(async () => {
          const records = await engine.client.history(app);
          return records.find((r) => r.status === 'succeeded' && r.revision === (revision ?? r.revision));
        });
      for (const one of [id, app]) await synced(one);
      const commit = repository.commit(both('moved'));
      for (const one of [id, app]) await synced(one, commit);
      return `repository/${(await engine.client.status(id)).spec.source.repositoryId}`;
    },
  },
  {
    name: 'sweep-completed',
    drive: async (engine, unique) => {
      await engine.declare(unique, fine, watched);
      const sweeps = eventually(async () =>
        (await engine.client.workflows.list({ type: 'sweep' })).find((r) => r.status === 'COMPLETED'),
      );
      return (await sweeps).id;
    },
  },
];

const action = (name: string, act: string, params: Readonly<Record<string, string>> = {}): Scenario => ({
  name: `resource-action-${name}`,
  drive: async (engine, unique) => {
    const app = await engine.declare(unique, fine, `, ${quick}`);
    await engine.sync(app);
    const request = { action: act, resource: 'Deployment:web', params, who: 'test' };
    const ticket = await engine.client.actions.start(app.id, request);
    await engine.client.actions.result(ticket).catch(() => undefined);
    return ticket.workflowId;
  },
});

const actionScenarios: readonly Scenario[] = [
  action('completed', 'scale', { replicas: '2' }),
  action('with-nothing-to-change', 'scale', { replicas: '1' }),
  action('refused', 'resume'),
  {
    name: 'resource-actions-listed',
    drive: async (engine, unique) => {
      const app = await engine.declare(unique, fine, `, ${quick}`);
      await engine.sync(app);
      await engine.client.actions.list(app.id);
      const runs = eventually(async () => {
        const found = await engine.client.workflows.list({ type: 'listActions' });
        return found.find((run) => run.id.includes(app.id));
      });
      return (await runs).id;
    },
  },
];

/** An application that tells a forge of its syncs. */
async function announced(engine: Engine, unique: string, forge: FakeForge): Promise<TestApplication> {
  const token = engine.home.file('forge-token', forge.token);
  const access = `provider = "gitea", api = "${forge.api}", repository = "acme/shop", token = "file:${token}"`;
  return engine.declare(unique, fine, `, ${quick}, notifications = { commit_status = { ${access} } }`);
}

async function withForge<T>(run: (forge: FakeForge) => Promise<T>): Promise<T> {
  const forge = await FakeForge.start('gitea');
  return run(forge).finally(() => forge.stop());
}

const forgeScenarios: readonly Scenario[] = [
  {
    name: 'announcement-of-a-sync',
    drive: (engine, unique) =>
      withForge(async (forge) => {
        const app = await announced(engine, unique, forge);
        await engine.sync(app);
        await eventually(async () => forge.posted().find(({ state }) => state === 'success'));
        return `${syncId(app, 1)}/announcement`;
      }),
  },
  {
    name: 'diff-comment-written',
    drive: (engine, unique) =>
      withForge(async (forge) => {
        const app = await announced(engine, unique, forge);
        await engine.client.commentOn(app.id, 7, await engine.client.preview(app.id));
        return `gitops/${app.id}/comment-7`;
      }),
  },
  // Nobody listens there, and that is no yes.
  sync(
    'refused-by-a-gate',
    'failed',
    fine,
    ', gates = { { url = "http://127.0.0.1:1/" } }, sync_policy = { retry = { limit = 0 } }',
    1,
    once,
  ),
];

export const scenarios: readonly Scenario[] = [
  ...syncScenarios,
  ...stagedScenarios,
  overtaken('planned-anew', 'succeeded', 'auto'),
  overtaken('planned-anew-in-vain', 'failed', 'fail'),
  ...applicationScenarios,
  ...scriptScenarios,
  preview('of-changes', {}),
  preview('of-an-unknown-revision', { revision: 'nowhere' }),
  preview('of-a-folder', { folder: fileURLToPath(new URL('../../examples/repositories', import.meta.url)) }),
  {
    name: 'preview-rendered-only',
    drive: async (engine, unique) => {
      const app = await engine.declare(unique, overlay, ', path = "app"');
      await engine.client.render(app.id);
      const runs = eventually(async () => (await engine.client.workflows.list({ type: 'renderPreview' }))[0]);
      return (await runs).id;
    },
  },
  ...autoSyncScenarios,
  ...driftScenarios,
  ...actionScenarios,
  ...forgeScenarios,
  ...promotionScenarios,
  ...waitingScenarios,
];
