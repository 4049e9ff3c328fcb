/**
 * A diff report for people: the text of each change in colour, conflicts, warnings, and the sum.
 */
import type { DiffReport, ReportedConflict } from '../domain/diff/report.js';
import type { Terminal } from './terminal.js';

export function describeDiff(report: DiffReport, revision: string, terminal: Terminal): string {
  const { created, updated, deleted } = report.summary;
  const changes = report.changes.map((change) => colour(change.diff, terminal));
  const conflicts = report.conflicts.flatMap((conflict) => describeConflict(conflict, terminal));
  const warnings = report.warnings.map((warning) => terminal.paint.yellow(`warning: ${warning}`));
  const sum = `${revision.slice(0, 8)}: ${created} to create, ${updated} to update, ${deleted} to delete`;
  return [...changes, ...conflicts, ...warnings, sum].join('\n');
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
