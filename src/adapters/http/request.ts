/**
 * One HTTP request, with a limit on time and on what is read of the answer. Redirects are not followed: they are an answer,
 * and they must not lead a check to places its declaration does not name.
 */
import { request } from 'undici';
import type { Answer } from '../../domain/health/external-checks.js';

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type SendRequest = (request: HttpRequest) => Promise<Answer>;

/** Of an answer, in characters: enough for a health page or the answer of a query. */
const bodyLimit = 1024 * 1024;

/** @throws Error with the reason when there is no answer in time */
export const sendRequest: SendRequest = async ({ url, method, headers, timeoutMs, signal }) => {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const { statusCode, body } = await request(url, {
      method: method as 'GET',
      headers: { 'user-agent': 'sloth-runner', ...headers },
      signal: AbortSignal.any([signal, timeout]),
    });
    return { status: statusCode, body: await readSome(body) };
  } catch (error) {
    if (timeout.aborted && !signal.aborted) throw new Error(`no answer in ${timeoutMs / 1000} s`, { cause: error });
    throw error;
  }
};

async function readSome(body: AsyncIterable<Uint8Array> & { destroy(): void }): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= bodyLimit) break; // leaving the loop closes the connection
  }
  return text.slice(0, bodyLimit);
}
