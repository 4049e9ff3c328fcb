/**
 * What `validate` has to say: one line each, which an editor can jump to.
 */
import { pathText, type FieldPath } from '../policy/document.js';

export type Severity = 'error' | 'warning';

export interface Finding {
  readonly severity: Severity;
  readonly file: string;
  readonly line?: number;
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

/** `FILE:LINE: Kind/name: field: message` */
export function describeFinding({ severity, file, line, resource, field, message, hint }: Finding): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const parts = [place, severity === 'warning' ? 'warning' : undefined, resource, field, message];
  const text = parts.filter((part) => part !== undefined && part !== '').join(': ');
  return hint === undefined ? text : `${text} (${hint})`;
}

export function fieldOf({ path }: Remark): string {
  return pathText(path);
}
