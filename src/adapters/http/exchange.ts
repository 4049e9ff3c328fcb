/**
 * One HTTP exchange of a script: bounded in time, in size and in redirects. A request with credentials is not led to another
 * host.
 */
import { request } from 'undici';
import { GitOpsError } from '../../domain/errors.js';
import { withoutSecrets } from '../../domain/http-url.js';
import { textLimitBytes } from '../../domain/text-limits.js';
import type { GuardedAgent } from './guarded-agent.js';

export interface ExchangeRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly followRedirects: boolean;
  /** Something in it is a secret. */
  readonly confidential: boolean;
  /** Of the answer, in bytes; 1 MiB by default. */
  readonly bodyLimit?: number;
}

export interface Exchanged {
  readonly status: number;
  /** Names in lower case; values of the same name joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** @throws GitOpsError RequestFailed, InvalidInput, NotAllowed, Timeout */
export type Exchange = (request: ExchangeRequest) => Promise<Exchanged>;

const redirectLimit = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
const credentialHeader = /^(authorization|cookie|proxy-authorization|.*(token|api-?key|secret).*)$/i;

export function createExchange(guard: GuardedAgent): Exchange {
  return async (asked) => {
    const timeout = AbortSignal.timeout(asked.timeoutMs);
    const signal = AbortSignal.any([asked.signal, timeout]);
    try {
      return await follow(guard, { ...asked, signal });
    } catch (error) {
      throw explained(error, asked, timeout.aborted && !asked.signal.aborted);
    }
  };
}

async function follow(guard: GuardedAgent, asked: ExchangeRequest): Promise<Exchanged> {
  let url = parsed(asked.url);
  for (let hops = 0; ; hops++) {
    guard.checkHost(url);
    const answered = await send(guard, asked, url);
    const next = nextPlace(asked, answered, url);
    if (next === undefined) return answered;
    if (hops >= redirectLimit) throw failed(asked, `more than ${redirectLimit} redirects`);
    url = next;
  }
}

/** Requests that change something are not repeated elsewhere: their redirect is the answer. */
function nextPlace(asked: ExchangeRequest, { status, headers }: Exchanged, url: URL): URL | undefined {
  const location = headers['location'];
  const reading = ['GET', 'HEAD'].includes(asked.method);
  if (!asked.followRedirects || !reading || !redirects.has(status) || location === undefined) return undefined;
  const next = parsed(new URL(location, url).href);
  if (next.origin !== url.origin && hasCredentials(asked))
    throw new GitOpsError(
      'NotAllowed',
      `${describe(asked)} is redirected to ${next.origin}, which must not see its credentials`,
      { hint: 'ask that address itself, or set follow_redirects = false' },
    );
  return next;
}

function hasCredentials({ confidential, headers }: ExchangeRequest): boolean {
  return confidential || Object.keys(headers).some((name) => credentialHeader.test(name));
}

async function send(guard: GuardedAgent, asked: ExchangeRequest, url: URL): Promise<Exchanged> {
  const { method, headers, body, signal } = asked;
  const answered = await request(url, {
    method: method as 'GET',
    headers: { 'user-agent': 'sloth-runner', ...headers },
    signal,
    dispatcher: guard.agent,
    ...(body === undefined ? {} : { body }),
  });
  return { status: answered.statusCode, headers: texts(answered.headers), body: await readAll(answered.body, asked) };
}

function texts(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const set = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries(set.map(([name, value]) => [name, [value].flat().join(', ')]));
}

async function readAll(body: AsyncIterable<Uint8Array>, asked: ExchangeRequest): Promise<Buffer> {
  const { bodyLimit = textLimitBytes } = asked;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop closes the connection
    if (size > bodyLimit)
      throw new GitOpsError('InvalidInput', `the answer to ${describe(asked)} is larger than ${bodyLimit / 2 ** 20} MiB`, {
        hint: 'ask for less of it, or fetch it into a file with exec.run',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new GitOpsError('InvalidInput', `'${withoutSecrets(text)}' is not an http or https address`);
}

function describe({ method, url }: Pick<ExchangeRequest, 'method' | 'url'>): string {
  return `${method} ${withoutSecrets(url)}`;
}

function failed(asked: ExchangeRequest, why: string, cause?: unknown): GitOpsError {
  return new GitOpsError('RequestFailed', `${describe(asked)}: ${why}`, { cause });
}

function explained(error: unknown, asked: ExchangeRequest, timedOut: boolean): unknown {
  if (timedOut) return new GitOpsError('Timeout', `${describe(asked)}: no answer in ${asked.timeoutMs / 1000} s`);
  if (asked.signal.aborted || error instanceof GitOpsError) return error;
  const { code, message, cause } = error as NodeJS.ErrnoException;
  if (cause instanceof GitOpsError) return cause;
  return failed(asked, reasons[code ?? ''] ?? message, error);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host name cannot be looked up now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'the host did not answer',
};
