import { describe, expect, it } from '@jest/globals';
import type { FoundChange } from '../../../src/domain/diff/report.js';
import { driftOf } from '../../../src/domain/drift/drift.js';
import type { KubernetesObject, ManagedFieldsEntry } from '../../../src/domain/object.js';

const entry = (manager: string, fieldsV1: object, time = '2026-01-01T00:00:00Z'): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  time,
  fieldsV1: { ...fieldsV1 },
});

function change(kind: string, live: object | undefined, wanted: object, managedFields: ManagedFieldsEntry[] = []) {
  const reference = { apiVersion: 'v1', kind, namespace: 'shop', name: 'web' };
  const whole = (content: object, more = {}): KubernetesObject =>
    ({ apiVersion: 'v1', kind, metadata: { name: 'web', namespace: 'shop', ...more }, ...content }) as KubernetesObject;
  const before = live === undefined ? undefined : whole(live, { managedFields, uid: 'u' });
  return { type: before ? 'update' : 'create', reference, before, after: whole(wanted) } satisfies FoundChange;
}

const containers = (image: string) => ({ spec: { containers: [{ name: 'app', image }] } });

const cases: [title: string, change: FoundChange, line: string][] = [
  ['an object that is gone', change('ConfigMap', undefined, {}), 'ConfigMap shop/web is missing'],
  [
    'a field, and who set it',
    change('ConfigMap', { data: { greeting: 'mine' } }, { data: { greeting: 'hello' } }, [
      entry('sloth-runner', { 'f:data': { 'f:greeting': {} } }),
      entry('kubectl-edit', { 'f:data': { '.': {}, 'f:greeting': {} } }),
    ]),
    'ConfigMap shop/web: .data.greeting (kubectl-edit)',
  ],
  [
    'who set it last of several',
    change('ConfigMap', { data: { a: '1' } }, { data: { a: '2' } }, [
      entry('one', { 'f:data': { 'f:a': {} } }, '2026-01-02T00:00:00Z'),
      entry('two', { 'f:data': { 'f:a': {} } }, '2026-01-03T00:00:00Z'),
    ]),
    'ConfigMap shop/web: .data.a (two)',
  ],
  [
    'a field that was removed',
    change('ConfigMap', { data: { b: '1' } }, { data: { a: '1', b: '1' } }),
    'ConfigMap shop/web: .data.a (removed)',
  ],
  [
    'a field in an item of a list',
    change('Pod', containers('bad'), containers('good'), [
      entry('kubectl-set', { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': { 'f:image': {} } } } }),
    ]),
    'Pod shop/web: .spec.containers[0].image (kubectl-set)',
  ],
  [
    'a field of a map that is owned as one',
    change('Service', { spec: { selector: { app: 'x' } } }, { spec: { selector: { app: 'y' } } }, [
      entry('kubectl-patch', { 'f:spec': { 'f:selector': {} } }),
    ]),
    'Service shop/web: .spec.selector.app (kubectl-patch)',
  ],
];

describe('drift in words', () => {
  it.each(cases)('tells %s', (_title, found, line) =>
    expect(driftOf([found])).toEqual({ count: 1, objects: [line.split(/:| is/)[0]], fields: [line] }),
  );

  it('never tells a value', () => {
    const secret = change('Secret', { data: { password: 'aHVudGVyMg==' } }, { data: { password: 'c2VjcmV0' } });
    expect(JSON.stringify(driftOf([secret]))).not.toMatch(/aHVudGVyMg|c2VjcmV0/);
  });

  it('lists ten objects and counts all', () => {
    const drift = driftOf(Array.from({ length: 30 }, () => change('ConfigMap', undefined, {})));
    expect([drift?.count, drift?.objects.length, drift?.fields.length]).toEqual([30, 10, 10]);
  });

  it('is none without a change', () => expect(driftOf([])).toBeUndefined());
});
