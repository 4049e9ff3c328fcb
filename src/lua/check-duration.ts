/**
 * A field that holds a duration: what is none is refused where the script gives it, not where somebody waits for it.
 */
import { parseDuration } from '../domain/duration.js';
import type { FieldSchema } from './generated/call-schemas.js';
import type { Data } from './host.js';

/** Longer than anybody waits; Temporal takes no more than a number of ms in 53 bits. */
const longestMs = 10 * 365 * 24 * 3600 * 1000;

/** Text and numbers; other types are refused as such. @throws Error with the text to raise */
export function checkDuration(path: string, kind: FieldSchema['duration'], value: Data): void {
  if (typeof value !== 'string' && typeof value !== 'number') return;
  if (kind === 'or never' && value === 'never') return;
  if ((durationOf(value) ?? Infinity) <= longestMs) return;
  const got = typeof value === 'string' ? `'${value}'` : value;
  throw new Error(`bad field ${path} (a duration such as "5m", or seconds, expected, got ${got})`);
}

function durationOf(value: string | number): number | undefined {
  try {
    return parseDuration(value);
  } catch {
    return undefined;
  }
}
