/**
 * One request of a script. References to secrets become texts here; what comes back is masked, since servers repeat what
 * they are sent, and the answer becomes part of a history.
 */
import { putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { Exchange, Exchanged } from '../adapters/http/exchange.js';
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import { GitOpsError } from '../domain/errors.js';
import type { MaybeSecret } from '../domain/secret-text.js';
import { withHeartbeat } from './heartbeat.js';
import { resolveTexts, type Resolved } from './secret-values.js';
import { heldTexts, type HeldText } from './texts.js';

export interface HttpCall {
  readonly method: string;
  readonly url: MaybeSecret;
  readonly headers?: Readonly<Record<string, MaybeSecret | number>>;
  /** Text, or what is sent as JSON. */
  readonly body?: unknown;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, MaybeSecret | number>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly followRedirects: boolean;
}

/** As `HttpCall`, with the secrets in it. */
interface OpenCall extends Omit<HttpCall, 'url' | 'headers' | 'form'> {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly form?: Readonly<Record<string, string | number>>;
}

export interface HttpAnswer {
  readonly status_code: number;
  readonly status: number;
  readonly success: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: HeldText;
}

const headerLimit = 4096;

export interface HttpDependencies {
  readonly artifacts: ArtifactStore;
  readonly exchange: Exchange;
  readonly resolveSecret: ResolveSecret;
}

export function createHttpRequest({ artifacts, exchange, resolveSecret }: HttpDependencies) {
  return async function httpRequest(call: HttpCall): Promise<HttpAnswer> {
    const resolved = await resolveTexts<OpenCall>(call, resolveSecret);
    const answered = await maskErrors(resolved, () => send(resolved, exchange));
    return answerOf(answered, resolved, artifacts);
  };
}

/** Never quotes a secret, whatever went wrong. */
export async function maskErrors<T>({ mask }: Pick<Resolved<unknown>, 'mask'>, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof GitOpsError)) throw error;
    const { code, message, hint, retryable, retryAfterMs } = error;
    throw new GitOpsError(code, mask(message), {
      retryable,
      ...(hint === undefined ? {} : { hint: mask(hint) }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}

function send({ value: call, secrets }: Resolved<OpenCall>, exchange: Exchange): Promise<Exchanged> {
  const { method, timeoutMs, followRedirects } = call;
  const { body, type } = payloadOf(call);
  return withHeartbeat(({ signal }) =>
    exchange({
      method,
      url: withQuery(call),
      headers: headersOf(call, type),
      body,
      timeoutMs,
      signal,
      followRedirects,
      confidential: secrets.length > 0,
    }),
  );
}

function payloadOf({ body, json, form }: OpenCall): { body?: string; type?: string } {
  if (form !== undefined) return { body: parameters(form), type: 'application/x-www-form-urlencoded' };
  const data = json ?? body;
  if (data === undefined || data === null) return {};
  if (json === undefined && typeof data !== 'object') return { body: String(data) };
  return { body: JSON.stringify(data), type: 'application/json' };
}

function headersOf({ headers = {} }: OpenCall, type: string | undefined): Record<string, string> {
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const typed = Object.keys(given).some((name) => name.toLowerCase() === 'content-type');
  return typed || type === undefined ? given : { 'content-type': type, ...given };
}

function withQuery({ url, query }: OpenCall): string {
  if (query === undefined || Object.keys(query).length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${parameters(query)}`;
}

function parameters(fields: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams(texts).toString();
}

async function answerOf(
  { status, headers, body }: Exchanged,
  { mask }: Resolved<unknown>,
  artifacts: ArtifactStore,
): Promise<HttpAnswer> {
  const text = mask(body.toString('utf8'));
  const shown = Object.entries(headers).map(([name, value]) => [name, mask(value).slice(0, headerLimit)]);
  return {
    status_code: status,
    status,
    success: status >= 200 && status < 300,
    headers: Object.fromEntries(shown) as Record<string, string>,
    ...(await heldTexts({ body: text }, (value) => putJson(artifacts, value))),
  };
}
