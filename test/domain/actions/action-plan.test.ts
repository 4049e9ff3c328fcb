/**
 * What an action writes, settled before its first write.
 */
import { describe, expect, it } from '@jest/globals';
import {
  actionPlan,
  changesOf,
  fieldsOfGit,
  splitStatus,
  withoutSecretValues,
} from '../../../src/domain/actions/action-plan.js';
import type { ActionEffect } from '../../../src/domain/actions/action.js';
import { describeChanges, warnOfGit } from '../../../src/domain/actions/record.js';
import type { KubernetesObject, ManagedFieldsEntry } from '../../../src/domain/object.js';

const run = 'gitops/workflow-1/action-1';
const mark = { 'sloth-runner.dev/action': run };
const live: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: '7' },
  spec: { replicas: 3 },
};
const patch = (fields: Record<string, unknown>): ActionEffect => ({ operation: 'patch', patch: fields });
const create = (object: object): ActionEffect => ({
  operation: 'create',
  object: { apiVersion: 'v1', kind: 'ConfigMap', ...object } as KubernetesObject,
});

describe('the plan of an action', () => {
  it('is one patch of one version, marked with its run, whatever number of patches the script made', () =>
    expect(
      actionPlan([patch({ spec: { replicas: 4, paused: true } }), patch({ spec: { paused: null } })], live, run),
    ).toEqual({
      patch: {
        reference: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
        uid: 'u',
        resourceVersion: '7',
        patch: { spec: { replicas: 4, paused: null }, metadata: { annotations: mark } },
      },
      creates: [],
    }));

  it('writes nothing where nothing changes: not even the mark', () =>
    expect(actionPlan([patch({})], live, run)).toEqual({ creates: [] }));

  it('makes objects in the namespace of the one it was asked of, when they name none', () => {
    const made = [create({ metadata: { name: 'a' } }), create({ metadata: { name: 'b', namespace: 'other' } })];
    const { creates } = actionPlan(made, live, run);
    expect(creates.map(({ metadata }) => metadata)).toEqual([
      { name: 'a', namespace: 'shop', annotations: mark },
      { name: 'b', namespace: 'other', annotations: mark },
    ]);
  });

  it('is told by names of fields, without values and without the mark', () => {
    const plan = actionPlan(
      [
        patch({ spec: { replicas: 4, template: { spec: { containers: [{ env: 'hidden' }] } } } }),
        create({ metadata: { name: 'a' } }),
      ],
      live,
      run,
    );
    expect(describeChanges(changesOf(plan))).toBe(
      'patch Deployment shop/web: .spec.replicas, .spec.template.spec.containers; create ConfigMap shop/a',
    );
    expect(describeChanges([])).toBe('nothing to change');
  });
});

describe('fields that git has a say in', () => {
  const entry = (
    manager: string,
    operation: 'Apply' | 'Update',
    fieldsV1: Record<string, unknown>,
  ): ManagedFieldsEntry => ({
    manager,
    operation,
    fieldsV1,
  });
  const owned = (...managedFields: ManagedFieldsEntry[]): KubernetesObject => ({
    ...live,
    metadata: { ...live.metadata, managedFields },
  });
  const ours = entry('sloth-runner', 'Apply', {
    'f:spec': { 'f:replicas': {}, 'f:template': { 'f:metadata': { 'f:annotations': { 'f:a/b': {} } } } },
  });

  it.each([
    ['a value of the set', { spec: { replicas: 4 } }, ['.spec.replicas']],
    ['a value that is taken away', { spec: { replicas: null } }, ['.spec.replicas']],
    ['a value of nobody', { spec: { paused: true } }, []],
    ['one annotation beside those of the set', { spec: { template: { metadata: { annotations: { c: 'd' } } } } }, []],
    ['a map of which the set has a part', { spec: { template: null } }, ['.spec.template']],
  ])('%s', (_title, fields, paths) => {
    const object = owned(ours);
    expect(fieldsOfGit(actionPlan([patch(fields)], object, run), object)).toEqual(paths);
  });

  it.each<[object, string[]]>([
    [{ jsonPointers: ['/spec/replicas'] }, []],
    [{ jsonPointers: ['/spec'] }, []],
    [{ jsonPointers: ['/spec/replica', '/metadata/annotations/a~1b'] }, ['.spec.replicas']],
    [{ managers: ['sloth-runner-action'] }, []],
    [{ managers: ['kubectl-edit'] }, ['.spec.replicas']],
  ])('are not those that the application leaves alone: %j', (rule, paths) => {
    const object = owned(ours);
    const ignored = [{ jsonPointers: [], managers: [], ...rule }];
    expect(fieldsOfGit(actionPlan([patch({ spec: { replicas: 4 } })], object, run), object, ignored)).toEqual(paths);
  });

  it('are not those of others', () => {
    const object = owned(entry('kubectl', 'Update', { 'f:spec': { 'f:replicas': {} } }));
    expect(fieldsOfGit(actionPlan([patch({ spec: { replicas: 4 } })], object, run), object)).toEqual([]);
  });

  it.each([
    [false, '.spec.replicas: git says otherwise; a sync will put it back'],
    [true, '.spec.replicas: git says otherwise; self-heal will put it back'],
  ])('are warned of; self-heal: %s', (selfHeal, line) =>
    expect(warnOfGit(['.spec.replicas'], selfHeal)).toEqual([line]),
  );
});

describe('a Secret', () => {
  const secret: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'keys',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"canary"}', team: 'a' },
    },
    data: { token: 'canary' },
    type: 'Opaque',
  };

  it('is shown to scripts without what it holds', () => {
    const seen = withoutSecretValues(secret);
    expect(JSON.stringify(seen)).not.toContain('canary');
    expect(seen).toMatchObject({ type: 'Opaque', metadata: { annotations: { team: 'a' } } });
    expect(withoutSecretValues(live)).toBe(live);
  });

  it.each<[string, ActionEffect, KubernetesObject]>([
    ['gets no values', patch({ data: { token: 'x' } }), secret],
    ['gets no values as text', patch({ stringData: { token: 'x' } }), secret],
    ['is not made', create({ kind: 'Secret', metadata: { name: 'new' } }), live],
  ])('%s', (_title, effect, object) =>
    expect(() => actionPlan([effect], object, run)).toThrow(expect.objectContaining({ code: 'NotAllowed' })),
  );

  it('may be labelled', () =>
    expect(actionPlan([patch({ metadata: { labels: { a: 'b' } } })], secret, run).patch?.patch).toMatchObject({
      metadata: { labels: { a: 'b' } },
    }));
});

it('the status is written apart from the rest', () => {
  expect(splitStatus({ status: { a: 1 }, spec: { b: 2 } })).toEqual({
    status: { status: { a: 1 } },
    rest: { spec: { b: 2 } },
  });
  expect(splitStatus({ spec: {} })).toEqual({ rest: { spec: {} } });
});
