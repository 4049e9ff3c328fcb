/** What is no HTTP, or came too slowly to become a request, gets a typed answer as well, and the connection is closed. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { GitOpsError } from '../domain/errors.js';
import { failureBody } from './failure.js';
import { statusOf } from './status-code.js';

const known: Readonly<Record<string, GitOpsError>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new GitOpsError('SlowRequest', 'the request did not arrive in time'),
  HPE_HEADER_OVERFLOW: new GitOpsError('BodyTooLarge', 'the headers are larger than 16 KiB'),
};
const unreadable = new GitOpsError('InvalidInput', 'this is no HTTP request that can be read');

export function onClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const failure = known[error.code ?? ''] ?? unreadable;
  const body = JSON.stringify(failureBody(failure));
  const status = statusOf(failure.code);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  else socket.destroy();
}
