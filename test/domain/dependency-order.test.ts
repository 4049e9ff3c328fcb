import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cycleFrom, dependenciesFirst, dependentsOf, type Dependencies } from '../../src/domain/dependency-order.js';

const shop: Dependencies = { web: ['api', 'cache'], api: ['database'], worker: ['database'] };

/** Each application depends on earlier ones only, so there is no cycle. */
const acyclic = fc
  .array(fc.array(fc.nat({ max: 100 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    Object.fromEntries(rows.map((row, i) => [`app-${i}`, i === 0 ? [] : [...new Set(row.map((n) => `app-${n % i}`))]])),
  );

describe('a cycle', () => {
  const cases: [title: string, dependencies: Dependencies, cycle: readonly string[] | undefined][] = [
    ['is none without dependencies', {}, undefined],
    ['is none in a tree', shop, undefined],
    ['of one application that depends on itself', { web: ['web'] }, ['web', 'web']],
    ['of two', { web: ['api'], api: ['web'] }, ['web', 'api', 'web']],
    [
      'is told in the order of its steps',
      { web: ['cache', 'api'], api: ['db'], db: ['web'] },
      ['web', 'api', 'db', 'web'],
    ],
    ['that others are in is not this application’s', { web: ['a'], a: ['b'], b: ['a'] }, undefined],
  ];
  it.each(cases)('%s', (_title, dependencies, cycle) => expect(cycleFrom('web', dependencies)).toEqual(cycle));

  it('is found whenever a way back is added', () => {
    fc.assert(
      fc.property(acyclic, (dependencies) => {
        const apps = Object.keys(dependencies);
        expect(apps.every((app) => cycleFrom(app, dependencies) === undefined)).toBe(true);
        for (const [app, [first]] of Object.entries(dependencies)) {
          if (first === undefined) continue;
          const closed = { ...dependencies, [first]: [...(dependencies[first] ?? []), app] };
          expect(cycleFrom(app, closed)).toBeDefined();
        }
      }),
    );
  });
});

describe('the order', () => {
  it('puts dependencies first and the others as they came', () => {
    expect(dependenciesFirst(['web', 'worker', 'database', 'api', 'cache'], shop)).toEqual([
      'database',
      'api',
      'cache',
      'web',
      'worker',
    ]);
  });

  it('holds for every set without a cycle, and loses nobody', () => {
    fc.assert(
      fc.property(acyclic, (dependencies) => {
        const order = dependenciesFirst(Object.keys(dependencies).reverse(), dependencies);
        expect([...order].sort()).toEqual(Object.keys(dependencies).sort());
        for (const [app, on] of Object.entries(dependencies))
          for (const before of on) expect(order.indexOf(before)).toBeLessThan(order.indexOf(app));
      }),
    );
  });

  it('of a deletion starts with what nothing depends on', () => {
    expect(dependentsOf('database', shop)).toEqual(['worker', 'web', 'api']);
    expect(dependentsOf('web', shop)).toEqual([]);
  });
});
