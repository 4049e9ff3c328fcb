/**
 * Every document of `fixtures/*.yaml` is a case: `object` (and `related` objects that its rule may look at) in,
 * `expect` out. Adding a case means adding a document.
 */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { healthOf } from '../../../src/domain/health/rules.js';
import type { Related, Verdict } from '../../../src/domain/health/status.js';
import type { KubernetesObject } from '../../../src/domain/object.js';

interface Fixture {
  readonly title: string;
  readonly object: KubernetesObject;
  readonly related?: Partial<Related>;
  readonly expect: Verdict;
}

const folder = fileURLToPath(new URL('fixtures/', import.meta.url));

describe.each(readdirSync(folder))('health: %s', (file) => {
  const fixtures = parseAllDocuments(readFileSync(folder + file, 'utf8')).map((d) => d.toJS() as Fixture);
  it.each(fixtures.map((fixture) => [fixture.title, fixture] as const))('%s', (_title, { object, related, ...one }) => {
    expect(healthOf(object, { replicaSets: [], pods: [], ...related })).toEqual(one.expect);
  });
});
