/**
 * Requests to the API of a forge: JSON both ways, its errors as ours, lists page by page. All three say by a `Link` header
 * whether there is more.
 */
import { GitOpsError } from '../../domain/errors.js';
import type { Exchange, Exchanged } from '../http/exchange.js';

export interface ApiAccess {
  /** Without a slash at the end. */
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly exchange: Exchange;
  readonly signal: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;
}

const timeoutMs = 10_000;
/** A page of comments may hold more than a megabyte. */
const bodyLimit = 8 * 1024 * 1024;
/** Of lists, so that no server keeps us reading for ever. */
const pageLimit = 100;

export class ForgeApi {
  constructor(
    private readonly name: string,
    private readonly access: ApiAccess,
  ) {}

  get(path: string): Promise<ApiAnswer> {
    return this.send('GET', `${this.access.base}${path}`);
  }

  write(method: 'POST' | 'PATCH' | 'PUT', path: string, content: object): Promise<ApiAnswer> {
    return this.send(method, `${this.access.base}${path}`, JSON.stringify(content));
  }

  /** The entries of a list, over all its pages. */
  async *list(path: string): AsyncIterable<unknown> {
    let next: string | undefined = `${this.access.base}${path}`;
    for (let page = 0; next !== undefined && page < pageLimit; page++) {
      const { headers, data } = await this.send('GET', next);
      if (!Array.isArray(data)) throw this.unexpected('a list was expected');
      yield* data as unknown[];
      next = this.nextPage(headers['link'], next);
    }
  }

  /** @throws GitOpsError RequestFailed */
  unexpected(what: string): GitOpsError {
    return new GitOpsError('RequestFailed', `${this.name} answered something else: ${what}`, {
      retryable: false,
      hint: 'check that api is the base address of the API',
    });
  }

  private async send(method: string, url: string, body?: string): Promise<ApiAnswer> {
    const { exchange, headers, signal } = this.access;
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const answered = await exchange({
      method,
      url,
      headers: { ...headers, ...type },
      body,
      timeoutMs,
      signal,
      followRedirects: true,
      confidential: true,
      bodyLimit,
    });
    const data = dataOf(answered);
    if (answered.status < 200 || answered.status > 299) throw this.refusal(answered, data);
    return { status: answered.status, headers: answered.headers, data };
  }

  /** The token goes to no other place. */
  private nextPage(link: string | undefined, from: string): string | undefined {
    const [, target] = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '') ?? [];
    if (target === undefined || !URL.canParse(target, from)) return undefined;
    const url = new URL(target, from);
    if (url.origin === new URL(from).origin) return url.href;
    throw new GitOpsError(
      'NotAllowed',
      `${this.name} says that the list goes on at ${url.origin}, which is another server`,
    );
  }

  private refusal(answered: Exchanged, data: unknown): GitOpsError {
    const { status } = answered;
    const pause = pauseMs(answered);
    const code = status === 401 || status === 403 ? 'NotAllowed' : 'RequestFailed';
    const retryable = pause !== undefined || status === 408 || status === 429 || status >= 500;
    const hint = hints[status];
    return new GitOpsError(code, `${this.name} answered ${status}${reasonIn(data)}`, {
      retryable,
      ...(pause === undefined ? {} : { retryAfterMs: pause }),
      ...(hint === undefined || retryable ? {} : { hint }),
    });
  }
}

const hints: Readonly<Record<number, string>> = {
  301: 'the repository has moved: set repository to its name of today',
  307: 'the repository has moved: set repository to its name of today',
  308: 'the repository has moved: set repository to its name of today',
  401: 'the token is not valid, or has expired',
  403: 'the token may not do this: see docs/ci-cd.md for what it needs',
  404: 'check repository; to a token without access a private one does not exist',
};

function dataOf({ body }: Exchanged): unknown {
  try {
    return body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as unknown);
  } catch {
    return undefined;
  }
}

/** `{message}` of GitHub and Gitea; `{message}`, `{error}` of GitLab, where a message may be a table of lists. */
function reasonIn(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const { message, error, errors } = data as Record<string, unknown>;
  const [first] = [message, error].filter((part) => part !== undefined);
  const parts = [first, errors].filter((part) => part !== undefined && part !== null && part !== '');
  const text = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
  return text === '' ? '' : `: ${text.slice(0, 300)}`;
}

/** A limit of requests is no refusal: 403 or 429 with `retry-after`, or with nothing left until `x-ratelimit-reset`. */
function pauseMs({ status, headers }: Exchanged): number | undefined {
  if (status !== 403 && status !== 429 && status !== 503) return undefined;
  const after = Number(headers['retry-after'] ?? NaN);
  if (Number.isFinite(after) && after >= 0) return after * 1000;
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? NaN);
  const left = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];
  if (left !== '0' || !Number.isFinite(reset)) return undefined;
  return Math.max(0, reset * 1000 - Date.now());
}
