/**
 * YAML as Kubernetes reads it: 1.1 booleans (`yes`, `on`) and octals (`0644`), no sexagesimals, no timestamps; caps
 * against bombs. Errors carry file and line.
 */
import {
  isMap,
  isScalar,
  LineCounter,
  parseAllDocuments,
  visit,
  type Alias,
  type Document,
  type Pair,
  type Scalar,
  type ScalarTag,
  type Tags,
} from 'yaml';
import { GitOpsError } from '../../domain/errors.js';

export interface ParsedDocument {
  readonly value: unknown;
  /** `file:line` of its first node. */
  readonly source: string;
}

const refusedKeys = new Set(['__proto__', 'constructor', 'prototype']);
/** Of one document: each alias costs a walk through it. */
const maxAliases = 100;
const surprising = /:(intTime|floatTime|timestamp|binary|omap|pairs|set)$|^(INTTIME|FLOATTIME)$/i;

export interface LocatedDocument extends ParsedDocument {
  readonly file: string;
  /** Line of a field, of the innermost part of its path that the text holds. */
  lineOf(path: readonly (string | number)[]): number;
}

/** @throws GitOpsError RenderFailed */
export function parseKubernetesYaml(text: string, file: string): ParsedDocument[] {
  return parseLocatedYaml(text, file).map(({ value, source }) => ({ value, source }));
}

/** Keeps what is needed to say where in the text each field is. @throws GitOpsError RenderFailed */
export function parseLocatedYaml(text: string, file: string): LocatedDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    customTags: withoutSurprises,
    uniqueKeys: true,
  });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined)
      throw failed(`${file}:${lines.linePos(error.pos[0]).line}`, error.message.split(/\n| at line/)[0] ?? '');
    return {
      value: valueOf(document, file, lines),
      source: `${file}:${lineOf(document.contents, lines)}`,
      file,
      lineOf: (path) => lineOf(innermost(document, path), lines),
    };
  });
}

/** The key of a field rather than its value, which may begin further down; the document itself for a path of nothing. */
function innermost(document: Document, path: readonly (string | number)[]): unknown {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last))
      : undefined;
    const node = pair?.key ?? (isMap(parent) ? undefined : document.getIn(path.slice(0, length), true));
    if (node !== undefined) return node;
  }
  return document.contents;
}

function withoutSurprises(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag !== 'object' || !isSurprising(tag as ScalarTag));
}

function isSurprising(tag: ScalarTag): boolean {
  return surprising.test(tag.tag) || tag.format === 'TIME';
}

function valueOf(document: Document, file: string, lines: LineCounter): unknown {
  const at = (node: unknown): string => `${file}:${lineOf(node, lines)}`;
  const anchors = new Set<string | undefined>();
  let aliases = 0;
  visit(document, {
    Pair: (_key, pair) => checkKey(pair, at),
    Collection: (_key, { anchor }) => void anchors.add(anchor),
    Scalar: (_key, scalar) => {
      anchors.add(scalar.anchor);
      scalar.value = readScalar(scalar, at);
    },
    Alias: (_key, alias) => checkAlias(alias, anchors, ++aliases, at),
  });
  try {
    return document.toJS({ maxAliasCount: maxAliases + 1 });
  } catch (error) {
    throw failed(file, (error as Error).message);
  }
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
    throw failed(at(alias), `*${alias.source} has no anchor &${alias.source} in front of it`);
}

/**
 * What Kubernetes makes of a plain scalar where the library reads it otherwise: `0o17` is a number, and `5e12345` (a
 * short commit hash may look like it) is text, because no double holds it. What JSON cannot hold exactly is refused.
 * https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
 */
function readScalar({ value, source = '', type, tag, ...node }: Scalar, at: At): unknown {
  if (type !== 'PLAIN' || tag !== undefined) return value;
  if (/^[-+]?0o[0-7_]+$/.test(source)) return Number(source.replace(/[-+_]/g, '')) * (source.startsWith('-') ? -1 : 1);
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value) && /\d/.test(source)) return source;
  if (Number.isFinite(value) && (Number.isSafeInteger(value) || !/^[-+]?(0x[\da-f_]+|[\d_]+)$/i.test(source)))
    return value;
  throw failed(at(node), `the number ${source} cannot be kept exactly`, 'put it into quotes');
}

function lineOf(node: unknown, lines: LineCounter): number {
  const { range } = (node ?? {}) as { range?: [number, number, number] | null };
  return range ? lines.linePos(range[0]).line : 1;
}

export function failed(where: string, why: string, hint = 'mend the manifest and commit again'): GitOpsError {
  return new GitOpsError('RenderFailed', `${where}: ${why}`, { hint });
}
