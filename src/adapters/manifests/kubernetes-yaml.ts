/**
 * YAML as Kubernetes reads it: 1.1 booleans (`yes`, `on`) and octals (`0644`), no sexagesimals, no timestamps; caps
 * against bombs. Errors carry file and line.
 */
import {
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  parseAllDocuments,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type ScalarTag,
  type Tags,
} from 'yaml';
import { GitOpsError } from '../../domain/errors.js';
import { hasVariables, substitute, wantsSubstitution, type Variables } from '../../domain/variables.js';

export interface ParsedDocument {
  readonly value: unknown;
  /** `file:line` of its first node. */
  readonly source: string;
  /** `file:line` of a field, or of the nearest one around it that is there. */
  at(field: readonly (string | number)[]): string;
}

export interface ReadOptions {
  /** Where a line of the text comes from, `file:line` by default. */
  readonly locate?: (line: number) => string;
  /** Replaced in every scalar when given; a plain one then is what YAML makes of the result. */
  readonly variables?: Variables | undefined;
  /** A key that is there twice: refused by default, else the last one counts, as for Kubernetes. */
  readonly repeatedKeys?: boolean;
  /** What must not be applied may still be looked at: of a key that comes twice the last counts, numbers are rounded. */
  readonly lenient?: boolean;
}

const refusedKeys = new Set(['__proto__', 'constructor', 'prototype']);
/** Of one document: each alias costs a walk through it. */
const maxAliases = 100;
const surprising = /:(intTime|floatTime|timestamp|binary|omap|pairs|set)$|^(INTTIME|FLOATTIME)$/i;

const reading = { version: '1.1', customTags: withoutSurprises, logLevel: 'error' } as const;

/** @throws GitOpsError RenderFailed */
export function parseKubernetesYaml(
  text: string,
  file: string,
  { locate = (line) => `${file}:${line}`, variables, lenient = false, repeatedKeys = lenient }: ReadOptions = {},
): ParsedDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { ...reading, uniqueKeys: !repeatedKeys, lineCounter: lines });
  if (!Array.isArray(documents)) return [];
  const at: At = (node) => locate(lineOf(node, lines));
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined)
      throw failed(locate(lines.linePos(error.pos[0]).line), error.message.split(/\n| at line/)[0] ?? '');
    const filling = variables !== undefined && hasVariables(text) ? variables : undefined;
    return {
      value: valueOf(document, at, filling, lenient),
      source: at(document.contents),
      at: (field) => at(nodeAt(document, field)),
    };
  });
}

/** The key of the field when it has one, else its value, else what is around it. */
function nodeAt(document: Document, field: readonly (string | number)[]): unknown {
  for (let depth = field.length; depth > 0; depth--) {
    const around = document.getIn(field.slice(0, depth - 1), true);
    const name = String(field[depth - 1]); // the key may be a number or a boolean
    const pair = isMap(around)
      ? around.items.find(({ key }) => isScalar(key) && String(key.value) === name)
      : undefined;
    const node = pair?.key ?? document.getIn(field.slice(0, depth), true);
    if (isNode(node)) return node;
  }
  return document.contents;
}

function withoutSurprises(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag !== 'object' || !isSurprising(tag as ScalarTag));
}

function isSurprising(tag: ScalarTag): boolean {
  return surprising.test(tag.tag) || tag.format === 'TIME';
}

function valueOf(document: Document, at: At, variables: Variables | undefined, lenient: boolean): unknown {
  const anchors = new Set<string | undefined>();
  let aliases = 0;
  visit(document, {
    Pair: (_key, pair) => checkKey(pair, at),
    Collection: (_key, { anchor }) => void anchors.add(anchor),
    Scalar: (_key, scalar) => {
      anchors.add(scalar.anchor);
      scalar.value = readScalar(scalar, at, lenient);
    },
    Alias: (_key, alias) => checkAlias(alias, anchors, ++aliases, at),
  });
  const value = plainValue(document, at);
  if (variables === undefined || !wantsSubstitution(value)) return value;
  fillIn(document, variables, at);
  return plainValue(document, at);
}

