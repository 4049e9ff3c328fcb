/**
 * Who may talk to the API while there are no roles: whoever holds the token of a file. Loopback alone is no door.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { GitOpsError } from '../domain/errors.js';

export interface ListenAddress {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
}

/** @throws GitOpsError InvalidConfig */
export function parseListen(text: string): ListenAddress {
  const match = /^(?:\[([0-9a-f:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new GitOpsError('InvalidConfig', `'${text}' is no address to listen on`, {
      hint: 'write host:port, for example 127.0.0.1:8090 or [::1]:8090',
    });
  }
  return { host: match[1] ?? match[2] ?? '', port };
}

export function isLoopback({ host }: ListenAddress): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

export interface TokenPlace {
  readonly listen: ListenAddress;
  readonly home: string;
  readonly mode: 'development' | 'production';
  /** The file that was named, if one was. */
  readonly file?: string | undefined;
}

/** Long enough that nobody guesses it. */
const minimumLength = 32;

/**
 * The token of the API. In development mode and on loopback, one is made under the home when none was named.
 * @throws GitOpsError InvalidConfig
 */
export function apiToken(place: TokenPlace): { tokenFile: string; token: string } {
  const path = place.file ?? join(place.home, 'api-token');
  const token = readToken(path) ?? makeToken(path, place);
  if (token.length >= minimumLength) return { tokenFile: path, token };
  throw new GitOpsError('InvalidConfig', `the API token in ${path} is shorter than ${minimumLength} characters`, {
    hint: `make one with: openssl rand -hex 32 > ${path}`,
  });
}

function readToken(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new GitOpsError('InvalidConfig', `cannot read the API token ${path}: ${(error as Error).message}`);
  }
}

function makeToken(path: string, { listen, mode, file }: TokenPlace): string {
  if (file !== undefined || mode !== 'development' || !isLoopback(listen)) throw missing(path, listen);
  const token = randomBytes(32).toString('hex');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return token;
}

function missing(path: string, listen: ListenAddress): GitOpsError {
  const where = isLoopback(listen) ? 'in production mode' : `on ${listen.host}, which others can reach,`;
  return new GitOpsError('InvalidConfig', `the API does not start ${where} without a token: there is no ${path}`, {
    hint: 'write api.token_file into the configuration and put a token of 32 characters or more into that file',
  });
}

export type Authenticate = (request: IncomingMessage) => void;

/** @returns throws Unauthenticated for every request that does not carry the token, exactly once */
export function bearerCheck(token: string): Authenticate {
  const expected = sha256(token);
  return (request) => {
    const given = request.headersDistinct['authorization'] ?? [];
    if (given.length > 1) throw refused('the header Authorization is there twice');
    const match = /^Bearer ([\x21-\x7e]{1,1024})$/i.exec(given[0] ?? '');
    if (match === null) throw refused('this needs a token');
    if (!timingSafeEqual(sha256(match[1] ?? ''), expected)) throw refused('this is not the token');
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function refused(message: string): GitOpsError {
  return new GitOpsError('Unauthenticated', message, {
    hint: "send it as a bearer token; sloth-runner server status shows the token's file",
  });
}
