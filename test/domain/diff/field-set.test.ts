import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  leaves,
  members,
  project,
  touches,
  unionOf,
  valueAt,
  withoutValue,
  withValue,
  type FieldSet,
  type FieldSteps,
} from '../../../src/domain/diff/field-set.js';

const key = fc.constantFrom('a', 'b', 'c.d/e', 'f');
/** Objects of maps and values; and the set of all their fields. */
const { tree } = fc.letrec<{ tree: Record<string, unknown>; value: unknown }>((tie) => ({
  tree: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3 }),
  value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), tie('tree')),
}));

function setOf(value: unknown): FieldSet {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([k, child]) => [`f:${k}`, setOf(child)]));
}

describe('a set of fields', () => {
  it('holds every member of the sets it was made of, and only these', () =>
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const all = unionOf([setOf(a), setOf(b)]);
        const texts = (set: FieldSet): string[] =>
          members(set)
            .map((steps) => steps.join())
            .sort();
        expect(new Set(texts(all))).toEqual(new Set([...texts(setOf(a)), ...texts(setOf(b))]));
      }),
    ));

  it('of nothing adds nothing', () => expect(unionOf([{}, { 'f:a': {} }, {}])).toEqual({ 'f:a': {} }));

  it('touches each of its fields, what is around them and what is inside', () =>
    fc.assert(
      fc.property(tree, (object) => {
        for (const steps of leaves(setOf(object))) {
          for (let n = 1; n <= steps.length; n++) expect(touches(setOf(object), steps.slice(0, n), object)).toBe(true);
          expect(touches(setOf(object), [...steps, 'f:inside'], object)).toBe(true);
        }
        expect(touches(setOf(object), ['f:elsewhere'], object)).toBe(false);
      }),
    ));

  it('projects an object to what it speaks of', () => {
    const object = { spec: { a: 1, b: 2, list: [{ name: 'x', v: 1, w: 2 }] } };
    const set = { 'f:spec': { 'f:a': {}, 'f:list': { 'k:{"name":"x"}': { '.': {}, 'f:v': {} } }, 'f:gone': {} } };
    expect(project(object, set)).toEqual({
      'f:spec': { 'f:a': 1, 'f:list': { 'k:{"name":"x"}': { 'f:v': 1 } }, 'f:gone': undefined },
    });
  });
});

describe('a field of an object', () => {
  const object = {
    spec: {
      replicas: 1,
      list: ['x', 'y'],
      items: [
        { name: 'a', v: 1 },
        { name: 'b', ports: [{ port: 80, p: 'TCP' }] },
      ],
    },
  };
  it.each<[FieldSteps, unknown]>([
    [['f:spec', 'f:replicas'], 1],
    [['f:spec', 'f:list', 'v:"y"'], 'y'],
    [['f:spec', 'f:list', 'i:0'], 'x'],
    [['f:spec', 'f:items', 'k:{"name":"a"}', 'f:v'], 1],
    [['f:spec', 'f:items', 'k:{"name":"b"}', 'f:ports', 'k:{"port":80,"p":"TCP"}', 'f:p'], 'TCP'],
    [['f:spec', 'f:items', 'k:{"name":"c"}', 'f:v'], undefined],
    [['f:spec', 'f:toString'], undefined],
    [['f:spec', 'f:replicas', 'f:deeper'], undefined],
  ])('%j is found', (steps, value) => {
    expect(valueAt(object, steps)).toEqual(value);
    const before = JSON.stringify(object);
    const without = withoutValue(object, steps);
    if (value === undefined) expect(without).toEqual(object);
    else expect(valueAt(without, steps)).not.toEqual(value);
    expect(JSON.stringify(object)).toBe(before);
  });

  it('comes back as it was put there', () =>
    fc.assert(
      fc.property(tree, fc.array(key, { minLength: 1, maxLength: 3 }), fc.integer(), (object, path, value) => {
        const steps = path.map((k) => `f:${k}`);
        const written = withValue(object, steps, value);
        const blocked = path.slice(0, -1).some((_, i) => {
          const above = valueAt(object, steps.slice(0, i + 1));
          return above !== undefined && typeof above !== 'object';
        });
        expect(valueAt(written, steps)).toEqual(blocked ? valueAt(object, steps) : value);
      }),
    ));
});
