/**
 * From text to a syntax tree. What Fengari compiles is what runs, so it decides about syntax; luaparse gives the tree and
 * the column.
 */
import { parse, type Chunk } from 'luaparse';
import { GitOpsError } from '../../domain/errors.js';
import { withoutShebang } from '../compile.js';
import { runLimits } from '../limits.js';
import { LuaVm } from '../vm.js';
import type { Position } from './syntax-tree.js';

export type Parsed = { readonly chunk: Chunk } | { readonly problem: Position & { readonly message: string } };

interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Text and names are bytes for Lua, one character each; columns count bytes, too: see `fromLatin1` and `columnOf`. */
export function parseScript(source: string): Parsed {
  const text = withoutShebang(source);
  const [tree, compiled] = [treeOf(latin1(text)), compileError(text)];
  if ('chunk' in tree && compiled === undefined) return tree;
  const { problem } = 'problem' in tree ? tree : { problem: undefined };
  const line = compiled?.line ?? problem?.line ?? 1;
  const column = problem?.line === line ? problem.column + 1 : 1;
  return { problem: { line, column, message: compiled?.message ?? problem?.message ?? 'cannot be read' } };
}

function treeOf(text: string): { chunk: Chunk } | { problem: SyntaxProblem } {
  try {
    return {
      chunk: parse(text, { luaVersion: '5.3', locations: true, comments: false, encodingMode: 'pseudo-latin1' }),
    };
  } catch (error) {
    const { line = 1, column = 0, message } = error as Partial<SyntaxProblem>;
    const deep = error instanceof RangeError;
    return { problem: { line, column, message: deep ? 'is nested too deep' : withoutPlace(message ?? '') } };
  }
}

function compileError(text: string): { line: number; message: string } | undefined {
  try {
    new LuaVm(runLimits).load(text, 'script');
    return undefined;
  } catch (error) {
    if (!(error instanceof GitOpsError)) throw error;
    const [, line = '1', message = error.message] = /^script:(\d+): ([^]*)$/.exec(error.message) ?? [];
    return { line: Number(line), message: latin1(message) };
  }
}

function withoutPlace(message: string): string {
  return message.replace(/^\[\d+:\d+\] /, '');
}

/** One character a byte of UTF-8: that is how luaparse knows what escapes in strings mean. */
export function latin1(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

export function fromLatin1(text: string): string {
  return new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0)));
}

/** The column that an editor shows for a column in bytes. */
export function columnOf(source: string, { line, column }: Position): number {
  const text = latin1(source.split('\n')[line - 1] ?? '');
  return fromLatin1(text.slice(0, column - 1)).length + 1;
}
