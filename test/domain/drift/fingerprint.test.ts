import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sha256hex } from '../../../src/client/application-spec.js';
import { fingerprintOf, ownsLess, watchOf, type Watch } from '../../../src/domain/drift/fingerprint.js';
import type { KubernetesObject, ManagedFieldsEntry } from '../../../src/domain/object.js';

const ours = (fieldsV1: object): ManagedFieldsEntry => ({
  manager: 'sloth-runner',
  operation: 'Apply',
  time: '2026-01-01T00:00:00Z',
  fieldsV1: { ...fieldsV1 },
});
const kubectl: ManagedFieldsEntry = {
  manager: 'kubectl-edit',
  operation: 'Update',
  fieldsV1: { 'f:data': { 'f:mood': {} } },
};
const greeting = ours({ 'f:data': { 'f:greeting': {} } });

function object(managedFields: ManagedFieldsEntry[], more: Partial<KubernetesObject['metadata']> = {}) {
  return { metadata: { name: 'web', uid: 'u1', resourceVersion: '7', managedFields, ...more } };
}

const of = (o: ReturnType<typeof object>, watch: Watch = 'ours'): string => fingerprintOf(o, sha256hex, watch);
const base = of(object([greeting]));

describe('the fingerprint of an object', () => {
  it.each<[title: string, object: ReturnType<typeof object>, same: boolean]>([
    ['stays when others set fields of their own', object([greeting, kubectl], { resourceVersion: '8' }), true],
    ['stays when its status changes', object([greeting], { resourceVersion: '9' }), true],
    ['stays when we apply the same again', object([{ ...greeting, time: '2026-02-02T00:00:00Z' }]), true],
    ['stays when labels that are not ours are added', object([greeting], { labels: { team: 'a' } }), true],
    ['moves when somebody takes one of our fields', object([ours({ 'f:data': {} }), kubectl]), false],
    ['moves when our entry is gone', object([kubectl]), false],
    ['moves when managedFields are cleared', object([]), false],
    ['moves when the object was made anew', object([greeting], { uid: 'u2' }), false],
    ['does not take an Update of ours for an apply', object([{ ...greeting, operation: 'Update' }]), false],
  ])('%s', (_title, seen, same) => expect(of(seen) === base).toBe(same));

  it('moves with every change while something we want is not ours', () => {
    const [before, after] = [object([greeting]), object([greeting], { resourceVersion: '8' })];
    expect(of(before, 'all')).not.toBe(of(after, 'all'));
    expect([of(before), of(before, 'owners'), of(before, 'all'), of(object([]))].map(watchOf)).toEqual([
      'ours',
      'owners',
      'all',
      'all',
    ]);
  });

  it('moves with another owner, and not with another value of the same, while a field is left to its owner', () => {
    const scaled = (manager: string, resourceVersion: string) =>
      object([greeting, { ...kubectl, manager }], { resourceVersion });
    const [before, again, other] = [scaled('hpa', '8'), scaled('hpa', '9'), scaled('kubectl-scale', '9')];
    expect(of(again, 'owners')).toBe(of(before, 'owners'));
    expect(of(other, 'owners')).not.toBe(of(before, 'owners'));
  });

  it('does not depend on the order of keys or entries of others', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.constant({})), (fields) => {
        const reversed = Object.fromEntries(Object.entries(fields).reverse());
        expect(of(object([ours(fields), kubectl]))).toBe(of(object([kubectl, ours(reversed)])));
      }),
    );
  });

  it('knows when an apply would own more than we do', () => {
    const more = object([ours({ 'f:data': { 'f:greeting': {}, 'f:mood': {} } })]);
    expect([ownsLess(object([greeting]), more), ownsLess(more, more)]).toEqual([true, false]);
  });
});
