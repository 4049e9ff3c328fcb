/**
 * The HTTP API of a home's server, spoken to as any program would: plain requests, signed webhooks, and bytes that are
 * no request at all.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Home } from './home.js';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** Pairs, so that a header may be there twice. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer | string | undefined;
  readonly chunked?: boolean;
}

export class Api {
  private constructor(
    readonly url: string,
    readonly token: string,
    readonly pid: number,
  ) {}

  static async of(home: Home): Promise<Api> {
    const state = await home.json<{ apiUrl: string; apiTokenFile: string; pid: number }>('server', 'status');
    return new Api(state.apiUrl, readFileSync(state.apiTokenFile, 'utf8').trim(), state.pid);
  }

  /** The same token elsewhere. */
  at(url: string): Api {
    return new Api(url, this.token, 0);
  }

  get bearer(): readonly [string, string] {
    return ['authorization', `Bearer ${this.token}`];
  }

  /** JSON in, JSON out; fails with what was answered unless that is 2xx. */
  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const type = body === undefined ? [] : [['content-type', 'application/json'] as const];
    const answer = await this.send({ method, path, headers: [this.bearer, ...type], ...sent });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text) as T;
  }

  /** An answer that comes before all was sent is an answer. */
  send({ method, path, headers = [], body = '', chunked = false }: ApiRequest): Promise<ApiAnswer> {
    const { hostname, port } = new URL(this.url);
    const length = body.length === 0 || chunked ? [] : ['content-length', String(Buffer.byteLength(body))];
    return new Promise((resolve, reject) => {
      const sent = request({
        hostname,
        port,
        method,
        path,
        headers: [...headers.flat(), 'host', 'a', ...length],
        agent: false,
      });
      sent.on('response', (response) => {
        const parts: Buffer[] = [];
        const done = (): void =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          });
        response
          .on('data', (part: Buffer) => parts.push(part))
          .on('end', done)
          .on('error', done);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** @returns whatever comes back until the server closes */
  raw(text: string): Promise<string> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(Buffer.from(text, 'latin1')));
      let seen = '';
      socket.on('data', (part) => (seen += part.toString()));
      socket.on('close', () => resolve(seen)).on('error', reject);
    });
  }
}

export const webhookSecret = 'a secret that both sides know';

/** The headers by which each sender shows that it knows the secret. */
export const signatures: Readonly<Record<string, (body: Buffer) => readonly (readonly [string, string])[]>> = {
  github: (body) => [['x-hub-signature-256', `sha256=${hmac(body)}`]],
  gitlab: () => [['x-gitlab-token', webhookSecret]],
  gitea: (body) => [['x-gitea-signature', hmac(body)]],
  forgejo: (body) => [['x-forgejo-signature', hmac(body)]],
  bitbucket: (body) => [['x-hub-signature', `sha256=${hmac(body)}`]],
  generic: (body) => [['x-signature-256', `sha256=${hmac(body)}`]],
};

/** https://www.standardwebhooks.com @param age of the signature, in seconds */
export function standardSignature(body: Buffer, age = 0): readonly (readonly [string, string])[] {
  const timestamp = String(Math.floor(Date.now() / 1000) - age);
  const signed = Buffer.concat([Buffer.from(`msg_1.${timestamp}.`), body]);
  const signature = createHmac('sha256', webhookSecret).update(signed).digest('base64');
  return [
    ['webhook-id', 'msg_1'],
    ['webhook-timestamp', timestamp],
    ['webhook-signature', `v1,${signature}`],
  ];
}

function hmac(body: Buffer): string {
  return createHmac('sha256', webhookSecret).update(body).digest('hex');
}
