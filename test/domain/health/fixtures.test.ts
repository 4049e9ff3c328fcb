/**
 * Every document of `fixtures/*.yaml` is a case: `object` (and `related` objects that its rule may look at) in,
 * `expect` out. Adding a case means adding a document.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { healthOf } from '../../../src/domain/health/rules.js';
import type { Related, Verdict } from '../../../src/domain/health/status.js';
import type { KubernetesObject } from '../../../src/domain/object.js';

interface Fixture {
  readonly title: string;
  readonly object: KubernetesObject;
  readonly related?: Partial<Related>;
  readonly expect: Verdict;
}

const folder = fileURLToPath(new URL('fixtures/', import.meta.url));

describe.each(readdirSync(folder))('health: %s', (file) => {
  const fixtures = parseAllDocuments(readFileSync(folder + file, 'utf8')).map((d) => d.toJS() as Fixture);
  it.each(fixtures.map((fixture) => [fixture.title, fixture] as const))('%s', (_title, { object, related, ...one }) => {
    expect(healthOf(object, { replicaSets: [], pods: [], ...related })).toEqual(one.expect);
  });
});

describe('health of anything', () => {
  it('is a verdict, never an error', () => {
    const kinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'Pod', 'Service', 'Thing'];
    const groups = ['apps/v1', 'batch/v1', 'v1', 'autoscaling/v2', 'policy/v1'];
    const anything = fc.record({
      apiVersion: fc.constantFrom(...groups),
      kind: fc.constantFrom(...kinds, 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'PersistentVolumeClaim'),
      metadata: fc.constant({ name: 'x', generation: 2 }),
      spec: fc.jsonValue(),
      status: fc.oneof(fc.jsonValue(), fc.record({ conditions: fc.jsonValue(), containerStatuses: fc.jsonValue() })),
    });
    fc.assert(
      fc.property(anything, (object) => {
        const { status, message } = healthOf(object as KubernetesObject, { replicaSets: [], pods: [] });
        expect([typeof status, typeof message]).toEqual(['string', 'string']);
      }),
    );
  });
});
