/**
 * What the API server refuses, and a cluster that moves on under a sync: the record says what became of it, and once the
 * cause is gone the next sync makes up for it. Each row ends with the oracle.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { refuseWrites, type RefusedWrites } from '../support/admission.js';
import { kubectl } from '../support/cluster.js';
import { service } from '../support/manifests.js';
import { ApplicationUnderTest, extras, type Wanted } from './application-under-test.js';
import { engineWritesOf, isInventory, type AuditedWrite } from './audit-witness.js';
import { holdBack, letGo, namespaceAnew, patch, recreating, relabelled } from './disturbances.js';
import { Lanes } from './lanes.js';
import { expectReplays, expectSound } from './oracle.js';
import { outcomesOf } from './reports.js';

type Files = Readonly<Record<string, string | null>>;

interface Row {
  readonly title: string;
  /** Puts something in the way. @returns what takes it away again */
  readonly arrange?: (app: ApplicationUnderTest) => Promise<() => unknown>;
  /** What is committed, besides a greeting of its own. */
  readonly wanted?: Partial<Wanted>;
  readonly files?: (greeting: string) => Files;
  /** Happens between the plan and its writes. */
  readonly meanwhile?: (app: ApplicationUnderTest) => Promise<unknown>;
  readonly ends: Partial<Record<keyof SyncRecord, unknown>>;
  /** Not one object was written. */
  readonly untouched?: true;
  /** Only the next sync brings the cluster into a known state. */
  readonly later?: true;
  readonly also?: (record: SyncRecord, writes: readonly AuditedWrite[], app: ApplicationUnderTest) => unknown;
  /** What the next commit puts right. */
  readonly mends?: (greeting: string) => Files;
}

const says = (text: RegExp): unknown => expect.stringMatching(text);

const rows: readonly Row[] = [
  {
    title: 'F13 others write to the objects, too',
    meanwhile: ({ namespace }) =>
      kubectl('annotate', 'configmap', 'web', ...extras, '-n', namespace, 'hammer=1', '--field-manager=hammer'),
    ends: { status: 'succeeded', metrics: expect.objectContaining({ applied: 6, failed: 0 }) },
    also: (_record, writes) => expect(writes.filter(({ done }) => !done).length).toBeGreaterThanOrEqual(5),
  },
  {
    title: 'F15 an object goes between plan and apply',
    meanwhile: ({ namespace }) => kubectl('delete', 'configmap', 'extra-1', '-n', namespace),
    ends: { status: 'succeeded' },
    also: ({ steps }) => expect(steps.filter(({ phase }) => phase === 'diff')).toHaveLength(2),
  },
  {
    title: 'F15 somebody takes a field between plan and apply',
    meanwhile: (app) => patch(app, 'extra-1', { data: { greeting: 'typed' } }),
    ends: { status: 'rolled_back', errorCode: 'FieldConflict', message: says(/extra-1.*data\.greeting.*kubectl/) },
  },
  {
    title: 'F16 one object of many is invalid',
    files: () => ({ 'app/bad.yaml': service('bad').replace('replicas: 1', 'replicas: seven') }),
    ends: {
      status: 'failed',
      errorCode: 'ObjectInvalid',
      message: says(/1 of 13 objects cannot be applied; nothing was written.*replicas.*bad\.yaml/s),
    },
    untouched: true,
    mends: () => ({ 'app/bad.yaml': null }),
  },
  {
    title: 'F17 one write is refused, in the dry run as well',
    arrange: refusing({ refuse: isChange('extra-2'), message: 'extra-2 is closed', dryRunToo: true }),
    ends: { status: 'failed', message: says(/extra-2.*is closed/s) },
    untouched: true,
  },
  {
    title: 'F17 one write is refused although its dry run was not',
    arrange: refusing({ refuse: isChange('extra-2'), message: 'extra-2 is under a change freeze' }),
    ends: { status: 'rolled_back', message: says(/ConfigMap .*extra-2.*change freeze.*Rolled back to/s) },
  },
  {
    title: 'F20 the namespace is being deleted',
    arrange: async (app) => {
      await holdBack(app, 'extra-1');
      await kubectl('delete', 'namespace', app.namespace, '--wait=false');
      return () => namespaceAnew(app);
    },
    ends: { status: 'failed', errorCode: 'NamespaceTerminating', message: says(/since \d{4}-\d\d-\d\dT[\d:]+Z/) },
    untouched: true,
    later: true,
  },
  {
    title: 'F22 a field changes that cannot be changed',
    files: (greeting) => ({ 'app/web.yaml': relabelled('two', greeting) }),
    ends: {
      status: 'failed',
      errorCode: 'ObjectInvalid',
      message: says(/spec\.selector.*cannot be changed in place/s),
    },
    untouched: true,
  },
  {
    title: 'F23 a finalizer holds what is pruned',
    arrange: async (app) => {
      await holdBack(app, 'extra-4');
      return () => letGo(app, 'extra-4');
    },
    wanted: { extras: extras.slice(0, 3) },
    ends: { status: 'prune_waiting', message: says(/ConfigMap .*\/extra-4/) },
    later: true,
  },
  {
    title: 'F31 one deletion of a prune is refused',
    arrange: refusing({
      refuse: 'request.operation == "DELETE" && request.name == "extra-3"',
      operations: ['DELETE'],
      message: 'extra-3 may not go yet',
    }),
    wanted: { extras: extras.slice(0, 2) },
    ends: { status: 'failed', message: says(/extra-3 may not go yet/) },
    later: true,
  },
  {
    title: 'F22 such a field changes where the object may be created anew',
    files: (greeting) => ({ 'app/web.yaml': relabelled('two', greeting, recreating) }),
    ends: { status: 'succeeded', changes: expect.objectContaining({ recreated: 1 }) },
    also: async (record, writes, app) => {
      const anew = (await outcomesOf(app, record)).flat().filter((outcome) => outcome.recreated);
      expect(anew).toMatchObject([{ object: { kind: 'Deployment', name: 'web' }, outcome: 'configured' }]);
      expect(writes).toContainEqual(expect.objectContaining({ verb: 'delete', object: 'deployments/web', done: true }));
    },
    mends: (greeting) => ({ 'app/web.yaml': relabelled('web', greeting, recreating) }),
  },
];

