import { describe, expect, it } from '@jest/globals';
import { impactOf, reasonOf, type Change, type ChangeType } from '../../../src/domain/diff/impact.js';
import type { KubernetesObject } from '../../../src/domain/object.js';

const object = (apiVersion: string, kind: string, spec: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x' },
  spec,
});
const pods = (image: string) => ({ template: { spec: { containers: [{ name: 'app', image }] } } });
const change = (type: ChangeType, before?: KubernetesObject, after?: KubernetesObject): Change => ({
  type,
  before,
  after,
});
const deployment = (spec: object) => object('apps/v1', 'Deployment', spec);

describe('how much a change can hurt', () => {
  it.each([
    ['v1', 'PersistentVolume', 'critical'],
    ['v1', 'PersistentVolumeClaim', 'critical'],
    ['v1', 'Namespace', 'critical'],
    ['v1', 'Secret', 'critical'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'critical'],
    ['apps/v1', 'Deployment', 'high'],
    ['v1', 'ConfigMap', 'high'],
    ['example.com/v1', 'Secret', 'high'],
  ])('deleting a %s %s is %s', (apiVersion, kind, impact) =>
    expect(impactOf(change('delete', object(apiVersion, kind)))).toBe(impact),
  );

  it.each([
    ['a Deployment scaled from 3 to 11', deployment({ replicas: 3 }), deployment({ replicas: 11 }), 'medium'],
    ['a Deployment scaled from 3 to 10', deployment({ replicas: 3 }), deployment({ replicas: 10 }), 'low'],
    ['a Deployment that had 11 already', deployment({ replicas: 11 }), deployment({ replicas: 11 }), 'low'],
    ['a Deployment that says no number', deployment({}), deployment({ replicas: 12 }), 'medium'],
    ['a new image of a Deployment', deployment(pods('a:1')), deployment(pods('a:2')), 'medium'],
    [
      'a new image of a StatefulSet',
      object('apps/v1', 'StatefulSet', pods('a:1')),
      object('apps/v1', 'StatefulSet', pods('a:2')),
      'medium',
    ],
    [
      'a new image of a DaemonSet',
      object('apps/v1', 'DaemonSet', pods('a:1')),
      object('apps/v1', 'DaemonSet', pods('a:2')),
      'medium',
    ],
    [
      'a StatefulSet scaled to 20',
      object('apps/v1', 'StatefulSet', { replicas: 1 }),
      object('apps/v1', 'StatefulSet', { replicas: 20 }),
      'low',
    ],
    ['another port of a Service', object('v1', 'Service', { a: 1 }), object('v1', 'Service', { a: 2 }), 'low'],
  ])('%s', (_title, before, after, impact) => expect(impactOf(change('update', before, after))).toBe(impact));

  it('creating is low, unless it brings more than ten replicas', () => {
    expect(impactOf(change('create', undefined, deployment({ replicas: 2, ...pods('a') })))).toBe('low');
    expect(impactOf(change('create', undefined, deployment({ replicas: 11 })))).toBe('medium');
  });

  it('every impact has its reason', () => {
    expect(reasonOf(change('delete', object('v1', 'Secret')))).toBe('deleting it loses data');
    expect(reasonOf(change('update', deployment(pods('a')), deployment(pods('b'))))).toBe('its pods restart');
    expect(reasonOf(change('create', undefined, object('v1', 'ConfigMap')))).toBe('nothing that runs is disturbed');
  });
});
