/**
 * Refuses to write after a pause of the whole process. A worker that was frozen (a suspended machine, a stopped
 * container) wakes up in the middle of what it did, long after Temporal gave its work to another; it learns of that
 * with the next heartbeat only, and must not write before.
 */
import { Context } from '@temporalio/activity';
import { GitOpsError } from '../domain/errors.js';

const tickMs = 250;
/** When an activity has no heartbeat timeout. */
const defaultLimitMs = 6000;

export class WriteGuard {
  private lastTick = performance.now();
  private readonly timer = setInterval(() => (this.lastTick = performance.now()), tickMs);

  private constructor(private readonly limitMs: number) {
    this.timer.unref();
  }

  /** Runs `work` with a guard for its writes; must be called in an activity. */
  static async during<T>(work: (guard: WriteGuard) => Promise<T>): Promise<T> {
    const guard = new WriteGuard(Context.current().info.heartbeatTimeoutMs || defaultLimitMs);
    try {
      return await work(guard);
    } finally {
      clearInterval(guard.timer);
    }
  }

  /**
   * To be called right before each write.
   * @throws GitOpsError FenceLost when the process stood still for as long as its heartbeat timeout
   */
  check(): void {
    const gapMs = performance.now() - this.lastTick;
    if (gapMs < this.limitMs) return;
    throw new GitOpsError(
      'FenceLost',
      `the worker stood still for ${Math.round(gapMs / 1000)} s; another has taken over`,
      {
        retryable: true, // the attempt has timed out anyway; the next one plans its writes anew
      },
    );
  }
}
