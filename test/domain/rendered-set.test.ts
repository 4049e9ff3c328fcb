import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keyOf, referenceOf } from '../../src/domain/object.js';
import { mergeSources, type RenderedObject } from '../../src/domain/rendered-set.js';

const entry = (name: string, origin: string): RenderedObject => ({
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { origin } },
  source: `${origin}.yaml:1`,
});

describe('several sources', () => {
  const source = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
  it('give each object once, from the last source that has it, with a warning for each that lost', () =>
    fc.assert(
      fc.property(fc.array(source, { maxLength: 4 }), (sources) => {
        const named = sources.map((names, i) => ({ name: `s${i}`, objects: names.map((n) => entry(n, `s${i}`)) }));
        const { objects, warnings } = mergeSources(named);
        const all = sources.flat();
        expect(new Set(objects.map(({ object }) => keyOf(referenceOf(object)))).size).toBe(objects.length);
        expect(objects).toHaveLength(new Set(all).size);
        expect(warnings).toHaveLength(all.length - objects.length);
        for (const { object } of objects) {
          const last = sources.findLastIndex((names) => names.some((name) => name === object.metadata.name));
          expect(object['data']).toEqual({ origin: `s${last}` });
        }
      }),
    ));

  it('name both places in the warning', () =>
    expect(
      mergeSources([
        { name: 'one', objects: [entry('a', 'x')] },
        { name: 'two', objects: [entry('a', 'y')] },
      ]).warnings,
    ).toEqual(['ConfigMap a of two y.yaml:1 takes the place of the one of one x.yaml:1: the later source wins']));
});
