/**
 * How long to wait before the next attempt.
 */
import type { BackoffStrategy, RetryPolicy } from './application.js';

const growth: Record<BackoffStrategy, (policy: RetryPolicy, attempt: number) => number> = {
  exponential: (policy, attempt) => policy.initialMs * policy.factor ** (attempt - 1),
  linear: (policy, attempt) => policy.initialMs * attempt,
  fixed: (policy) => policy.initialMs,
};

/**
 * Pause in ms after a failed attempt, never above the policy's maximum.
 * @param attempt the attempt that failed, from 1
 */
export function backoffMs(policy: RetryPolicy, attempt: number): number {
  return Math.min(policy.maximumMs, growth[policy.strategy](policy, attempt));
}
