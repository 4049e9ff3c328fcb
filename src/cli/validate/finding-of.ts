/**
 * Findings from errors, and from remarks on an object.
 */
import { readFileSync } from 'node:fs';
import { parseKubernetesYaml, type ParsedDocument } from '../../adapters/manifests/kubernetes-yaml.js';
import type { GitOpsError } from '../../domain/errors.js';
import { shortName } from '../../domain/object.js';
import type { FieldPath } from '../../domain/policy/document.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import { isTable } from '../../domain/validation/field-types.js';
import { fieldOf, type Finding, type Remark } from '../../domain/validation/finding.js';

/** Errors say `file:line: why` already; what says no line is about the whole file. */
export function findingOfError({ message, hint }: GitOpsError, file: string): Finding {
  const [, place = file, line, text = message] = /^(?!\d)([^\n:]+):(\d+): ([^]*)$/.exec(message) ?? [];
  return {
    severity: 'error',
    file: place,
    ...(line === undefined ? {} : { line: Number(line) }),
    message: text.replace(/\s*\n\s*/g, '; '),
    ...(hint === undefined ? {} : { hint }),
  };
}

export function findingOfRemark({ object, source = '' }: RenderedObject, remark: Remark, lines: Lines): Finding {
  const { severity = 'error', message, hint, path } = remark;
  const line = lines.of({ object, source }, path);
  return {
    severity,
    file: placeIn(source).file,
    ...(line === undefined ? {} : { line }),
    resource: shortName({ kind: object.kind, name: object.metadata.name }),
    field: fieldOf(remark),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Of `file:line`, or of a file alone. */
export function placeIn(source: string): { readonly file: string; readonly line?: number } {
  const [, file, line] = /^([^]*):(\d+)$/.exec(source) ?? [];
  return file === undefined ? { file: source } : { file, line: Number(line) };
}

/**
 * In which line of its file each field of an object is; files are read again, once, when somebody asks. What a renderer
 * made is in the line that the renderer tells, unless the file holds the object as it is.
 */
export class Lines {
  private readonly documents = new Map<string, readonly ParsedDocument[]>();

  of({ object, source = '' }: RenderedObject, path: FieldPath): number | undefined {
    const { file, line } = placeIn(source);
    if (line === undefined) return undefined;
    for (const document of this.inFile(file)) {
      const prefix = prefixesIn(document, object).find((p) => isAt(document, p, source));
      if (prefix !== undefined) return placeIn(document.at([...prefix, ...path])).line;
    }
    return line;
  }

  /** Templates are no YAML. */
  private inFile(file: string): readonly ParsedDocument[] {
    const known = this.documents.get(file) ?? readDocuments(file);
    this.documents.set(file, known);
    return known;
  }
}

function readDocuments(file: string): readonly ParsedDocument[] {
  try {
    return parseKubernetesYaml(readFileSync(file, 'utf8'), file);
  } catch {
    return [];
  }
}

/** Where the object may be in a document: it itself, or inside a List. */
function prefixesIn({ value }: ParsedDocument, { kind, metadata }: RenderedObject['object']): FieldPath[] {
  const items = isTable(value) && Array.isArray(value['items']) ? (value['items'] as RenderedObject['object'][]) : [];
  const members = items.flatMap((item, i) =>
    item?.kind === kind && item.metadata?.name === metadata.name ? [['items', i]] : [],
  );
  return [...members, []];
}

/** Renderers tell the line of the kind. */
function isAt(document: ParsedDocument, prefix: FieldPath, source: string): boolean {
  return document.at(prefix) === source || document.at([...prefix, 'kind']) === source;
}
