import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalise } from '../../../src/domain/diff/normalise.js';
import { semanticallyEqual } from '../../../src/domain/diff/semantic-equality.js';
import { toYaml, unifiedText } from '../../../src/domain/diff/unified-text.js';
import type { KubernetesObject } from '../../../src/domain/object.js';

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, reversed(inner)] as const)
      .reverse(),
  );
}

describe('two values are the same', () => {
  it('whatever the order of their keys, and only then', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(semanticallyEqual(a, reversed(JSON.parse(JSON.stringify(a))))).toBe(true);
        expect(semanticallyEqual(a, b)).toBe(semanticallyEqual(b, a));
        if (semanticallyEqual(a, b)) expect(JSON.parse(JSON.stringify(b))).toEqual(JSON.parse(JSON.stringify(a)));
      }),
    );
  });
  it.each([
    [[1, 2], [2, 1], false],
    [{ a: 1 }, { a: 1, b: null }, false],
    [{ a: undefined }, { b: undefined }, false],
    [[], {}, false],
    [null, {}, false],
    [0, -0, true],
    ['1', 1, false],
  ])('%j and %j: %s', (a, b, same) => expect(semanticallyEqual(a, b)).toBe(same));
});

const live: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'c',
    namespace: 'n',
    uid: 'u',
    resourceVersion: '5',
    generation: 2,
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { a: 'b' },
    annotations: {},
    managedFields: [{ manager: 'x' }],
    selfLink: '/x',
    finalizers: ['keep'],
  },
  data: { k: 'v' },
  status: { phase: 'Active' },
};

describe('an object as a person would write it', () => {
  it('has nothing that the server added', () =>
    expect(normalise(live)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'n', labels: { a: 'b' }, finalizers: ['keep'] },
      data: { k: 'v' },
    }));
  it('stays as it is when normalised again, and leaves the original alone', () => {
    expect(normalise(normalise(live))).toEqual(normalise(live));
    expect(live['status']).toEqual({ phase: 'Active' });
  });
});

describe('the text of a difference', () => {
  const [before, after] = ['v1', 'v2'].map((v) => toYaml({ ...normalise(live), data: { k: v } })) as [string, string];
  it('is a unified diff with the names of both sides', () =>
    expect(unifiedText('ConfigMap/c', before, after)).toMatch(
      /^--- live\/ConfigMap\/c\n\+\+\+ desired\/ConfigMap\/c\n@@ [\s\S]*\n- {2}k: v1\n\+ {2}k: v2\n/,
    ));
  it('of a new object has only additions', () =>
    expect(unifiedText('a', toYaml(undefined), after).split('\n').slice(3, -1)).toEqual(
      after
        .trimEnd()
        .split('\n')
        .map((line) => `+${line}`),
    ));
  it('of equal sides has no hunk', () => expect(unifiedText('a', after, after)).not.toContain('@@'));
  it('writes long lines and shared values out', () => {
    const shared = { x: 'y '.repeat(100).trim() };
    expect(toYaml({ ...live, a: shared, b: shared })).not.toMatch(/[&*]a\d|>-/);
  });
});