const lanes = new Lanes<Row, void>(rows, refuse, (rig) => ApplicationUnderTest.create(rig, { healthTimeout: '10s' }));
beforeAll(() => lanes.start(2));
afterAll(() => lanes.close());

describe('a sync, when', () => {
  it.each(rows)('$title', (row) => lanes.resultOf(row));

  it('and every history replays', async () => {
    for (const rig of await lanes.rigs()) await expectReplays(rig);
  });
});

async function refuse(app: ApplicationUnderTest, row: Row): Promise<void> {
  const lift = await row.arrange?.(app);
  const record = await attempt(app, row);
  expect(record).toMatchObject(row.ends);
  const writes = engineWritesOf(app).filter((write) => write.sync === record.number && !isInventory(write));
  if (row.untouched) expect(writes).toEqual([]);
  await row.also?.(record, writes, app);
  if (!row.later) await expectSound(app, record.number);
  await lift?.();
  app.commit({});
  app.repository.commit(row.mends?.(row.title) ?? {});
  expect(await app.finish(await app.askForSync())).toMatchObject({ status: 'succeeded' });
  await expectSound(app, record.number);
}

/** The first apply is that of the Namespace, which nobody disturbs. */
async function attempt(app: ApplicationUnderTest, { title, wanted, files, meanwhile }: Row): Promise<SyncRecord> {
  app.commit({ greeting: title, extras, ...wanted });
  app.repository.commit(files?.(title) ?? {});
  if (meanwhile === undefined) return app.finish(await app.askForSync());
  app.rig.arm({ activity: 'apply', when: 'before', nth: 2, action: 'hold' });
  const ticket = await app.askForSync();
  await app.rig.fired();
  await meanwhile(app);
  app.rig.release();
  return app.finish(ticket);
}

/** CEL: a write that sets the greeting of this ConfigMap to another one. */
function isChange(name: string): string {
  return `request.name == "${name}" && object.data.greeting != oldObject.data.greeting && object.data.greeting.startsWith("F17")`;
}

function refusing(what: Omit<RefusedWrites, 'namespace'>): NonNullable<Row['arrange']> {
  return ({ namespace }) => refuseWrites({ namespace, ...what });
}
