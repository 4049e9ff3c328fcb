/**
 * HTTP to one API server: a pool of kept-alive connections for requests, and one for watches, which each hold a
 * connection for minutes.
 */
import { setMaxListeners } from 'node:events';
import { Pool, type Dispatcher } from 'undici';
import { hasCode, type GitOpsError } from '../../domain/errors.js';
import type { Credentials } from './credentials.js';
import { Pacer } from './pacer.js';
import { RateLimit } from './rate-limit.js';
import { noAnswer, notReady, toGitOpsError, TurnedAwayError, type Attempt, type Status } from './status-failure.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly code: number;
  readonly body: unknown;
}

/** What the operator allows one process to ask of a cluster. */
export interface RequestLimits {
  /** Requests a second; watches are not counted. */
  readonly qps?: number;
  /** At once after a pause, default twice the qps. */
  readonly burst?: number;
  /** Requests under way. */
  readonly maxConcurrent?: number;
}

/** How long the API server may take to begin, and between two pieces of, an answer. */
const deadlineMs = 30_000;
/** Bookmarks come each minute; a watch that is silent for longer has lost its server. */
const silentWatchMs = 90_000;
const connections = 24;
/** How long a request may be put off by a server that turns it away. */
const patienceMs = 60_000;

/** A connection that broke: usually closed by the server while it idled, so that another one works at once. */
const brokenConnection: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

export class Transport {
  private readonly requests: Pool;
  private readonly watches: Pool;
  private readonly pacer: Pacer;
  /** Since when nothing has come back though we asked; on the clock of `performance`. */
  private unansweredSince: number | undefined;

  constructor(
    private readonly credentials: Credentials,
    private readonly userAgent: string,
    { qps, burst, maxConcurrent: most = connections }: RequestLimits = {},
  ) {
    const rate = qps === undefined ? undefined : new RateLimit({ qps, burst });
    this.pacer = new Pacer({ most: Math.min(most, connections), patienceMs, random: Math.random, rate });
    const connect = { ...credentials.tls, timeout: 10_000 };
    const { origin } = credentials.server;
    const options = { connect, keepAliveTimeout: 30_000, headersTimeout: deadlineMs, bodyTimeout: deadlineMs };
    this.requests = new Pool(origin, { ...options, connections });
    this.watches = new Pool(origin, { ...options, connections: null, bodyTimeout: silentWatchMs });
  }

  /**
   * Sends one request and reads its JSON answer. Sent once more when the connection breaks, except for a POST: all
   * other requests of ours may happen twice. Sent again when the server turns it away, once that has its Retry-After.
   * @throws GitOpsError for any answer but 2xx; the signal's reason when it aborts
   */
  async send(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
    if (request.signal) setMaxListeners(0, request.signal); // one signal ends many requests at a time
    return this.pacer.run(() => this.sendOnce(request, attempt), isTurnedAway, request.signal);
  }

  private async sendOnce(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
    try {
      return await this.exchange(request, attempt);
    } catch (error) {
      if (hasCode(error, 'Forbidden')) {
        await this.mustBeReady(request, attempt, error as GitOpsError);
        return this.exchange(request, attempt); // it may have become ready in between
      }
      const cause = (error as { cause?: { code?: unknown } }).cause;
      if (request.method === 'POST' || !brokenConnection.has(cause?.code)) throw error;
      return this.exchange(request, attempt);
    }
  }

  /** The body of a 2xx answer as it arrives. */
  async stream(request: HttpRequest, attempt: Attempt): Promise<AsyncIterable<Uint8Array>> {
    const answer = await this.dispatch(this.watches, request, attempt);
    if (answer.statusCode < 300) return answer.body;
    const refusal = await failure(answer, attempt);
    if (hasCode(refusal, 'Forbidden')) await this.mustBeReady(request, attempt, refusal as GitOpsError);
    throw refusal;
  }

  /** For how long the server has owed an answer, any answer; 0 when it owes none. */
  get silentMs(): number {
    return this.unansweredSince === undefined ? 0 : performance.now() - this.unansweredSince;
  }

  async close(): Promise<void> {
    await Promise.all([this.requests.destroy(), this.watches.destroy()]);
  }

  /**
   * An API server that has just started forbids everything until it has read its rules: that is an outage.
   * @throws GitOpsError ClusterUnreachable
   */
  private async mustBeReady({ signal }: HttpRequest, attempt: Attempt, refusal: GitOpsError): Promise<void> {
    const answer = await this.dispatch(this.requests, { method: 'GET', path: '/readyz', signal }, attempt);
    await answer.body.dump();
    if (answer.statusCode !== 200) throw notReady(refusal, attempt);
  }

  private async exchange(request: HttpRequest, attempt: Attempt): Promise<HttpAnswer> {
    const answer = await this.dispatch(this.requests, request, attempt);
    if (answer.statusCode >= 300) throw await failure(answer, attempt);
    try {
      return { code: answer.statusCode, body: await answer.body.json() };
    } catch (error) {
      throw lost(error, request, attempt);
    }
  }

  private async dispatch(pool: Pool, request: HttpRequest, attempt: Attempt): Promise<Dispatcher.ResponseData> {
    const { method, path, accept = 'application/json', contentType = 'application/json', body, signal } = request;
    const headers: Record<string, string> = {
      ...(await this.credentials.headers()),
      accept,
      'user-agent': this.userAgent,
    };
    if (body !== undefined) headers['content-type'] = contentType;
    const text = body === undefined ? null : JSON.stringify(body);
    this.unansweredSince ??= performance.now();
    try {
      const answer = await pool.request({ method, path: this.prefixed(path), headers, body: text, signal });
      this.unansweredSince = undefined;
      return answer;
    } catch (error) {
      throw lost(error, request, attempt);
    }
  }

  /** A kubeconfig's server may have a path (behind a proxy such as Rancher's). */
  private prefixed(path: string): string {
    return `${this.credentials.server.pathname.replace(/\/$/, '')}${path}`;
  }
}

function isTurnedAway(error: unknown): error is TurnedAwayError {
  return error instanceof TurnedAwayError;
}

function lost(error: unknown, { signal }: HttpRequest, attempt: Attempt): unknown {
  return signal?.aborted ? (signal.reason ?? error) : noAnswer(error, attempt);
}

async function failure(answer: Dispatcher.ResponseData, attempt: Attempt): Promise<Error> {
  const text = await answer.body.text().catch(() => '');
  const retryAfter = answer.headers['retry-after'];
  return toGitOpsError(
    {
      code: answer.statusCode,
      status: statusOf(text),
      ...(typeof retryAfter === 'string' ? { retryAfter } : {}),
    },
    attempt,
  );
}

/** Proxies in between answer in HTML or plain text. */
function statusOf(text: string): Status {
  try {
    return JSON.parse(text) as Status;
  } catch {
    return text === '' ? {} : { message: text.slice(0, 200) };
  }
}
