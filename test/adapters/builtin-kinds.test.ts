import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { builtinKind, builtinTypes } from '../../src/adapters/schema/builtin-kinds.js';
import { checkFields } from '../../src/domain/validation/field-types.js';
import { isQuantityField, requiredFields } from '../../src/domain/validation/known-fields.js';

describe('the kinds of Kubernetes', () => {
  it.each([
    ['v1', 'ConfigMap', true],
    ['v1', 'Namespace', false],
    ['v1', 'PersistentVolume', false],
    ['apps/v1', 'StatefulSet', true],
    ['batch/v1', 'CronJob', true],
    ['autoscaling/v2', 'HorizontalPodAutoscaler', true],
    ['policy/v1', 'PodDisruptionBudget', true],
    ['networking.k8s.io/v1', 'Ingress', true],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', false],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', false],
    ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', false],
    ['flowcontrol.apiserver.k8s.io/v1', 'FlowSchema', false],
    ['events.k8s.io/v1', 'Event', true],
  ])('%s %s', (apiVersion, kind, namespaced) => {
    const found = builtinKind(apiVersion, kind);
    expect(found?.namespaced).toBe(namespaced);
    expect(builtinTypes(found?.type ?? '')?.map(({ name }) => name)).toContain('metadata');
  });

  it('are none of those of other groups', () => {
    expect(builtinKind('v1', 'Deployment')).toBeUndefined();
    expect(builtinKind('example.com/v1', 'ConfigMap')).toBeUndefined();
  });

  it.each(Object.entries(requiredFields))('%s has the fields we ask for: %j', (type, fields) =>
    expect(builtinTypes(type)?.map(({ name }) => name)).toEqual(expect.arrayContaining([...fields])),
  );

  it('know where quantities are', () => {
    expect(isQuantityField('V1ResourceRequirements', 'limits')).toBe(true);
    expect(isQuantityField('V2MetricTarget', 'value')).toBe(true);
    expect(isQuantityField('V1EnvVar', 'value')).toBe(false);
  });
});

describe('whatever a manifest holds', () => {
  const keys = fc.constantFrom(
    'metadata',
    'spec',
    'template',
    'containers',
    'name',
    'labels',
    'ports',
    'x',
    'replicas',
  );
  const tree = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, 1, 1.5, true, 'text', ''),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(keys, tie('node'), { maxKeys: 4 }),
    ),
  })).node;

  it('its fields are judged, each remark with a path into it', () =>
    fc.assert(
      fc.property(tree, (value) =>
        checkFields(builtinTypes, 'V1Deployment', value).every(({ path, message }) => {
          const parent = path
            .slice(0, -1)
            .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], value);
          return message !== '' && (path.length === 0 || (typeof parent === 'object' && parent !== null));
        }),
      ),
      { numRuns: 1000 },
    ));
});
