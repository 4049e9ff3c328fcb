/** The rows of bad-requests.yaml, as requests. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { signatures, standardSignature, type ApiRequest } from '../../support/api.js';

type Pairs = readonly (readonly [string, string])[];

export interface BadRequest {
  readonly title: string;
  readonly raw?: string;
  readonly send: string | { readonly method: string };
  readonly as?: 'nobody' | 'stranger';
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly twice?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly body?: unknown;
  readonly hex?: string;
  readonly json?: unknown;
  readonly chunked?: boolean;
  readonly sign?: string;
  readonly standard?: { readonly age: number };
  /** Status and code. */
  readonly answer: string;
  readonly says: string;
  readonly hint?: string;
  readonly never?: string;
}

export function badRequests(): BadRequest[] {
  return parse(readFileSync(new URL('./bad-requests.yaml', import.meta.url), 'utf8')) as BadRequest[];
}

export function requestOf(row: BadRequest, bearer: readonly [string, string]): ApiRequest {
  const [method = 'GET', path = ''] = lineOf(row);
  const body = bodyOf(row);
  return { method, path, headers: headersOf(row, bearer, body), body, ...(row.chunked ? { chunked: true } : {}) };
}

function lineOf({ send }: BadRequest): string[] {
  if (typeof send !== 'string') return [send.method, String(spelledOut(send))];
  const space = send.indexOf(' ');
  return [send.slice(0, space), send.slice(space + 1)];
}

function bodyOf({ body, hex, json }: BadRequest): Buffer {
  if (hex !== undefined) return Buffer.from(hex, 'hex');
  if (json !== undefined) return Buffer.from(JSON.stringify(spelledOut(json)));
  return Buffer.from(body === undefined ? '' : String(spelledOut(body)));
}

/** A header that the row names replaces the one of a signature. */
function headersOf(row: BadRequest, bearer: readonly [string, string], body: Buffer): Pairs {
  const named = Object.entries(row.headers ?? {}).map(([name, value]) => [name, String(spelledOut(value))] as const);
  const signed = [
    ...(signatures[row.sign ?? '']?.(body) ?? []),
    ...(row.standard ? standardSignature(body, row.standard.age) : []),
  ];
  const kept = signed.filter(([name]) => !named.some(([other]) => other === name));
  const type = row.type ?? (body.length > 0 ? 'application/json' : '');
  const twice = Object.entries(row.twice ?? {}).flatMap((pair) => [pair, pair]);
  return [
    ...tokenOf(row, bearer),
    ...(type === '' ? [] : [['content-type', type] as const]),
    ...kept,
    ...named,
    ...twice,
  ];
}

function tokenOf({ as }: BadRequest, bearer: readonly [string, string]): Pairs {
  if (as === 'nobody') return [];
  return as === 'stranger' ? [['authorization', `Bearer ${'0'.repeat(64)}`]] : [bearer];
}

/** `{ repeat, times }` is a long text, `{ list, times }` a long list, wherever they stand. */
function spelledOut(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(spelledOut);
  const {
    repeat,
    list,
    times,
    prefix = '',
    end = '',
  } = value as {
    repeat?: string;
    list?: unknown;
    times?: number;
    prefix?: string;
    end?: string;
  };
  if (repeat !== undefined) return `${prefix}${repeat.repeat(times ?? 0)}${end.repeat(times ?? 0)}`;
  if (list !== undefined) return Array<unknown>(times ?? 0).fill(list);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spelledOut(inner)]));
}
