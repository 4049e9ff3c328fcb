/**
 * Lists of things as kubectl prints them: borderless columns, wide characters counted by their width.
 */
import stringWidth from 'string-width';
import { stringify } from 'yaml';
import { GitOpsError } from '../domain/errors.js';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
}

export const outputFormats = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** @throws GitOpsError InvalidInput naming the formats there are */
export function outputFormat(text: string): OutputFormat {
  if ((outputFormats as readonly string[]).includes(text)) return text as OutputFormat;
  throw new GitOpsError('InvalidInput', `'${text}' is not an output format`, {
    hint: `use one of ${outputFormats.join(', ')}`,
  });
}

/** Rows in the wanted format; the first column is the name. */
export function formatList<T>(rows: readonly T[], columns: readonly Column<T>[], format: OutputFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify({ apiVersion: 'sloth-runner.dev/v1', items: rows }, null, 2);
    case 'yaml':
      return stringify({ apiVersion: 'sloth-runner.dev/v1', items: rows }).trimEnd();
    case 'name':
      return rows.map((row) => columns[0]?.value(row) ?? '').join('\n');
    default:
      return table(
        rows,
        columns.filter((column) => format === 'wide' || column.wide !== true),
      );
  }
}

/** One thing in a structured format, or as `text` for people. */
export function formatOne(value: object, format: OutputFormat, text: () => string): string {
  if (format === 'json') return JSON.stringify({ apiVersion: 'sloth-runner.dev/v1', ...value }, null, 2);
  if (format === 'yaml') return stringify({ apiVersion: 'sloth-runner.dev/v1', ...value }).trimEnd();
  return text();
}

function table<T>(rows: readonly T[], columns: readonly Column<T>[]): string {
  const cells = [columns.map((c) => c.title), ...rows.map((row) => columns.map((c) => c.value(row) || '-'))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => stringWidth(line[i] ?? ''))));
  return cells
    .map((line) =>
      line
        .map((cell, i) => pad(cell, widths[i] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - stringWidth(cell)));
}

/** `45s`, `3m`, `2h`, `5d`: how long ago. */
export function age(at: string, now: number = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  if (Number.isNaN(seconds)) return '-';
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
