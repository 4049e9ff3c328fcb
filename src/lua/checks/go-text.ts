/**
 * Text as Go writes it, for scripts whose messages were made by gopher-lua: numbers without a limit of 14 digits, and
 * `%q`.
 */

/** As `fmt.Sprint` of an int64 or a float64. */
export function goNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Inf' : '+Inf';
  const small = Math.abs(value) < 1e-4;
  return (small ? value.toExponential() : String(value)).replace(/e([+-])(\d)$/, 'e$10$2');
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '\x07': '\\a',
};

/** As `strconv.Quote`. */
export function goQuote(text: string): string {
  const inside = text.replace(/["\\\x00-\x1f\x7f]/g, (c) => escapes[c] ?? `\\x${hex(c)}`);
  return `"${inside}"`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0');
}
