import { describe, expect, it } from '@jest/globals';
import { tracking, type KubernetesObject } from '../../../src/domain/object.js';
import { movedSet } from '../../../src/domain/promotion/moved-set.js';
import type { Target } from '../../../src/domain/target.js';

const target = (app: string, namespace?: string, cluster = 'default'): Target => ({
  app: `workflow-${app}`,
  appName: app,
  destination: { cluster, ...(namespace === undefined ? {} : { namespace }) },
  conflictResolution: 'fail',
});
const object = (kind: string, name: string, namespace?: string, more: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...more,
});
const move = (one: KubernetesObject, from = target('dev', 'dev'), to = target('prod', 'prod')) =>
  movedSet([{ object: one, source: 'app.yaml:1' }], from, to)[0]?.object;

describe('the set of one environment, moved to another', () => {
  it('takes the other namespace, and its owner', () => {
    const moved = move(object('Service', 'web', 'dev', { spec: { ports: [] } }));
    expect(moved).toMatchObject({ metadata: { name: 'web', namespace: 'prod' }, spec: { ports: [] } });
    expect(moved?.metadata.annotations?.[tracking.appAnnotation]).toBe('workflow-prod');
  });

  it('leaves a namespace that nobody wrote to the plan', () =>
    expect(move(object('Service', 'web'))?.metadata.namespace).toBeUndefined());

  it('brings its own namespace along under the other name', () =>
    expect(move(object('Namespace', 'dev'))?.metadata.name).toBe('prod'));

  it('binds the accounts of the other namespace, and leaves those of third ones', () => {
    const subjects = [
      { kind: 'ServiceAccount', name: 'web', namespace: 'dev' },
      { kind: 'ServiceAccount', name: 'x', namespace: 'ops' },
    ];
    expect(move(object('RoleBinding', 'web', 'dev', { subjects }))).toMatchObject({
      subjects: [{ namespace: 'prod' }, { namespace: 'ops' }],
    });
  });

  it('keeps where it was written', () =>
    expect(
      movedSet(
        [{ object: object('Service', 'web'), source: 'a.yaml:3' }],
        target('dev', 'dev'),
        target('prod', 'prod'),
      ),
    ).toMatchObject([{ source: 'a.yaml:3' }]));

  it.each([
    [
      'an object of a third namespace',
      object('Service', 'web', 'shared'),
      target('dev', 'dev'),
      target('prod', 'prod'),
      /Service.*outside of dev/,
    ],
    [
      'a source without a namespace',
      object('Service', 'web'),
      target('dev'),
      target('prod', 'prod'),
      /dev declares no namespace/,
    ],
    [
      'a target without a namespace',
      object('Service', 'web'),
      target('dev', 'dev'),
      target('prod'),
      /prod declares no namespace/,
    ],
    ['the same namespace', object('Service', 'web'), target('dev', 'x'), target('prod', 'x'), /share the namespace x/],
  ])('%s is refused', (_title, one, from, to, message) => expect(() => move(one, from, to)).toThrow(message));

  it('may have the same namespace on another cluster', () =>
    expect(move(object('Service', 'web', 'x'), target('dev', 'x'), target('prod', 'x', 'eu'))?.metadata.namespace).toBe(
      'x',
    ));
});
