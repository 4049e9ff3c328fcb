/**
 * A diff as a comment of a pull request: one comment for each application, known by a marker that nobody sees, written
 * anew in its place.
 */
import type { DiffReport, ReportedChange } from '../diff/report.js';
import { maskSecrets } from '../redaction.js';

/** Gitea and GitHub take 65,535 characters; what surrounds the diff has room beside it. */
const diffLimit = 30_000;
const listLimit = 50;
const lineLimit = 200;

export interface CommentedApplication {
  readonly id: string;
  readonly name: string;
  readonly environment?: string | undefined;
}

/** The first line of our comment, and of no quotation of it. */
export function markerOf(app: string): string {
  return `<!-- sloth-runner diff ${app} -->`;
}

export function isCommentOf(app: string, body: string): boolean {
  return body.startsWith(markerOf(app));
}

export function diffComment(app: CommentedApplication, report: DiffReport, revision: string): string {
  const place = app.environment === undefined ? '' : ` (${escaped(app.environment)})`;
  const head = `### ${escaped(app.name)}${place} at ${escaped(revision.slice(0, 12))}`;
  const parts = [markerOf(app.id), head, sum(report), ...notes(report), ...table(report), ...texts(report)];
  return maskSecrets(parts.join('\n\n'));
}

function sum({ summary, conflicts, policy }: DiffReport): string {
  const { created, updated, deleted, total_changes } = summary;
  const forbidden = policy.filter(({ action }) => action === 'enforce').length;
  const counts =
    total_changes === 0 ? 'Nothing to change' : `${created} to create, ${updated} to update, ${deleted} to delete`;
  const held = [
    ...(conflicts.length === 0 ? [] : [`${conflicts.length} conflicts`]),
    ...(forbidden === 0 ? [] : [`${forbidden} policy violations`]),
  ];
  return `**${[counts, ...held].join(', ')}**`;
}

function notes({ warnings, conflicts, policy }: DiffReport): string[] {
  const lines = [
    ...conflicts.map(({ resource, description }) => `conflict: ${resource}: ${description}`),
    ...policy.filter(({ action }) => action === 'enforce').map((v) => `forbidden: ${v.resource}: ${v.message}`),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
  return lines.length === 0 ? [] : [list(lines.map(escaped))];
}

function table({ changes }: DiffReport): string[] {
  if (changes.length === 0) return [];
  return [
    list(
      changes.map(({ type, resource, namespace, impact }) => {
        const where = namespace === '' ? '' : ` in ${escaped(namespace)}`;
        return `${type} ${escaped(resource)}${where}${impact === 'low' ? '' : ` (impact ${impact})`}`;
      }),
    ),
  ];
}

function list(lines: readonly string[]): string {
  const more = lines.length > listLimit ? [`- and ${lines.length - listLimit} more`] : [];
  return [...lines.slice(0, listLimit).map((line) => `- ${clipped(line)}`), ...more].join('\n');
}

function clipped(line: string): string {
  return line.length <= lineLimit ? line : `${line.slice(0, lineLimit - 1)}…`;
}

/** Whole changes as long as there is room; what is left out is said. */
function texts({ changes }: DiffReport): string[] {
  const { shown, left } = fitting(changes);
  if (shown.length === 0 && left === 0) return [];
  const more = left === 0 ? [] : [`${left} more changes are too long to show: \`sloth-runner app diff\` shows all.`];
  const blocks = shown.length === 0 ? [] : [fenced(shown.join('\n'))];
  return ['<details><summary>Diff</summary>', ...blocks, ...more, '</details>'];
}

function fitting(changes: readonly ReportedChange[]): { shown: string[]; left: number } {
  const shown: string[] = [];
  let room = diffLimit;
  for (const { diff } of changes) {
    const text = diff.trimEnd();
    if (text === '' || text.length > room) continue;
    room -= text.length;
    shown.push(text);
  }
  return { shown, left: changes.filter(({ diff }) => diff.trimEnd() !== '').length - shown.length };
}

/** The fence is longer than any in the text, so that no manifest can end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text}\n${fence}`;
}

/** One line, without a meaning to Markdown or HTML, and nobody is called by name. */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]<>|#]/g, '\\$&')
    .replace(/@/g, '@\u200b');
}
