/**
 * YAML as Kubernetes reads it: 1.1 booleans (`yes`, `on`) and octals (`0644`), no sexagesimals, no timestamps; caps
 * against bombs. Errors carry file and line.
 */
import { LineCounter, parseAllDocuments, visit, type Document, type ScalarTag, type Tags } from 'yaml';
import { GitOpsError } from '../../domain/errors.js';

export interface ParsedDocument {
  readonly value: unknown;
  /** `file:line` of its first node. */
  readonly source: string;
}

const refusedKeys = new Set(['__proto__', 'constructor', 'prototype']);
const surprising = /:(intTime|floatTime|timestamp|binary|omap|pairs|set)$|^(INTTIME|FLOATTIME)$/i;

/** @throws GitOpsError RenderFailed */
export function parseKubernetesYaml(text: string, file: string): ParsedDocument[] {
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
    return { value: valueOf(document, file, lines), source: `${file}:${firstLine(document, lines)}` };
  });
}

function withoutSurprises(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag !== 'object' || !isSurprising(tag as ScalarTag));
}

function isSurprising(tag: ScalarTag): boolean {
  return surprising.test(tag.tag) || tag.format === 'TIME';
}

function valueOf(document: Document, file: string, lines: LineCounter): unknown {
  visit(document, {
    Pair: (_key, pair) => {
      const name = String((pair.key as { value?: unknown } | null)?.value ?? '');
      const range = (pair.key as { range?: [number, number, number] } | null)?.range;
      if (refusedKeys.has(name))
        throw failed(`${file}:${range ? lines.linePos(range[0]).line : 1}`, `the key '${name}' is not allowed`);
    },
  });
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw failed(file, (error as Error).message);
  }
}

function firstLine(document: Document, lines: LineCounter): number {
  const range = (document.contents as { range?: [number, number, number] } | null)?.range;
  return range ? lines.linePos(range[0]).line : 1;
}

export function failed(where: string, why: string, hint = 'mend the manifest and commit again'): GitOpsError {
  return new GitOpsError('RenderFailed', `${where}: ${why}`, { hint });
}
