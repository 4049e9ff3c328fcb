/**
 * JSON as text. Where the text is wrong is found by our own reader: V8 words its errors anew with each version, and a script
 * must read the same on replay.
 */
export interface Problem {
  readonly error: string;
}
export type Parsed = { readonly value: unknown } | Problem;

export function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { error: problemIn(text) };
  }
}

/** @param indent spaces, 0 for one line */
export function writeJson(value: unknown, indent: number): string {
  return JSON.stringify(sorted(value), undefined, Math.min(Math.max(0, Math.trunc(indent)), 10));
}

/** Keys in order, so that equal tables give equal text. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}

type Expected = 'value' | 'value or ]' | 'name or }' | 'name' | ':' | ', or end' | 'nothing more';

const scalar =
  /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{}:,]/y;

function problemIn(text: string): string {
  const open: string[] = [];
  let expected: Expected = 'value';
  for (let at = skipSpace(text, 0); at < text.length;) {
    scalar.lastIndex = at;
    const token = scalar.exec(text)?.[0];
    const next: Expected | undefined = token === undefined ? undefined : after(expected, token, open);
    if (token === undefined || next === undefined) return `${place(text, at)}: ${worded(expected, open)}`;
    expected = next;
    at = skipSpace(text, at + token.length);
  }
  return `${place(text, text.length)}: the text ends, ${worded(expected, open)}`;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++;
  return at;
}

/** What may follow; undefined when the token may not stand here. */
function after(expected: Expected, token: string, open: string[]): Expected | undefined {
  const isName = token.startsWith('"');
  const isValue = !':,]}'.includes(token);
  if (expected === 'name or }' && token === '}') return close(open);
  if (expected === 'value or ]' && token === ']') return close(open);
  if (expected === 'name or }' || expected === 'name') return isName ? ':' : undefined;
  if (expected === ':') return token === ':' ? 'value' : undefined;
  if (expected === ', or end') return followed(token, open);
  if (expected === 'nothing more' || !isValue) return undefined;
  if (token !== '[' && token !== '{') return open.length === 0 ? 'nothing more' : ', or end';
  open.push(token);
  return token === '[' ? 'value or ]' : 'name or }';
}

function followed(token: string, open: string[]): Expected | undefined {
  const list = open.at(-1) === '[';
  if (token === ',') return list ? 'value' : 'name';
  return token === (list ? ']' : '}') ? close(open) : undefined;
}

function close(open: string[]): Expected {
  open.pop();
  return open.length === 0 ? 'nothing more' : ', or end';
}

function worded(expected: Expected, open: readonly string[]): string {
  if (expected === 'nothing more') return 'nothing more was expected';
  if (expected === ', or end') return `',' or '${open.at(-1) === '[' ? ']' : '}'}' expected`;
  const words = expected.replace(/^name/, 'a name in quotes').replace(/^value/, 'a value');
  return `${words.replace(/[\]}:]$/, (token) => `'${token}'`)} expected`;
}

function place(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
