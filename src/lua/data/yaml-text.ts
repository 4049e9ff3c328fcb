/**
 * YAML as text, bounded before it is built: size, depth, and what aliases may stand for.
 */
import { Composer, LineCounter, Parser, stringify, type CST, type Document } from 'yaml';
import { sorted, type Parsed } from './json-text.js';

/** Characters, some 5 µs each: a longer text would hold up the workflow task. */
export const yamlLimit = 64 * 1024;
const depthLimit = 64;
const aliasLimit = 100;

/** All documents of the text. */
export function parseYaml(text: string): Parsed {
  if (text.length > yamlLimit) return { error: `the text is longer than ${yamlLimit / 1024} KiB` };
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  if (isDeep(tokens)) return { error: `nested more than ${depthLimit} deep` };
  const documents = [...new Composer({ lineCounter: lines, prettyErrors: false, merge: true }).compose(tokens)];
  const broken = documents.find((document) => document.errors.length > 0);
  if (broken !== undefined) return { error: problemOf(broken, lines) };
  try {
    return { value: documents.map((document) => document.toJS({ maxAliasCount: aliasLimit }) as unknown) };
  } catch (error) {
    const excessive = /^Excessive/.test((error as Error).message);
    return { error: excessive ? 'its aliases stand for too much' : 'an alias without its anchor' };
  }
}

/** Aliases are written out: what occurs twice in a table is no anchor. */
export function writeYaml(value: unknown): string {
  return stringify(sorted(value), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Never quotes an alias, which may be a password that was not put in quotes. */
function problemOf(document: Document.Parsed, lines: LineCounter): string {
  const [first] = document.errors;
  const { line, col } = lines.linePos(first?.pos[0] ?? 0);
  const what = first?.code === 'BAD_ALIAS' ? 'an alias without its anchor' : (first?.message ?? '').split('\n')[0];
  return `line ${line}, column ${col}: ${what}`;
}

/** Looked at before anything recursive happens to the tokens. */
function isDeep(tokens: readonly CST.Token[]): boolean {
  const open: (readonly [node: unknown, depth: number])[] = tokens.map((token) => [token, 0]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    if (depth > depthLimit) return true;
    for (const child of childrenOf(node)) open.push([child, depth + (isCollection(node) ? 1 : 0)]);
  }
  return false;
}

function childrenOf(node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  const { value, items, key } = node as { value?: unknown; items?: unknown[]; key?: unknown };
  return [value, key, ...(items ?? [])];
}

function isCollection(node: unknown): boolean {
  return ['block-map', 'block-seq', 'flow-collection'].includes((node as { type?: string }).type ?? '');
}
