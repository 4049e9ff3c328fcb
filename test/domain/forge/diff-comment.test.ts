import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DiffReport, ReportedChange } from '../../../src/domain/diff/report.js';
import { summarise } from '../../../src/domain/diff/summary.js';
import { diffComment, isCommentOf, markerOf } from '../../../src/domain/forge/diff-comment.js';

const app = { id: 'workflow-1', name: 'shop', environment: 'production' };

const change = (fields: Partial<ReportedChange> = {}): ReportedChange => ({
  type: 'update',
  resource: 'Deployment/web',
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name: 'web',
  namespace: 'shop',
  impact: 'medium',
  diff: '--- Deployment/web\n+++ Deployment/web\n-  replicas: 1\n+  replicas: 3\n',
  current_state: '',
  desired_state: '',
  ...fields,
});

function report(changes: readonly ReportedChange[], fields: Partial<DiffReport> = {}): DiffReport {
  const { conflicts = [], warnings = [] } = fields;
  return {
    workflow_id: app.id,
    generated_at: '2026-01-01T00:00:00Z',
    revision: 'c'.repeat(40),
    plan_digest: 'd',
    changes,
    conflicts,
    warnings,
    policy: [],
    summary: summarise(changes, conflicts.length, warnings.length),
    ...fields,
  } as DiffReport;
}

const comment = (...args: Parameters<typeof report>): string => diffComment(app, report(...args), 'c'.repeat(40));

describe('the comment', () => {
  it('says what a merge would change', () =>
    expect(comment([change()], { warnings: ['1 objects are deleted'] })).toBe(`<!-- sloth-runner diff workflow-1 -->

### shop (production) at cccccccccccc

**0 to create, 1 to update, 0 to delete**

- warning: 1 objects are deleted

- update Deployment/web in shop (impact medium)

<details><summary>Diff</summary>

\`\`\`diff
--- Deployment/web
+++ Deployment/web
-  replicas: 1
+  replicas: 3
\`\`\`

</details>`));

  it('says that there is nothing', () => expect(comment([])).toContain('**Nothing to change**'));

  it('names conflicts and what policies forbid', () => {
    const conflicts = [{ resource: 'Service/web', description: 'owned by kubectl' }] as never;
    const policy = [{ action: 'enforce', resource: 'Deployment/web', message: 'no limits' }] as never;
    const text = comment([change()], { conflicts, policy });
    expect(text).toContain('1 conflicts, 1 policy violations');
    expect(text).toContain('- conflict: Service/web: owned by kubectl\n- forbidden: Deployment/web: no limits');
  });

  it('is found by its marker, which a quotation of it is not', () => {
    const text = comment([change()]);
    expect(isCommentOf(app.id, text)).toBe(true);
    expect(isCommentOf('workflow-12', text)).toBe(false);
    expect(isCommentOf(app.id, `> ${text}`)).toBe(false);
    expect(markerOf('workflow-1')).not.toBe(markerOf('workflow-12'));
  });

  it('masks what can be nothing but a credential', () =>
    expect(comment([change({ diff: `+ token: ghp_${'a'.repeat(36)}\n` })])).toMatch(/token: \*\*\*/));

  it('cannot be left by a fence in a manifest', () => {
    const text = comment([change({ diff: '+ ```\n+ </details> @everyone\n' })]);
    expect(text).toContain('````diff\n');
  });

  it('calls nobody by name, and has no HTML but its own', () => {
    const text = comment([change({ resource: 'ConfigMap/<img src=x>@team', diff: '' })]);
    expect(text).not.toMatch(/(?<!\\)<img|@team/);
  });

  it('leaves out what is too long, and says so', () => {
    const text = comment([change({ diff: 'x'.repeat(50_000) }), change()]);
    expect(text).toContain('1 more changes are too long to show');
    expect(text).toContain('replicas: 3');
  });

  it('fits into a comment of every forge, whatever it holds', () => {
    const names = fc.string({ minLength: 150, maxLength: 253 });
    const changes = fc.array(
      fc.record({ resource: names, namespace: names, diff: fc.string({ maxLength: 3000, unit: 'binary' }) }),
      { maxLength: 300, size: 'max' },
    );
    fc.assert(
      fc.property(changes, (found) => {
        expect(comment(found.map(change)).length).toBeLessThan(65_536);
      }),
      { numRuns: 20 },
    );
  });
});
