/**
 * The body of a request, read by ourselves: capped while it is read, within a time, and all bodies together within a
 * budget, so that neither a bomb nor a thousand slow senders hold the process. Odd content types are refused before a
 * byte is read.
 */
import type { IncomingMessage } from 'node:http';
import { GitOpsError, hasCode } from '../domain/errors.js';

/** Bytes that all bodies under way may hold together. */
export class BodyBudget {
  private used = 0;

  constructor(private readonly limit: number) {}

  /** @throws TooBusy */
  take(bytes: number): void {
    this.used += bytes;
    if (this.used > this.limit) throw new GitOpsError('TooBusy', 'too many large requests at once');
  }

  give(bytes: number): void {
    this.used -= bytes;
  }
}

export interface BodyLimits {
  readonly maximumBytes: number;
  readonly withinMs: number;
}

/**
 * The bytes of a body that says it is JSON. Nothing at all needs no type: clients differ in how they send no body.
 * @throws GitOpsError UnsupportedType, and as readBody
 */
export async function readJsonBody(request: IncomingMessage, limits: BodyLimits, budget: BodyBudget): Promise<Buffer> {
  const said = request.headers['content-type'] !== undefined || request.headers['content-encoding'] !== undefined;
  if (said) requireJson(request);
  const bytes = await readBody(request, limits, budget);
  if (!said && bytes.length > 0) requireJson(request);
  return bytes;
}

/**
 * After a failure the rest is not kept: whoever answers closes the connection.
 * @throws GitOpsError BodyTooLarge, SlowRequest, TooBusy, InvalidInput
 */
async function readBody(request: IncomingMessage, limits: BodyLimits, budget: BodyBudget): Promise<Buffer> {
  const held = { chunks: [] as Buffer[], bytes: 0 };
  const keep = (chunk: Buffer): void => {
    held.bytes += chunk.length;
    held.chunks.push(chunk);
    budget.take(chunk.length);
    refuseTooLarge(held.bytes, limits);
  };
  try {
    refuseTooLarge(Number(request.headers['content-length'] ?? 0), limits);
    await untilEnd(request, keep, limits.withinMs);
    return Buffer.concat(held.chunks);
  } catch (error) {
    if (hasCode(error, 'BodyTooLarge')) await passedOver(request);
    throw error;
  } finally {
    budget.give(held.bytes);
  }
}

/** Of a body that is too large, so much is let by before the answer. */
const passedOverBytes = 32 * 1024 * 1024;
const passedOverMs = 2000;

/** A sender that writes all before it reads would see a broken line instead of the answer. Nothing is kept. */
function passedOver(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const done = (): void => {
      clearTimeout(late);
      request.off('data', count).pause();
      resolve();
    };
    const count = (chunk: Buffer): void => void ((bytes += chunk.length) > passedOverBytes && done());
    const late = setTimeout(done, passedOverMs);
    request.on('data', count).once('end', done).once('error', done).once('close', done).resume();
  });
}

function untilEnd(request: IncomingMessage, keep: (chunk: Buffer) => void, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      request.off('data', onData).pause();
      clearTimeout(late);
      reject(error as Error);
    };
    const onData = (chunk: Buffer): void => {
      try {
        keep(chunk);
      } catch (error) {
        fail(error);
      }
    };
    const late = setTimeout(() => fail(tooSlow(withinMs)), withinMs);
    request.on('data', onData);
    request.once('error', () => fail(new GitOpsError('InvalidInput', 'the body ended too early')));
    request.once('end', () => {
      clearTimeout(late);
      resolve();
    });
  });
}

function refuseTooLarge(length: number, { maximumBytes }: BodyLimits): void {
  if (length <= maximumBytes) return;
  throw new GitOpsError('BodyTooLarge', `the body is larger than ${maximumBytes / 1024 / 1024} MiB`);
}

function tooSlow(withinMs: number): GitOpsError {
  return new GitOpsError('SlowRequest', `the body did not arrive within ${withinMs / 1000} s`);
}

/** @throws GitOpsError UnsupportedType */
function requireJson({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw unsupported(`content-encoding ${encoding} is not taken`);
  const type = headers['content-type'] ?? '';
  if (/^application\/json\s*(;\s*charset="?utf-?8"?\s*)?$/i.test(type)) return;
  throw unsupported(type === '' ? 'the request has a body and no content type' : `content type '${type}' is not taken`);
}

function unsupported(message: string): GitOpsError {
  return new GitOpsError('UnsupportedType', message.slice(0, 200), {
    hint: 'send uncompressed JSON, with the header Content-Type: application/json',
  });
}

const maximumDepth = 64;
const neverKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** @throws GitOpsError InvalidInput for what is no JSON, for deep nesting and for names that reach into objects */
export function parseJson(bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new GitOpsError('InvalidInput', `the body is no JSON: ${positionOf(error)}`);
  }
  refuseOddities(value, 0);
  return value;
}

/** Without the text around it, which the parser quotes. */
function positionOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (/encoded data/.test(message)) return 'it is not UTF-8';
  return /at position \d+/.exec(message)?.[0] ?? 'it ends too early';
}

function refuseOddities(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= maximumDepth) throw new GitOpsError('InvalidInput', `the body is nested deeper than ${maximumDepth}`);
  for (const [key, inner] of Object.entries(value)) {
    if (neverKeys.has(key)) throw new GitOpsError('InvalidInput', `the name '${key}' is not taken`);
    refuseOddities(inner, depth + 1);
  }
}
