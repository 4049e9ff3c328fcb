/**
 * Whether a webhook comes from somebody who knows the secret. All checks work on the raw bytes, compare in constant
 * time, and refuse a header that is there twice.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { GitOpsError } from '../../domain/errors.js';

export interface SignedRequest {
  readonly headers: IncomingMessage['headersDistinct'];
  readonly body: Buffer;
  /** ms since 1970. */
  readonly now: number;
}

/** Undefined when the request does not carry what this check looks at. */
export type SignatureCheck = (request: SignedRequest, secret: string) => boolean | undefined;

/** @throws BadSignature when it is there twice */
export function header({ headers }: Pick<SignedRequest, 'headers'>, name: string): string | undefined {
  const values = headers[name];
  if (values === undefined || values.length === 0) return undefined;
  if (values.length === 1) return values[0];
  throw new GitOpsError('BadSignature', `the header ${name} is there ${values.length} times`);
}

/** HMAC-SHA256 of the body in hexadecimal, behind a prefix such as `sha256=`. */
export function hexSignature(name: string, prefix = ''): SignatureCheck {
  return (request, secret) => {
    const given = header(request, name);
    if (given === undefined) return undefined;
    if (!given.startsWith(prefix) || !/^[0-9a-f]{64}$/i.test(given.slice(prefix.length))) return false;
    const expected = createHmac('sha256', secret).update(request.body).digest();
    return timingSafeEqual(Buffer.from(given.slice(prefix.length), 'hex'), expected);
  };
}

/** The secret itself, as GitLab sends it. */
export function plainToken(name: string): SignatureCheck {
  return (request, secret) => {
    const given = header(request, name);
    return given === undefined ? undefined : timingSafeEqual(sha256(given), sha256(secret));
  };
}

/** A signature is good for so long, before and after. */
const toleranceMs = 300_000;

/** https://www.standardwebhooks.com: `v1,<base64>` over `id.timestamp.body`; several during a change of secrets. */
export const standardWebhook: SignatureCheck = (request, secret) => {
  const given = header(request, 'webhook-signature');
  if (given === undefined) return undefined;
  const [id, timestamp] = [header(request, 'webhook-id'), header(request, 'webhook-timestamp')];
  if (id === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(request.now - Number(timestamp) * 1000) > toleranceMs) return false;
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), request.body]);
  const expected = createHmac('sha256', keyOf(secret)).update(signed).digest();
  return given.split(' ').some((one) => isEqual(one.startsWith('v1,') ? one.slice(3) : '', expected));
};

function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
}

function isEqual(base64: string, expected: Buffer): boolean {
  const given = Buffer.from(base64, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
