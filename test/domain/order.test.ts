import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareOrder, isDefining, type Placed } from '../../src/domain/order.js';

const groups: Record<string, string> = {
  Deployment: 'apps/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
  Thing: 'example.com/v1',
};
function placed(kind: string, name = 'x', namespace?: string): Placed {
  const apiVersion = groups[kind] ?? 'v1';
  const reference = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  return { reference, phase: 'Sync', syncWave: 0 };
}
const kindsOf = (objects: readonly Placed[]): string[] => objects.map((o) => o.reference.kind);

const inOrder = [
  'CustomResourceDefinition',
  'Namespace',
  'ClusterRole',
  'ServiceAccount',
  'ConfigMap',
  'Secret',
  'Service',
  'Deployment',
  'Ingress',
  'Thing',
  'ValidatingWebhookConfiguration',
];

describe('the order in which objects are written', () => {
  it('is definitions, namespaces, what others refer to, workloads, what routes to them, unknown kinds, webhooks', () =>
    expect(
      kindsOf(
        [...inOrder]
          .sort()
          .map((kind) => placed(kind))
          .sort(compareOrder),
      ),
    ).toEqual(inOrder));

  it('is by namespace and name within a kind, the same on every machine', () => {
    const names = [
      placed('Secret', 'b', 'n'),
      placed('Secret', 'B', 'n'),
      placed('Secret', 'a', 'n2'),
      placed('Secret', 'ä', 'n'),
    ];
    expect(names.sort(compareOrder).map((o) => `${o.reference.namespace}/${o.reference.name}`)).toEqual([
      'n/B',
      'n/b',
      'n/ä',
      'n2/a',
    ]);
  });

  it('puts a wave before the next, whatever the kind', () => {
    const [early, late] = [
      { ...placed('Ingress'), syncWave: 0 },
      { ...placed('ConfigMap'), syncWave: 1 },
    ];
    expect([late, early].sort(compareOrder)).toEqual([early, late]);
  });

  it.each([
    ['v1', 'Namespace', true],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', true],
    ['example.com/v1', 'Namespace', false],
    ['v1', 'ConfigMap', false],
  ])('%s %s goes before what needs it: %s', (apiVersion, kind, defining) =>
    expect(isDefining({ apiVersion, kind })).toBe(defining),
  );

  const object = fc
    .tuple(fc.constantFrom(...inOrder), fc.constantFrom('a', 'b', 'B'), fc.constantFrom('m', 'n', undefined))
    .map(([kind, name, namespace]) => placed(kind, name, namespace));

  it('does not depend on how the set was written down', () => {
    const set = fc.uniqueArray(object, { selector: (o) => JSON.stringify(o.reference), maxLength: 12 });
    fc.assert(
      fc.property(
        set.chain((objects) =>
          fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects, { minLength: objects.length })),
        ),
        ([objects, shuffled]) => expect([...shuffled].sort(compareOrder)).toEqual([...objects].sort(compareOrder)),
      ),
    );
  });

  it('compares equal only to itself, and backwards for deletion', () => {
    fc.assert(
      fc.property(object, object, (a, b) => {
        expect(Math.sign(compareOrder(a, b)) + Math.sign(compareOrder(b, a))).toBe(0);
        if (compareOrder(a, b) === 0) expect(a).toEqual(b);
      }),
    );
  });
});
