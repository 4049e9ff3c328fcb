/**
 * A policy file as it was read, before anybody knows what it means, and reading its fields with errors that name file,
 * line and field.
 */
import { GitOpsError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { PolicyOrigin } from './policy.js';

export type FieldPath = readonly (string | number)[];

export interface PolicyDocument {
  readonly value: unknown;
  readonly origin: PolicyOrigin;
  /** Place of a field, or of the nearest one around it that is there: `file:line`, or other words when it has no line. */
  at(path: FieldPath): string;
}

/** `a.b[0].c` */
export function pathText(path: FieldPath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

/** The way back; names with dots of their own (labels) are told by the field they are in. */
export function fieldPath(text: string): FieldPath {
  const [, place, key] = /^(metadata\.(?:labels|annotations))\.(.+)$/.exec(text) ?? [];
  if (place !== undefined && key !== undefined) return [...fieldPath(place), key];
  return (text.match(/[^.[\]]+/g) ?? []).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

export type FieldType = 'string' | 'boolean' | 'number' | 'strings' | 'list' | 'map' | 'any';

const checks: Readonly<Record<FieldType, readonly [name: string, test: (value: unknown) => boolean]>> = {
  string: ['text', (v) => typeof v === 'string'],
  boolean: ['true or false', (v) => typeof v === 'boolean'],
  number: ['a whole number', (v) => Number.isSafeInteger(v)],
  strings: ['a list of texts', (v) => Array.isArray(v) && v.every((item) => typeof item === 'string')],
  list: ['a list', Array.isArray],
  map: ['a table', (v) => typeof v === 'object' && v !== null && !Array.isArray(v)],
  any: ['a value', () => true],
};

/** Fields of one node of the document. */
export class Fields {
  private readonly table: Readonly<Record<string, unknown>>;

  /** @throws GitOpsError InvalidPolicy when there is no table at the path */
  constructor(
    readonly document: PolicyDocument,
    readonly path: FieldPath,
    value: unknown,
    private readonly what: string,
  ) {
    if (!checks.map[1](value)) throw this.refused([], `${what} must be a table`);
    this.table = value as Readonly<Record<string, unknown>>;
  }

  /** @throws GitOpsError InvalidPolicy naming the nearest field for one that is none */
  only(known: readonly string[]): this {
    const unknown = Object.keys(this.table).find((name) => !known.includes(name));
    if (unknown === undefined) return this;
    const near = nearest(unknown, known);
    const hint = near === undefined ? `fields: ${known.join(', ')}` : `did you mean '${near}'?`;
    throw this.refused([unknown], `unknown field of ${this.what}`, hint);
  }

  has(name: string): boolean {
    return this.table[name] !== undefined && this.table[name] !== null;
  }

  /** @throws GitOpsError InvalidPolicy when it is of another type */
  get<T>(name: string, type: FieldType): T | undefined {
    if (!this.has(name)) return undefined;
    const value = this.table[name];
    const [expected, test] = checks[type];
    if (!test(value)) throw this.refused([name], `must be ${expected}`);
    return value as T;
  }

  need<T>(name: string, type: FieldType): T {
    const value = this.get<T>(name, type);
    if (value === undefined || value === '') throw this.refused([name], 'is missing');
    return value;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.get<string>(name, 'string');
    if (value === undefined || values.includes(value as T)) return value as T | undefined;
    throw this.refused([name], `'${value}' is not one of ${values.join(', ')}`);
  }

  child(name: string): Fields | undefined {
    return this.has(name) ? new Fields(this.document, [...this.path, name], this.table[name], name) : undefined;
  }

  tables(name: string): Fields[] {
    const list = this.get<unknown[]>(name, 'list') ?? [];
    return list.map((item, i) => new Fields(this.document, [...this.path, name, i], item, `${name}[${i}]`));
  }

  /** `file:line: a.b.c`, for errors about that field. */
  where(name: string): string {
    const path = [...this.path, name];
    return `${this.document.at(path)}: ${pathText(path)}`;
  }

  refused(path: FieldPath, why: string, hint?: string): GitOpsError {
    const full = [...this.path, ...path];
    const field = full.length === 0 ? '' : `${pathText(full)}: `;
    const options = hint === undefined ? {} : { hint };
    return new GitOpsError('InvalidPolicy', `${this.document.at(full)}: ${field}${why}`, options);
  }
}
