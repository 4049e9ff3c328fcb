/**
 * A diff report for people: the text of each change in colour, conflicts, warnings, and the sum.
 */
import type { DiffReport, ReportedConflict, ReportedViolation } from '../domain/diff/report.js';
import type { Terminal } from './terminal.js';

export function describeDiff(report: DiffReport, revision: string, terminal: Terminal): string {
  const { created, updated, deleted } = report.summary;
  const changes = report.changes.map((change) => colour(change.diff, terminal));
  const conflicts = report.conflicts.flatMap((conflict) => describeConflict(conflict, terminal));
  const warnings = report.warnings.map((warning) => terminal.paint.yellow(`warning: ${warning}`));
  const violations = report.policy
    .filter(({ action }) => action === 'enforce')
    .map((v) => terminal.paint.red(`forbidden: ${describe(v)}`));
  const sum = `${revision.slice(0, 8)}: ${created} to create, ${updated} to update, ${deleted} to delete`;
  return [...changes, ...conflicts, ...violations, ...warnings, sum].join('\n');
}

function describe({ resource, field, message, policy, source }: ReportedViolation): string {
  const what = field === '' ? message : `${field}: ${message}`;
  return `${resource}: ${what} (policy ${policy}${source === '' ? '' : `, ${source}`})`;
}

/** The conflict, and under it what to do about it. */
function describeConflict({ resource, description, suggestions }: ReportedConflict, { paint }: Terminal): string[] {
  const head = paint.red(`conflict: ${resource}: ${description}`);
  return [head, ...suggestions.map((suggestion) => paint.dim(`  - ${suggestion}`))];
}

function colour(text: string, { paint }: Terminal): string {
  const painters: Readonly<Record<string, (line: string) => string>> = {
    '+': paint.green,
    '-': paint.red,
    '@': paint.cyan,
    '#': paint.yellow,
  };
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (painters[line[0] ?? ''] ?? ((plain: string) => plain))(line))
    .join('\n');
}
