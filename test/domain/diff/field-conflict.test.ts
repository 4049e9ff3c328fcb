import { describe, expect, it } from '@jest/globals';
import type { ConflictResolution } from '../../../src/domain/application.js';
import { describeFields, FieldConflictError, settle, toRestore } from '../../../src/domain/diff/field-conflict.js';

const field = (manager: string) => ({ field: '.spec.replicas', manager });

describe('a field that another manager owns', () => {
  it.each<[ConflictResolution, string, 'open' | 'taken' | 'yielded']>([
    ['fail', 'kubectl', 'open'],
    ['fail', 'kube-controller-manager', 'open'],
    ['force', 'kube-controller-manager', 'taken'],
    ['yield', 'kubectl-edit', 'yielded'],
    ['auto', 'kubectl', 'taken'],
    ['auto', 'kubectl-client-side-apply', 'taken'],
    ['auto', 'kubectl-edit', 'taken'],
    ['auto', 'before-first-apply', 'taken'],
    ['auto', 'kube-controller-manager', 'yielded'],
    ['auto', 'horizontal-pod-autoscaler', 'yielded'],
    ['auto', 'vpa-recommender', 'yielded'],
    ['auto', 'keda-operator', 'yielded'],
    ['auto', 'istio-sidecar-injector', 'yielded'],
    ['auto', 'helm', 'open'],
    ['auto', 'terraform', 'open'],
    ['fail', 'sloth-runner-action', 'taken'],
    ['yield', 'sloth-runner-action', 'taken'],
    ['auto', 'sloth-runner-action', 'taken'],
    ['reclaim', 'kubectl-edit', 'taken'],
    ['reclaim', 'terraform', 'taken'],
    ['reclaim', 'horizontal-pod-autoscaler', 'yielded'],
  ])('%s: of %s it is %s', (resolution, manager, decision) =>
    expect(settle([field(manager)], resolution)).toEqual({
      open: [],
      taken: [],
      yielded: [],
      [decision]: [field(manager)],
    }),
  );

  it('is decided for each field on its own', () => {
    const { open, taken, yielded } = settle(['kubectl', 'helm', 'keda'].map(field), 'auto');
    expect([open, taken, yielded].map((fields) => fields.map((f) => f.manager))).toEqual([
      ['helm'],
      ['kubectl'],
      ['keda'],
    ]);
  });

  it.each<[ConflictResolution, string, 'taken' | 'yielded']>([
    ['fail', 'kubectl', 'taken'],
    ['fail', 'horizontal-pod-autoscaler', 'taken'],
    ['force', 'horizontal-pod-autoscaler', 'taken'],
    ['yield', 'kubectl', 'yielded'],
    ['auto', 'horizontal-pod-autoscaler', 'yielded'],
    ['auto', 'terraform', 'taken'],
  ])('where an accepted set is restored under %s: of %s it is %s', (resolution, manager, decision) =>
    expect(settle([field(manager)], toRestore(resolution))[decision]).toEqual([field(manager)]),
  );

  it('is named with its object and its owner', () => {
    const fields = [field('helm'), { field: '.spec.paused', manager: 'kubectl' }];
    expect(describeFields(fields)).toBe('.spec.replicas is owned by helm, .spec.paused by kubectl');
    const error = new FieldConflictError(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
      fields,
    );
    expect(error).toMatchObject({ code: 'FieldConflict', retryable: false, hint: expect.stringContaining('force') });
    expect(error.message).toMatch(/^Deployment shop\/web: \.spec\.replicas is owned by helm/);
  });
});
