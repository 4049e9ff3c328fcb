import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskPair } from '../../../src/domain/diff/mask.js';
import type { KubernetesObject } from '../../../src/domain/object.js';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const secret = (fields: object, annotations?: Record<string, string>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's', namespace: 'shop', ...(annotations === undefined ? {} : { annotations }) },
  ...fields,
});

describe('values of a Secret', () => {
  it('are stars on both sides, and say where they differ', () => {
    const [before, after] = maskPair(
      secret({ data: { same: 'YQ==', changed: 'Yg==', gone: 'Yw==' } }),
      secret({ data: { same: 'YQ==', changed: 'ZA==', fresh: 'ZQ==' } }),
    );
    expect(before['data']).toEqual({ same: '***', changed: '*** (before)', gone: '***' });
    expect(after['data']).toEqual({ same: '***', changed: '*** (after)', fresh: '***' });
  });

  it('are masked in stringData and when only one side is there', () => {
    expect(maskPair(undefined, secret({ stringData: { a: 'plain' } }))[1]?.['stringData']).toEqual({ a: '***' });
    expect(maskPair(secret({ data: { a: 'YQ==' } }), undefined)[0]?.['data']).toEqual({ a: '***' });
  });

  it('do not come through the annotation that kubectl keeps them in', () => {
    const [before] = maskPair(secret({}, { [lastApplied]: '{"data":{"a":"YQ=="}}', other: 'kept' }), undefined);
    expect(before?.metadata.annotations).toEqual({ [lastApplied]: '***', other: 'kept' });
  });

  it.each([
    ['an empty data: line', null, null],
    ['text instead of a map', 'aHVudGVyMg==', '***'],
    ['a list instead of a map', ['aHVudGVyMg=='], '***'],
  ])('survive %s', (_title, data, shown) => {
    expect(maskPair(secret({ data: { a: 'x' } }), secret({ data }))[1]['data']).toEqual(shown);
    expect(maskPair(secret({ data }), secret({ data: { a: 'x' } }))[1]['data']).toEqual({ a: '***' });
  });

  it('of another kind or group are nobody’s secret', () => {
    const map: KubernetesObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } };
    const other = { ...secret({ data: { a: 'b' } }), apiVersion: 'example.com/v1' };
    expect(maskPair(map, other)).toEqual([map, other]);
  });

  it('never appear, whatever they are', () => {
    const value = fc.string({ minLength: 12, maxLength: 40 }).map((text) => `<${text}>`);
    const data = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value);
    fc.assert(
      fc.property(data, data, (before, after) => {
        const shown = maskPair(secret({ data: before }), secret({ data: after })).map((o) => Object.values(o['data']!));
        expect(shown.flat().every((text) => /^\*\*\*( \((before|after)\))?$/.test(text as string))).toBe(true);
      }),
    );
  });
});
