import { request } from 'node:https';
import type { ClientCredentials } from './control-plane-identities.js';

/** An API server and who asks it. */
export interface ApiServer {
  readonly url: string;
  readonly credentials: ClientCredentials;
}

export interface ApiResponse {
  readonly status: number;
  /** The parsed body when it is JSON, its text otherwise (/readyz). */
  readonly body: unknown;
}

const timeoutMs = 5_000;

/**
 * One request to an API server with a client certificate; `body` is sent as JSON. Resolves with any status; rejects
 * when no answer comes within 5 s. Loading @kubernetes/client-node for the few requests made here takes longer than
 * the requests.
 */
export function apiRequest(server: ApiServer, method: string, path: string, body?: object): Promise<ApiResponse> {
  const { ca, certificate: cert, key } = server.credentials;
  return new Promise((resolve, reject) => {
    const headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': 'sloth-runner-local',
    };
    const options = { method, ca, cert, key, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) };
    const outgoing = request(new URL(path, server.url), options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.once('error', reject);
      incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, body: parse(text) }));
    });
    outgoing.once('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
