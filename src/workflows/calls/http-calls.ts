/**
 * Calls of `http`. Reading is tried again after a failed connection and while the server says that it cannot answer now;
 * everything else is sent once, whatever becomes of it.
 */
import { sleep } from '@temporalio/workflow';
import type { HttpAnswer } from '../../activities/http-request.js';
import { backoffMs } from '../../domain/backoff.js';
import { formatDuration, parseDuration } from '../../domain/duration.js';
import type { RetryPolicy } from '../../domain/application.js';
import { shown, type MaybeSecret } from '../../domain/secret-text.js';
import { withoutSecrets } from '../../domain/http-url.js';
import type { Step } from '../../lua/host.js';
import { phaseFailure } from '../phase-failure.js';
import { failureOf } from '../retry.js';
import { clip, isTimeout, quickStep } from '../steps.js';
import { compact, type Call } from './call.js';

interface HttpOptions {
  readonly url?: MaybeSecret;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, MaybeSecret>>;
  readonly body?: unknown;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, MaybeSecret>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly timeout?: string | number;
  readonly retries?: number;
  readonly follow_redirects?: boolean;
}

type Request = HttpOptions & { readonly url: MaybeSecret; readonly method: string };

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete'];
const mostRetries = 10;
const longestTimeoutMs = 10 * 60_000;
const longestPauseMs = 60_000;

export const httpCalls: Readonly<Record<string, Call>> = {
  ...Object.fromEntries(
    methods.map((name): [string, Call] => [
      `http.${name}`,
      (_context, step) => {
        const [url, options] = step.args as [MaybeSecret, HttpOptions?];
        return request(step, { ...options, url, method: name.toUpperCase() });
      },
    ]),
  ),
  'http.request': (_context, step) => {
    const [options] = step.args as unknown as [HttpOptions & { url: MaybeSecret }];
    return request(step, { ...options, method: (options.method ?? 'GET').toUpperCase() });
  },
};

function request(step: Step, asked: Request): Promise<HttpAnswer> {
  const reading = ['GET', 'HEAD'].includes(asked.method);
  const attempts = 1 + Math.min(mostRetries, Math.max(0, asked.retries ?? (reading ? 3 : 0)));
  return reading ? retried(step, asked, attempts) : once(step, asked);
}

const policy: RetryPolicy = { limit: 3, strategy: 'exponential', initialMs: 500, factor: 2, maximumMs: 10_000 };
const passing = [429, 502, 503, 504];

/** The last answer counts, whatever it is; a last failure is thrown. */
async function retried(step: Step, asked: Request, attempts: number): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    const { answer, error } = await tried(step, asked);
    const passes = answer === undefined ? worthAnother(error) : passing.includes(answer.status_code);
    if (attempt >= attempts || !passes) {
      if (answer !== undefined) return answer;
      throw error;
    }
    const why = answer === undefined ? failureOf(error).code : String(answer.status_code);
    const ms = Math.max(backoffMs(policy, attempt), retryAfterMs(answer));
    const summary = `${step.summary}: attempt ${attempt + 1} of ${attempts} in ${formatDuration(ms)}, after ${why}`;
    await sleep(ms, { summary: clip(summary) });
  }
}

async function tried(step: Step, asked: Request): Promise<{ answer?: HttpAnswer; error?: unknown }> {
  try {
    return { answer: await send(step, asked, {}) };
  } catch (error) {
    return { error };
  }
}

function worthAnother(error: unknown): boolean {
  return ['RequestFailed', 'Timeout'].includes(failureOf(error).code);
}

function retryAfterMs(answer: HttpAnswer | undefined): number {
  const given = answer?.headers['retry-after'];
  if (given === undefined) return 0;
  const ms = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now();
  return Number.isFinite(ms) ? Math.min(longestPauseMs, Math.max(0, ms)) : 0;
}

async function once(step: Step, asked: Request): Promise<HttpAnswer> {
  try {
    return await send(step, asked, { maximumAttempts: 1 });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw interrupted(`${asked.method} ${withoutSecrets(shown(asked.url))}`);
  }
}

/** Nobody knows how far the worker came that was lost. */
export function interrupted(what: string): Error {
  return phaseFailure('Interrupted', `interrupted: the worker was lost during ${what}; whether it arrived is unknown`);
}

function send(step: Step, asked: Request, retry: { maximumAttempts?: number }): Promise<HttpAnswer> {
  const { timeout = 30, retries: _retries, follow_redirects, ...call } = asked;
  const timeoutMs = Math.min(longestTimeoutMs, parseDuration(timeout));
  const options = { startToCloseTimeout: timeoutMs + 10_000, ...(retry.maximumAttempts === 1 ? { retry } : {}) };
  return quickStep(step.summary, options).httpRequest(
    compact({ ...call, timeoutMs, followRedirects: follow_redirects ?? true }) as never,
  );
}
