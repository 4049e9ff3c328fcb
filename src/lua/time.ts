/**
 * `os.time` and `os.date` on the host's clock, always UTC: the same on every worker and on replay.
 */
import type { Data } from './host.js';

/** Seconds of a date table, or of now. */
export function timeOf(table: Data, nowMs: number): number {
  if (table === null) return Math.floor(nowMs / 1000);
  if (typeof table !== 'object') throw new Error(`bad argument #1 to 'time' (table expected, got ${typeof table})`);
  const { year, month, day, hour = 12, min = 0, sec = 0 } = table as Record<string, number>;
  if (year === undefined || month === undefined || day === undefined)
    throw new Error("bad argument #1 to 'time' (year, month and day expected)");
  const seconds = Math.floor(Date.UTC(year, month - 1, day, hour, min, sec) / 1000);
  if (Number.isNaN(seconds)) throw new Error("bad argument #1 to 'time' (its fields are numbers of a date)");
  return seconds;
}

const two = (value: number): string => String(value).padStart(2, '0');
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const specifiers: Readonly<Record<string, (d: Date) => string>> = {
  Y: (d) => String(d.getUTCFullYear()),
  y: (d) => two(d.getUTCFullYear() % 100),
  m: (d) => two(d.getUTCMonth() + 1),
  d: (d) => two(d.getUTCDate()),
  H: (d) => two(d.getUTCHours()),
  M: (d) => two(d.getUTCMinutes()),
  S: (d) => two(d.getUTCSeconds()),
  A: (d) => days[d.getUTCDay()] ?? '',
  a: (d) => (days[d.getUTCDay()] ?? '').slice(0, 3),
  B: (d) => months[d.getUTCMonth()] ?? '',
  b: (d) => (months[d.getUTCMonth()] ?? '').slice(0, 3),
  c: (d) => expand('%a %b %d %H:%M:%S %Y', d),
  x: (d) => expand('%m/%d/%y', d),
  X: (d) => expand('%H:%M:%S', d),
  F: (d) => expand('%Y-%m-%d', d),
  T: (d) => expand('%H:%M:%S', d),
  Z: () => 'UTC',
  z: () => '+0000',
  I: (d) => two(d.getUTCHours() % 12 || 12),
  p: (d) => (d.getUTCHours() < 12 ? 'AM' : 'PM'),
  j: (d) => String(dayOfYear(d)).padStart(3, '0'),
  D: (d) => expand('%m/%d/%y', d),
  R: (d) => expand('%H:%M', d),
  '%': () => '%',
};

function dayOfYear(d: Date): number {
  return Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

function expand(format: string, date: Date): string {
  return format.replace(/%(.)/g, (all, letter: string) => specifiers[letter]?.(date) ?? all);
}

/** @param format as in C, `!` in front allowed, `*t` for a table */
export function formatTime(format: Data, seconds: Data, nowMs: number): Data {
  const [wrongFormat, wrongTime] = [typeof (format ?? '') !== 'string', typeof (seconds ?? 0) !== 'number'];
  if (wrongFormat) throw new Error("bad argument #1 to 'date' (format expected)");
  if (wrongTime) throw new Error("bad argument #2 to 'date' (seconds expected)");
  const date = new Date(typeof seconds === 'number' ? seconds * 1000 : nowMs);
  if (Number.isNaN(date.getTime())) throw new Error("bad argument #2 to 'date' (no calendar goes that far)");
  const wanted = String(format ?? '%c').replace(/^!/, '');
  return wanted === '*t' ? dateTable(date) : expand(wanted, date);
}

function dateTable(date: Date): Data {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    min: date.getUTCMinutes(),
    sec: date.getUTCSeconds(),
    wday: date.getUTCDay() + 1,
    yday: dayOfYear(date),
    isdst: false,
  };
}
