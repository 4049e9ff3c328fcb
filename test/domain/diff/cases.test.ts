/**
 * The cases of `cases/*.yaml`: what is a change, how it looks, what it is worth a warning. To add one, add it there.
 */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { rulesFor, withIgnored, type IgnoreRule } from '../../../src/domain/diff/ignore-rules.js';
import type { ChangeType } from '../../../src/domain/diff/impact.js';
import { normalise } from '../../../src/domain/diff/normalise.js';
import { diffReport, type FoundChange } from '../../../src/domain/diff/report.js';
import { semanticallyEqual } from '../../../src/domain/diff/semantic-equality.js';
import { fieldsThatVanish, withoutFields } from '../../../src/domain/diff/take-over.js';
import { referenceOf, type KubernetesObject } from '../../../src/domain/object.js';

function casesOf<T>(name: string): T[] {
  const text = readFileSync(new URL(`cases/${name}.yaml`, import.meta.url), 'utf8');
  return parse(text) as T[];
}

interface DiffCase {
  readonly title: string;
  readonly live?: KubernetesObject;
  /** As the dry run gives it. */
  readonly desired?: KubernetesObject;
  readonly recreated?: true;
  readonly change: ChangeType | 'none';
  readonly impact?: string;
  /** Lines of the unified text. */
  readonly diff?: readonly string[];
  /** What must be nowhere in the report. */
  readonly hidden?: readonly string[];
  readonly warnings?: readonly string[];
}

const head = { app: 'workflow-1', revision: 'abc', planDigest: 'd', now: 0 };

function changeType({ live, desired }: DiffCase): ChangeType | 'none' {
  if (live === undefined) return 'create';
  if (desired === undefined) return 'delete';
  return semanticallyEqual(normalise(live), normalise(desired)) ? 'none' : 'update';
}

describe.each(['normalisation', 'masking', 'impact'])('diff cases of %s', (file) => {
  it.each(casesOf<DiffCase>(file))('$title', (example) => {
    const { live: before, desired: after, recreated, diff = [], hidden = [] } = example;
    const type = changeType(example);
    expect(type).toBe(example.change);
    if (type === 'none') return;
    const reference = referenceOf((after ?? before) as KubernetesObject);
    const found: FoundChange = { type, reference, before, after, ...(recreated ? { recreated } : {}) };
    const report = diffReport(head, { changes: [found], conflicts: [], notes: [], remaining: 1 });
    for (const line of diff) expect(report.changes[0]?.diff).toContain(line);
    for (const text of hidden) expect(JSON.stringify(report)).not.toContain(text);
    if (example.impact !== undefined) expect(report.changes[0]?.impact).toBe(example.impact);
    if (example.warnings !== undefined) expect(report.warnings).toEqual(example.warnings);
  });
});

interface IgnoreCase {
  readonly title: string;
  readonly ignore: readonly (Omit<IgnoreRule, 'jsonPointers' | 'managers'> & Partial<IgnoreRule>)[];
  readonly live: KubernetesObject;
  readonly desired: KubernetesObject;
  readonly payload: KubernetesObject;
}

describe('ignored differences', () => {
  it.each(casesOf<IgnoreCase>('ignore'))('$title', ({ ignore, live, desired, payload }) => {
    const rules = ignore.map((rule) => ({ jsonPointers: [], managers: [], ...rule }));
    const before = JSON.stringify([desired, live]);
    expect(withIgnored(desired, live, rulesFor(rules, referenceOf(desired)))).toEqual(payload);
    expect(JSON.stringify([desired, live])).toBe(before);
  });
});

interface TakeOverCase {
  readonly title: string;
  readonly applied: KubernetesObject;
  readonly vanishes: readonly (readonly string[])[];
  readonly rest?: object;
}

describe('fields of kubectl', () => {
  it.each(casesOf<TakeOverCase>('take-over'))('$title', ({ applied, vanishes, rest = {} }) => {
    const fields = fieldsThatVanish(applied);
    expect(fields).toEqual(vanishes);
    expect(withoutFields(applied, fields)).toMatchObject(rest);
  });
});
