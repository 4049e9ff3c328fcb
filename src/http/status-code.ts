/**
 * The HTTP status of each error code: what its exit code says on a command line, but for the few that HTTP has a
 * number of its own for.
 */
import { errorRules, type ErrorCode } from '../domain/errors.js';

/** By exit code, see docs/cli.md. Code 1 is what was asked for and failed. */
const byExit: Readonly<Record<number, number>> = {
  1: 422,
  2: 400,
  3: 403,
  4: 404,
  5: 504,
  7: 409,
  8: 409,
  130: 409,
};

const own: Partial<Record<ErrorCode, number>> = {
  Unauthenticated: 401,
  BadSignature: 401,
  BodyTooLarge: 413,
  UnsupportedType: 415,
  SlowRequest: 408,
  TooBusy: 503,
  TemporalUnavailable: 503,
  PlanOutdated: 409,
  Internal: 500,
  ArtifactMissing: 410,
};

export function statusOf(code: ErrorCode): number {
  const { exit, retryable } = errorRules[code];
  return own[code] ?? (retryable ? 502 : (byExit[exit] ?? 500));
}
