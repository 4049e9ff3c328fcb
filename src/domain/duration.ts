/**
 * Durations as users write and read them: `"5m"`, `"1h30m"`, or seconds as a number in; `"45.2s"` out.
 */
import { GitOpsError } from './errors.js';

const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/gy;

/**
 * Milliseconds of a duration.
 * @param value text of number-unit pairs (`ms`, `s`, `m`, `h`, `d`), or a number of seconds
 * @throws GitOpsError InvalidInput
 */
export function parseDuration(value: string | number): number {
  const ms = typeof value === 'number' ? value * 1000 : parseText(value.trim());
  if (Number.isFinite(ms) && ms >= 0) return Math.round(ms);
  throw new GitOpsError('InvalidInput', `'${value}' is not a duration`, {
    hint: 'write it as "30s", "5m" or "1h30m", or as a number of seconds',
  });
}

function parseText(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  let total = 0;
  let end = 0;
  for (const match of text.matchAll(part)) {
    total += Number(match[1]) * (unitMs[match[2] ?? ''] ?? NaN);
    end = match.index + match[0].length;
  }
  return end === text.length && end > 0 ? total : NaN;
}

/** `"0.4s"`, `"45.2s"`, `"3m12s"`, `"2h5m"`. */
export function formatDuration(ms: number): string {
  if (ms < 60_000) return `${(Math.max(0, ms) / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h > 0 ? `${h}h${m}m` : `${m}m${s}s`;
}
