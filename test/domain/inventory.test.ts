import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  compareFences,
  emptyInventory,
  fenced,
  inventoryNamespace,
  inventoryObject,
  parseInventory,
  withObjects,
  withoutObjects,
  type Fence,
} from '../../src/domain/inventory.js';
import { keyOf, type ObjectReference } from '../../src/domain/object.js';

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const reference = fc.record(
  {
    apiVersion: fc.constantFrom('v1', 'apps/v1', 'example.com/v1beta1'),
    kind: fc.constantFrom('ConfigMap', 'Deployment', 'Thing'),
    name: fc.oneof(name, fc.constantFrom('constructor', 'a.b:c', '__proto__')),
    namespace: name,
  },
  { requiredKeys: ['apiVersion', 'kind', 'name'], noNullPrototype: true },
) as fc.Arbitrary<ObjectReference>;
const small = fc.integer({ min: 0, max: 3 });
const fence: fc.Arbitrary<Fence> = fc.record({
  run: fc.constantFrom('a', 'b'),
  sync: small,
  wave: small,
  attempt: small,
  scheduledAt: small,
});
const references = fc.array(reference, { maxLength: 20 });

describe('the inventory', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(references, fc.option(fence, { nil: undefined }), (objects, last) => {
        const inventory = withObjects(emptyInventory('workflow-1'), objects);
        const written = last === undefined ? inventory : fenced(inventory, last);
        const object = inventoryObject(written, 'shop', '7');
        const read = parseInventory('workflow-1', JSON.parse(JSON.stringify(object)));
        expect(read.objects).toEqual(written.objects);
        expect(read.fence).toEqual(last);
      }),
    );
  });

  it('holds an object once, whatever its API version, and forgets it when told', () => {
    fc.assert(
      fc.property(references, (objects) => {
        const inventory = withObjects(emptyInventory('a'), objects);
        expect(inventory.objects.size).toBe(new Set(objects.map(keyOf)).size);
        expect(withoutObjects(inventory, objects).objects.size).toBe(0);
      }),
    );
  });

  it('is a ConfigMap that nobody takes for an object of the application', () => {
    const { kind, metadata } = inventoryObject(emptyInventory('workflow-1'), 'shop', '7');
    expect([kind, metadata]).toEqual([
      'ConfigMap',
      {
        name: 'sloth-runner.workflow-1',
        namespace: 'shop',
        resourceVersion: '7',
        labels: { 'app.kubernetes.io/managed-by': 'sloth-runner', 'sloth-runner.dev/inventory': 'workflow-1' },
      },
    ]);
  });

  it.each([
    ['no JSON', { objects: '{' }],
    ['no lists', { objects: '{"v1 ConfigMap":3}' }],
    ['nothing at all', { objects: 'null' }],
    ['a broken fence', { objects: '{}', fence: '{"run"' }],
  ])('that was edited into %s is said to be damaged, with its name', (_title, data) => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'i', namespace: 'shop' }, data };
    expect(() => parseInventory('a', object)).toThrow(
      expect.objectContaining({ code: 'Internal', retryable: false, message: expect.stringContaining('shop/i') }),
    );
  });

  it.each([
    [undefined, [], 'sloth-runner-system'],
    ['shop', [], 'shop'],
    ['shop', [{ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }], 'sloth-runner-system'],
    ['shop', [{ apiVersion: 'v1', kind: 'Namespace', name: 'other' }], 'shop'],
  ])('of an application in %p with %j lies in %s', (namespace, set, place) =>
    expect(inventoryNamespace(namespace, set)).toBe(place),
  );
});

describe('the fence', () => {
  const sign = (a: Fence, b: Fence): number => Math.sign(compareFences(a, b));

  it('orders any two writers the same from both sides', () => {
    fc.assert(fc.property(fence, fence, (a, b) => expect(sign(a, b) + sign(b, a)).toBe(0)));
  });

  it('is a total order within a run', () => {
    const one = fence.map((f) => ({ ...f, run: 'a' }));
    fc.assert(
      fc.property(one, one, one, (a, b, c) => {
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0);
        if (sign(a, b) === 0) expect(a).toEqual(b);
      }),
    );
  });

  const at = (sync: number, wave: number, attempt: number, scheduledAt = 0, run = 'a'): Fence => ({
    sync,
    wave,
    attempt,
    scheduledAt,
    run,
  });
  it.each([
    ['a later sync', at(1, 5, 9), at(2, 0, 1)],
    ['a later wave', at(2, 0, 3), at(2, 1, 1)],
    ['a later attempt', at(2, 1, 1), at(2, 1, 2)],
    ['a step started anew', at(2, 1, 3, 100), at(2, 1, 1, 200)],
    ['a later run, though its numbers start again', at(40, 1, 1, 100), at(1, 0, 1, 200, 'b')],
  ])('%s takes over, and the earlier one is refused', (_title, earlier, later) => {
    const inventory = fenced(fenced(emptyInventory('workflow-1'), earlier), later);
    expect(inventory.fence).toEqual(later);
    expect(() => fenced(inventory, earlier)).toThrow(
      expect.objectContaining({ code: 'FenceLost', retryable: false, message: expect.stringContaining('workflow-1') }),
    );
  });

  it('lets the same attempt write again', () => {
    const inventory = fenced(emptyInventory('a'), at(1, 1, 1));
    expect(fenced(inventory, at(1, 1, 1)).fence).toEqual(at(1, 1, 1));
  });
});
