import { describe, expect, it } from '@jest/globals';
import type { ChangeType } from '../../../src/domain/diff/impact.js';
import { diffReport, type Findings, type FoundChange } from '../../../src/domain/diff/report.js';
import type { KubernetesObject } from '../../../src/domain/object.js';

const head = { app: 'workflow-1', revision: 'abc', planDigest: 'd', now: Date.UTC(2026, 0, 2) };
const nothing: Findings = { changes: [], conflicts: [], notes: [], remaining: 3 };

const object = (kind: string, name: string, fields: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'shop', uid: 'u' },
  ...fields,
});
function change(type: ChangeType, kind: string, name: string, before?: object, after?: object): FoundChange {
  return {
    type,
    reference: { apiVersion: 'v1', kind, namespace: 'shop', name },
    before: type === 'create' ? undefined : object(kind, name, before),
    after: type === 'delete' ? undefined : object(kind, name, after),
  };
}
const deletions = (n: number): FoundChange[] =>
  Array.from({ length: n }, (_, i) => change('delete', 'ConfigMap', `c${i}`));
const conflicts = (n: number): Findings['conflicts'] =>
  Array.from({ length: n }, (_, i) => ({
    reference: { apiVersion: 'v1', kind: 'ConfigMap', name: `c${i}` },
    type: 'field_owner' as const,
    description: '.data.a is owned by helm',
    before: object('ConfigMap', `c${i}`),
    after: undefined,
  }));

describe('the table a script gets from generate_diff', () => {
  it('of no change has every field', () =>
    expect(diffReport(head, nothing)).toEqual({
      workflow_id: 'workflow-1',
      generated_at: '2026-01-02T00:00:00.000Z',
      revision: 'abc',
      plan_digest: 'd',
      summary: {
        total_changes: 0,
        created: 0,
        created_resources: 0,
        updated: 0,
        updated_resources: 0,
        deleted: 0,
        deleted_resources: 0,
        conflict_count: 0,
        warning_count: 0,
      },
      changes: [],
      conflicts: [],
      warnings: [],
      policy: [],
    }));

  it('counts by type, under both names', () => {
    const changes = [
      change('create', 'ConfigMap', 'a'),
      change('update', 'ConfigMap', 'b'),
      change('update', 'ConfigMap', 'c'),
    ];
    expect(diffReport(head, { ...nothing, changes }).summary).toMatchObject({
      total_changes: 3,
      created: 1,
      created_resources: 1,
      updated: 2,
      updated_resources: 2,
      deleted: 0,
    });
  });

  it('masks a Secret in every text it holds', () => {
    const changes = [change('update', 'Secret', 's', { data: { k: 'aHVudGVyMQ==' } }, { data: { k: 'aHVudGVyMg==' } })];
    const text = JSON.stringify(diffReport(head, { ...nothing, changes }));
    expect(text).not.toContain('aHVudGVy');
    expect(diffReport(head, { ...nothing, changes }).changes[0]?.diff).toMatch(/^-.*\(before\)[\s\S]*^\+.*\(after\)/m);
  });

  it('says what to do about a conflict', () =>
    expect(diffReport(head, { ...nothing, conflicts: conflicts(1) }).conflicts[0]).toMatchObject({
      resource: 'ConfigMap/c0',
      type: 'field_owner',
      description: '.data.a is owned by helm',
      desired_state: '',
      suggestions: expect.arrayContaining([expect.stringContaining('force')]),
    }));
});

describe('warnings of a diff', () => {
  it.each<[string, Findings, RegExp[]]>([
    [
      'name each high impact change',
      { ...nothing, changes: deletions(1) },
      [/^High-impact change: delete ConfigMap\/c0/],
    ],
    [
      'name each critical one',
      { ...nothing, changes: [change('delete', 'Secret', 's')] },
      [/^Critical-impact change: delete Secret\/s \(deleting it loses data\)$/],
    ],
    ['count more than five deletions', { ...nothing, changes: deletions(6) }, [/^6 objects are deleted$/]],
    ['count more than three conflicts', { ...nothing, conflicts: conflicts(4) }, [/^4 conflicts/]],
    ['say when nothing is left', { ...nothing, changes: deletions(1), remaining: 0 }, [/^Nothing is left/]],
    ['repeat what the planner found', { ...nothing, notes: ['adopts Service/web'] }, [/^adopts Service\/web$/]],
  ])('%s', (_title, findings, wanted) => {
    const { warnings, summary } = diffReport(head, findings);
    for (const pattern of wanted) expect(warnings).toContainEqual(expect.stringMatching(pattern));
    expect(summary.warning_count).toBe(warnings.length);
  });

  it.each<[string, Findings, RegExp]>([
    ['five deletions', { ...nothing, changes: deletions(5) }, /objects are deleted/],
    ['three conflicts', { ...nothing, conflicts: conflicts(3) }, /conflicts/],
    ['an application that was empty already', { ...nothing, remaining: 0 }, /Nothing is left/],
    ['what is created', { ...nothing, changes: [change('create', 'Secret', 's')] }, /impact/],
  ])('keep quiet about %s', (_title, findings, unwanted) =>
    expect(diffReport(head, findings).warnings).not.toContainEqual(expect.stringMatching(unwanted)),
  );
});
