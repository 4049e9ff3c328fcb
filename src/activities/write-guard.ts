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

/**
 * The SDK sends a heartbeat only when 0.8 of the timeout have passed since the last one, so that a worker may be taken
 * for dead after it stood still for the rest.
 */
const silentShare = 0.8;

export class WriteGuard {
  private lastTick = performance.now();
  /** The longest that the process stood still since `during` began. It wakes up with timers first: a tick then. */
  private stillMs = 0;
  private readonly timer = setInterval(() => this.tick(), tickMs);

  private constructor(private readonly timeoutMs: number) {
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
   * To be called right before each write. Once the process stood still for too long, this attempt writes no more.
   * @throws GitOpsError Internal: Temporal starts this attempt anew at once, should it still count; when another has been
   *   started meanwhile, nobody hears of it
   */
  check(): void {
    this.tick();
    if (this.stillMs < this.timeoutMs * (1 - silentShare)) return;
    throw new GitOpsError(
      'Internal',
      `the worker stood still for ${(this.stillMs / 1000).toFixed(1)} s; another may have taken over`,
    );
  }

  private tick(): void {
    const now = performance.now();
    this.stillMs = Math.max(this.stillMs, now - this.lastTick - tickMs);
    this.lastTick = now;
  }
}
