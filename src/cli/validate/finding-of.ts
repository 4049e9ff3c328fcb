/**
 * Findings from errors, and from remarks on an object.
 */
import { readFileSync } from 'node:fs';
import { parseLocatedYaml, type LocatedDocument } from '../../adapters/manifests/kubernetes-yaml.js';
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
  const colon = source.lastIndexOf(':');
  return {
    severity,
    file: source.slice(0, colon),
    line: lines.of({ object, source }, path),
    resource: shortName({ kind: object.kind, name: object.metadata.name }),
    field: fieldOf(remark),
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** In which line of its file each field of an object is; files are read again, once, when somebody asks. */
export class Lines {
  private readonly documents = new Map<string, readonly LocatedDocument[]>();

  of({ object, source = '' }: RenderedObject, path: FieldPath): number {
    const document = this.inFile(source.slice(0, source.lastIndexOf(':'))).find((d) => d.source === source);
    const first = Number(source.slice(source.lastIndexOf(':') + 1));
    return document?.lineOf([...memberOf(document.value, object), ...path]) ?? first;
  }

  private inFile(file: string): readonly LocatedDocument[] {
    const known = this.documents.get(file) ?? parseLocatedYaml(readFileSync(file, 'utf8'), file);
    this.documents.set(file, known);
    return known;
  }
}

/** Where an object is inside a List. */
function memberOf(value: unknown, { kind, metadata }: RenderedObject['object']): FieldPath {
  const items = isTable(value) && Array.isArray(value['items']) ? (value['items'] as RenderedObject['object'][]) : [];
  const index = items.findIndex((item) => item?.kind === kind && item.metadata?.name === metadata.name);
  return index < 0 ? [] : ['items', index];
}
