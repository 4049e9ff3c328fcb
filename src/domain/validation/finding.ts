/**
 * What `validate` has to say: one line each, which an editor can jump to.
 */
import { pathText, type FieldPath } from '../policy/document.js';

export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  readonly severity: Severity;
  readonly file: string;
  readonly line?: number;
  /** 1 is the first; only of scripts. */
  readonly column?: number;
  /** The rule that says it; only of scripts. */
  readonly rule?: string;
  /** `Kind/name`; absent when it is about the file. */
  readonly resource?: string;
  readonly field?: string;
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong with one object, before anybody knows where it is written. */
export interface Remark {
  readonly severity?: Severity;
  readonly path: FieldPath;
  readonly message: string;
  readonly hint?: string;
}

/** `FILE:LINE: Kind/name: field: message`; `FILE:LINE:COLUMN: message [rule]` of a script */
export function describeFinding(finding: Finding): string {
  const { severity, resource, field, message, hint, rule } = finding;
  const parts = [placeOf(finding), severity === 'error' ? undefined : severity, resource, field, message];
  const text = parts.filter((part) => part !== undefined && part !== '').join(': ');
  return [text, hint && `(${hint})`, rule && `[${rule}]`].filter((part) => part !== undefined && part !== '').join(' ');
}

function placeOf({ file, line, column }: Finding): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

export function fieldOf({ path }: Remark): string {
  return pathText(path);
}