function plainValue(document: Document, at: At): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases + 1 });
  } catch (error) {
    throw failed(at(document.contents), (error as Error).message);
  }
}

/** A quoted or block scalar stays text; a plain one is read anew. */
function fillIn(document: Document, variables: Variables, at: At): void {
  const filledIn = new WeakSet<object>();
  visit(document, {
    Scalar: (key, scalar) => {
      if (filledIn.has(scalar)) return undefined;
      const plain = scalar.type === 'PLAIN' && scalar.tag === undefined && key !== 'key';
      const text = plain ? (scalar.source ?? '') : scalar.value;
      if (typeof text !== 'string' || !hasVariables(text)) return undefined;
      const filled = substituted(text, variables, at(scalar));
      if (plain) return readAnew(filled, at(scalar), filledIn);
      scalar.value = filled;
      return undefined;
    },
  });
}

function substituted(text: string, variables: Variables, where: string): string {
  try {
    return substitute(text, variables);
  } catch (error) {
    throw failed(
      where,
      (error as Error).message,
      'define it in render.variables, or give it a default: ${name:-value}',
    );
  }
}

/**
 * One line is what it would be had it been written there: a number, a flow collection, text.
 * @param made is told every scalar of the result
 */
function readAnew(text: string, where: string, made: WeakSet<object>): Node {
  const document = parseDocument(text, reading);
  const { contents, errors } = document;
  const asText = errors.length > 0 || text.includes('\n') || (isCollection(contents) && contents.flow !== true);
  const node = asText || contents === null ? document.createNode(text === '' ? null : text) : contents;
  visit(node, {
    Scalar: (_key, scalar) => {
      made.add(scalar);
      scalar.value = readScalar(scalar, () => where, false);
    },
  });
  return node;
}

type At = (node: unknown) => string;

function checkKey({ key }: Pair, at: At): void {
  const name = String((key as { value?: unknown } | null)?.value ?? '');
  if (refusedKeys.has(name)) throw failed(at(key), `the key '${name}' is not allowed`);
}

/** @param anchors those in front of the alias; @param count of the document's aliases, with this one */
function checkAlias(alias: Alias, anchors: ReadonlySet<string | undefined>, count: number, at: At): void {
  if (count > maxAliases)
    throw failed(at(alias), `*${alias.source} is one alias too many: a document may have ${maxAliases}`);
  if (!anchors.has(alias.source))
    // Not by its name: it may be a password that begins with a star.
    throw failed(
      at(alias),
      'an alias (*...) has no anchor in front of it',
      'put a value that begins with * into quotes',
    );
}

/**
 * What Kubernetes makes of a plain scalar where the library reads it otherwise: `0o17` is a number, and `5e12345` (a
 * short commit hash may look like it) is text, because no double holds it. What JSON cannot hold exactly is refused.
 * https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
 */
function readScalar({ value, source = '', type, tag, ...node }: Scalar, at: At, lenient: boolean): unknown {
  if (type !== 'PLAIN' || tag !== undefined) return value;
  if (/^[-+]?0o[0-7_]+$/.test(source)) return Number(source.replace(/[-+_]/g, '')) * (source.startsWith('-') ? -1 : 1);
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value) && /\d/.test(source)) return source;
  if (Number.isFinite(value) && (Number.isSafeInteger(value) || !/^[-+]?(0x[\da-f_]+|[\d_]+)$/i.test(source)))
    return value;
  if (lenient) return value;
  throw failed(at(node), `the number ${source} cannot be kept exactly`, 'put it into quotes');
}

function lineOf(node: unknown, lines: LineCounter): number {
  const { range } = (node ?? {}) as { range?: [number, number, number] | null };
  return range ? lines.linePos(range[0]).line : 1;
}

export function failed(where: string, why: string, hint = 'mend the manifest and commit again'): GitOpsError {
  return new GitOpsError('RenderFailed', `${where}: ${why}`, { hint });
}
