/**
 * Numbers as text the way C writes them for Lua: `string.format` of integers and floats of any size, and `tostring`.
 */

export interface NumberFormat {
  /** Of `-`, `+`, space, `#`, `0`. */
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  /** One of `d i u o x X e E f g G`. */
  readonly kind: string;
}

/** Whole numbers in full as far as a double is exact, others with 14 digits; no `.0`. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) <= 2 ** 53) return String(value);
  return magnitude(value) === undefined ? notFinite(value) : sign(value, '') + general(Math.abs(value), 14, '');
}

export function formatNumber(format: NumberFormat, value: number): string {
  const { flags, width, kind } = format;
  const whole = /[diuoxX]/.test(kind);
  const text = Number.isFinite(value) ? (whole ? integer(format, value) : real(format, Math.abs(value))) : undefined;
  const signed = !/[oxX]/.test(kind);
  const before = signed ? sign(whole ? Math.trunc(value) : value, flags) : prefix(format, value);
  const digits = text ?? notFinite(Math.abs(value));
  const upper = /[XEG]/.test(kind) ? (before + digits).toUpperCase() : before + digits;
  if (flags.includes('-')) return upper.padEnd(width);
  const zeros = flags.includes('0') && text !== undefined && !(whole && format.precision !== undefined);
  return zeros
    ? upper.slice(0, before.length) + upper.slice(before.length).padStart(width - before.length, '0')
    : upper.padStart(width);
}

function magnitude(value: number): number | undefined {
  return Number.isFinite(value) ? Math.abs(value) : undefined;
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
}

function sign(value: number, flags: string): string {
  if (value < 0) return '-';
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function prefix({ flags, kind }: NumberFormat, value: number): string {
  if (!flags.includes('#') || Math.trunc(value) === 0) return '';
  return kind === 'o' ? '0' : '0x';
}

const bases: Readonly<Record<string, number>> = { o: 8, x: 16, X: 16 };

/** Fractions are cut off, as 5.1 did; negative ones in another base are their 64 bits. */
function integer({ kind, precision = 1 }: NumberFormat, value: number): string {
  const number = BigInt(Math.trunc(value));
  const base = bases[kind];
  const digits = base === undefined ? (number < 0n ? -number : number).toString() : bits(number).toString(base);
  return digits.padStart(precision, '0');
}

function bits(number: bigint): bigint {
  return BigInt.asUintN(64, number);
}

function real({ kind, precision = 6, flags }: NumberFormat, value: number): string {
  switch (kind) {
    case 'f':
      return fixed(value, precision);
    case 'e':
    case 'E':
      return exponential(value, precision);
    default:
      return general(value, Math.max(1, precision), flags);
  }
}

/** toFixed turns to exponents at 1e21. */
function fixed(value: number, precision: number): string {
  if (value < 1e21) return value.toFixed(precision);
  return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
}

/** C writes two digits of exponent at least. */
function exponential(value: number, precision: number): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');
}

function general(value: number, digits: number, flags: string): string {
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  const short = exponent >= -4 && exponent < digits;
  const text = short ? fixed(value, digits - 1 - exponent) : exponential(value, digits - 1);
  return flags.includes('#') ? text : text.replace(/(\.\d*?)0+(?=e|$)/, '$1').replace(/\.(?=e|$)/, '');
}
