/** How long a request may wait for something to happen. */
import { parseDuration } from '../../domain/duration.js';
import { GitOpsError } from '../../domain/errors.js';

const usualMs = 30_000;
const longestMs = 300_000;

/** @throws GitOpsError InvalidInput */
export function waitMs(timeout: string | undefined): number {
  const ms = timeout === undefined ? usualMs : parseDuration(timeout);
  if (ms <= longestMs) return ms;
  throw new GitOpsError('InvalidInput', `query.timeout: ${timeout} is longer than 5m`, {
    hint: 'ask again when the answer is Timeout, or follow /api/v1/stream',
  });
}
