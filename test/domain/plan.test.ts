import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import { countChanges, planContent, stagesToRun, type PlannedObject } from '../../src/domain/plan.js';
import { changesNothing, createdBy, rollbackCounts } from '../../src/domain/rollback.js';

function planned(action: PlannedObject['action'], name: string, more: Partial<PlannedObject> = {}): PlannedObject {
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name };
  const metadata = { name, namespace: 'n' };
  const desired = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { a: '1', b: '2' } };
  const writes = action === 'create' || action === 'update';
  return { reference, action, phase: 'Sync', wave: 1, syncWave: 0, ...(writes ? { desired } : {}), ...more };
}
function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, reversed(inner)] as const)
      .reverse(),
  );
}
const plan = (objects: readonly PlannedObject[]) => ({
  version: 1 as const,
  app: 'a',
  inventoryNamespace: 'n',
  removesApplication: false,
  objects,
  forget: [],
});
const change = planned('update', 'a');

describe('two plans have one digest when they do the same', () => {
  it.each<[string, readonly PlannedObject[]]>([
    ['with the keys of an object in another order', [{ ...change, desired: reversed(change.desired) as never }]],
    ['with more objects that stay as they are', [planned('unchanged', 'z'), change]],
    ['made against another version of the live object', [{ ...change, live: { uid: 'u', resourceVersion: '9' } }]],
    ['read from another file', [{ ...change, source: 'b.yaml:3' }]],
  ])('%s', (_title, objects) => expect(planContent(objects)).toBe(planContent([change])));

  it('with the objects in another order', () => {
    const other = planned('delete', 'b');
    expect(planContent([change, other])).toBe(planContent([other, change]));
  });
});

describe('two plans have two digests when they differ', () => {
  it.each<[string, readonly PlannedObject[]]>([
    ['in a value', [{ ...change, desired: { ...change.desired!, data: { a: '2', b: '2' } } }]],
    ['in what is done', [planned('create', 'a')]],
    ['in the object', [planned('update', 'b')]],
    ['in force', [{ ...change, force: true }]],
    ['in an object more', [change, planned('delete', 'b')]],
    ['in a conflict', [change, planned('conflict', 'b')]],
  ])('%s', (_title, objects) => expect(planContent(objects)).not.toBe(planContent([change])));
});

it('canonical JSON depends on the value alone, and is the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

describe('a plan in numbers', () => {
  const objects = [
    planned('create', 'a', { wave: 2 }),
    planned('update', 'b', { wave: 0 }),
    planned('update', 'c', { wave: 2 }),
    planned('delete', 'd', { wave: 3 }),
    planned('unchanged', 'e'),
    planned('conflict', 'f'),
  ];
  it('counts what happens to its objects', () =>
    expect(countChanges(objects)).toEqual({ created: 1, updated: 2, deleted: 1, unchanged: 1, conflicts: 1 }));
});

describe('the stages of a plan that have something to do', () => {
  const place = (wave: number, more: Partial<PlannedObject> = {}) => ({ wave, syncWave: wave, ...more });
  const job = { desired: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' } } };
  const before = { phase: 'PreSync', deletePolicies: ['BeforeHookCreation'], ...job } as const;
  it.each<[string, readonly PlannedObject[], readonly unknown[]]>([
    ['nothing to do', [planned('unchanged', 'a')], []],
    ['one wave: the health check of the whole set awaits it', [planned('create', 'a')], [{ wave: 1, objects: 1 }]],
    [
      'two waves: the first is awaited',
      [planned('create', 'a', place(0)), planned('update', 'b', place(2)), planned('create', 'c', place(2))],
      [
        { wave: 0, objects: 1, settles: true },
        { wave: 2, syncWave: 2, objects: 2 },
      ],
    ],
    [
      'definitions of the same wave are not awaited',
      [planned('create', 'a', place(0)), planned('update', 'b', place(1, { syncWave: 0 }))],
      [
        { wave: 0, objects: 1 },
        { wave: 1, objects: 1 },
      ],
    ],
    [
      'an unchanged object that is not well holds up the next wave',
      [planned('unchanged', 'a', place(0, { unsettled: true })), planned('update', 'b', place(1))],
      [
        { wave: 0, objects: 0, settles: true },
        { wave: 1, syncWave: 1, objects: 1 },
      ],
    ],
    ['in the last wave it does not count', [planned('unchanged', 'a', place(1, { unsettled: true }))], []],
    [
      'a hook is awaited wherever it stands',
      [
        planned('hook', 'h', place(0, before)),
        planned('hook', 'p', place(1, { ...before, phase: 'PostSync', syncWave: 0 })),
      ],
      [
        { wave: 0, phase: 'PreSync', objects: 0, hooks: 1, settles: true },
        { wave: 1, phase: 'PostSync', objects: 0, hooks: 1, settles: true },
      ],
    ],
    [
      'a hook that wants to be deleted afterwards',
      [planned('hook', 'h', place(0, { ...before, deletePolicies: ['HookSucceeded'] }))],
      [{ wave: 0, phase: 'PreSync', objects: 0, hooks: 1, settles: true, cleanup: true }],
    ],
  ])('%s', (_title, objects, stages) => expect(stagesToRun(objects)).toEqual(stages));
});

describe('what a rollback has to undo', () => {
  it('is what the failed plan meant to create', () =>
    expect(createdBy(plan([planned('create', 'a'), change])).map((r) => r.name)).toEqual(['a']));
  it.each<[PlannedObject['action'], boolean]>([
    ['unchanged', true],
    ['create', false],
    ['update', false],
    ['delete', false],
    ['conflict', false],
  ])('an object to %s: done is %s', (action, done) =>
    expect(changesNothing(plan([planned('unchanged', 'z'), planned(action, 'a')]))).toBe(done),
  );
  it('is counted from what was done and what stood in the way', () => {
    const { reference } = change;
    const outcomes = (['created', 'configured', 'deleted', 'skipped'] as const).map((outcome) => ({
      object: reference,
      outcome,
    }));
    const objects = [planned('update', 'a', { settledFields: 2 }), planned('unchanged', 'b'), planned('conflict', 'c')];
    expect(rollbackCounts(plan(objects), outcomes)).toEqual({
      applied: 2,
      skipped: 1,
      failed: 1,
      conflictsResolved: 1,
      deleted: 1,
    });
  });
});
