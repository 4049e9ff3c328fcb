/**
 * How an error looks to a client of the API: `{ code, message, hint }` and a status. Never a stack, never a text that
 * was not masked; what is no error of ours is called a bug of ours and nothing else.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { GitOpsError, isErrorCode, type ErrorCode } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import { statusOf } from './status-code.js';

export interface FailureBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

const typeHint = 'send JSON, with the header Content-Type: application/json';

/** What fastify refuses by itself, in our words. */
const ofFastify: Readonly<Record<string, readonly [code: ErrorCode, message: string, hint?: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UnsupportedType', 'the content type of the body is not taken', typeHint],
  FST_ERR_CTP_BODY_TOO_LARGE: ['BodyTooLarge', 'the body is too large'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['InvalidInput', 'the body is not as long as its Content-Length says'],
  FST_ERR_BAD_URL: ['InvalidInput', 'the path of the request cannot be read', 'percent-encode names: / is %2F'],
  FST_ERR_MAX_PARAM_LENGTH: ['UnknownPath', 'a part of the path is too long'],
};

/** @throws nothing */
export function asGitOpsError(error: unknown): GitOpsError {
  if (error instanceof GitOpsError) return error;
  const { code, message } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : ofFastify[code];
  if (known !== undefined) return new GitOpsError(known[0], known[1], known[2] === undefined ? {} : { hint: known[2] });
  if (isErrorCode(code)) return new GitOpsError(code, String(message));
  return new GitOpsError('Internal', 'something went wrong on our side', {
    hint: 'this is a bug of ours; the log of the server says more',
    cause: error,
  });
}

export function failureBody({ code, message, hint }: GitOpsError): FailureBody {
  return { code, message: redact(message), ...(hint === undefined ? {} : { hint: redact(hint) }) };
}

/** Codes after which nothing more of the request is read. */
const hangingUp: readonly ErrorCode[] = [
  'BodyTooLarge',
  'SlowRequest',
  'UnsupportedType',
  'TooBusy',
  'Unauthenticated',
];

export function sendFailure(error: GitOpsError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error.code);
  if (status === 503) void reply.header('retry-after', Math.ceil((error.retryAfterMs ?? 5000) / 1000));
  if (error.code === 'Unauthenticated') void reply.header('www-authenticate', 'Bearer realm="sloth-runner"');
  if (hangingUp.includes(error.code) && request.raw.complete === false) void reply.header('connection', 'close');
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(failureBody(error)));
}
