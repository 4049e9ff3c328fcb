/**
 * What waits: syncs at their gate, applications for others or for their next try, repositories that are told to look.
 */
import { execFileSync } from 'node:child_process';
import type { SyncTicket } from '../../src/workflows/messages.js';
import type { Engine, TestApplication } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { configMap } from '../support/manifests.js';
import type { Scenario } from './scenarios.js';

const files = (greeting = 'hello'): Record<string, string> => ({ 'app.yaml': configMap('web', greeting) });
const quick = 'sync_policy = { health_check = { enabled = false } }';
/** Follows its branch, and looks only when it is told to. */
const auto = `, auto_sync = true, sync_interval = "never", ${quick}`;

function recordWhere(engine: Engine, { id }: TestApplication, wanted: object, timeoutMs = 60_000): Promise<unknown> {
  const isWanted = Object.entries(wanted);
  return eventually(async () => {
    const records = await engine.client.history(id);
    return records.find((r) => isWanted.every(([field, value]) => r[field as keyof typeof r] === value));
  }, timeoutMs);
}

function untilAtGate(engine: Engine, { id }: TestApplication): Promise<unknown> {
  return eventually(async () => (await engine.client.status(id)).lastSync?.gate);
}

type Answer = (engine: Engine, app: TestApplication) => Promise<unknown>;

/** The first sync, which is answered once it waits for its approval. */
const atGate = (name: string, ends: string, policy: string, answer: Answer): Scenario => ({
  ...{ name: `sync-${name}`, ends },
  drive: async (engine, unique) => {
    const app = await engine.declare(unique, files(), `, approval_required = ${policy}, ${quick}`);
    const ticket: SyncTicket = await engine.client.sync(app.id, { who: 'ann' });
    await answer(engine, app);
    await engine.client.wait(ticket);
    return ticket.workflowId;
  },
});

const waitsAnd =
  (answer: Answer): Answer =>
  async (engine, app) => {
    await untilAtGate(engine, app);
    await answer(engine, app);
  };

const gateScenarios: readonly Scenario[] = [
  atGate(
    'approved',
    'succeeded',
    'true',
    waitsAnd((engine, { id }) => engine.client.approvals.approve(id, { by: 'bob' })),
  ),
  atGate(
    'rejected',
    'failed',
    'true',
    waitsAnd((engine, { id }) => engine.client.approvals.reject(id, { by: 'bob', reason: 'not today' })),
  ),
  atGate('that-nobody-approved-in-time', 'failed', '{ expires = "1s" }', () => Promise.resolve()),
  atGate(
    'superseded-at-its-gate',
    'superseded',
    'true',
    waitsAnd((engine, { id }) => engine.client.sync(id, { who: 'ann', prune: true })),
  ),
];

const applicationScenarios: readonly Scenario[] = [
  {
    name: 'application-that-waited-for-another',
    drive: async (engine, unique) => {
      const web = await engine.declare(unique, files(), `${auto}, depends_on = "${unique}-api"`);
      await eventually(async () => (await engine.client.status(web.id)).waitsFor);
      await engine.declare(`${unique}-api`, files(), auto);
      await recordWhere(engine, web, { status: 'succeeded' });
      return `gitops/${web.id}`;
    },
  },
  {
    name: 'application-that-tried-again',
    drive: async (engine, unique) => {
      const app = await engine.declare(unique, { 'app.yaml': 'a: [' }, auto);
      await recordWhere(engine, app, { status: 'failed' });
      app.repository.commit(files());
      await recordWhere(engine, app, { status: 'succeeded' }, 100_000); // the first pause is 30 s
      return `gitops/${app.id}`;
    },
  },
];

/** Both ways: to what is live while a later commit waits, and to that one again. */
const wentBack: Scenario = {
  name: 'application-whose-branch-went-back',
  drive: async (engine, unique) => {
    const app = await engine.declare(unique, files(), `${auto}, approval_required = true`);
    const move = async (commit: string): Promise<unknown> => {
      execFileSync('git', ['--git-dir', app.repository.path, 'update-ref', 'refs/heads/main', commit]);
      return engine.client.repositories.lookNow([app.repository.url]);
    };
    const approved = async (revision: string): Promise<unknown> => {
      await untilAtGate(engine, app);
      await engine.client.approvals.approve(app.id, { by: 'bob' });
      return recordWhere(engine, app, { revision, status: 'succeeded' });
    };
    await untilAtGate(engine, app);
    const first = execFileSync('git', ['--git-dir', app.repository.path, 'rev-parse', 'main'], {
      encoding: 'utf8',
    }).trim();
    await approved(first);
    const second = app.repository.commit(files('second'));
    await move(second);
    await untilAtGate(engine, app);
    await move(first);
    await recordWhere(engine, app, { revision: second, status: 'superseded' });
    await move(second);
    await approved(second);
    return `gitops/${app.id}`;
  },
};

const repositoryScenarios: readonly Scenario[] = [
  {
    name: 'repository-that-was-told-to-look',
    drive: async (engine, unique) => {
      const app = await engine.declare(unique, files(), auto);
      await recordWhere(engine, app, { status: 'succeeded' });
      const revision = app.repository.commit(files('told'));
      const [id] = await engine.client.repositories.lookNow([app.repository.url]);
      await recordWhere(engine, app, { revision });
      return `repository/${id}`;
    },
  },
  {
    name: 'repository-that-was-removed',
    drive: async (engine, unique) => {
      const app = await engine.declare(unique, files(), auto);
      await recordWhere(engine, app, { status: 'succeeded' });
      const { repositoryId } = (await engine.client.status(app.id)).spec.source;
      const ticket = await engine.client.delete(app.id);
      if (ticket !== null) await engine.client.wait(ticket);
      await eventually(() =>
        engine.client.repositories.remove(repositoryId).then(
          () => true,
          () => undefined, // visibility still lists who has used it
        ),
      );
      return `repository/${repositoryId}`;
    },
  },
];

export const waitingScenarios: readonly Scenario[] = [
  ...gateScenarios,
  ...applicationScenarios,
  wentBack,
  ...repositoryScenarios,
];
