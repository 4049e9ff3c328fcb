/**
 * Refuses to write when another worker may have taken over. One that was frozen (a suspended machine, a stopped
 * container) wakes up in the middle of what it did, long after Temporal gave its work to another; it learns of that
 * with the next heartbeat only, and must not write before. One that is cut off from Temporal alone learns nothing at all:
 * heartbeats are sent without an answer, so it asks Temporal something on the same line while it writes.
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
/** How often Temporal is asked, in ms; a session that is over sooner asks nothing. */
const askEveryMs = 1000;
/** gRPC: cancelled, deadline exceeded, unavailable. Any other refusal is an answer. */
const unanswered: ReadonlySet<unknown> = new Set([1, 4, 14]);

/** Resolves when Temporal has answered. */
export type AskTemporal = () => Promise<unknown>;

export class WriteGuard {
  private lastTick = performance.now();
  /** The longest that the process stood still since `during` began. It wakes up with timers first: a tick then. */
  private stillMs = 0;
  /** When that was asked for which Temporal's last answer came. */
  private heardAt = performance.now();
  private asking = false;
  private readonly timer = setInterval(() => this.tick(), tickMs);
  private readonly asker = setInterval(() => void this.listen(), askEveryMs);

  private constructor(
    private readonly timeoutMs: number,
    private readonly ask: AskTemporal | undefined,
  ) {
    this.timer.unref();
    this.asker.unref();
  }

  /** Runs `work` with a guard for its writes; must be called in an activity. */
  static async during<T>(work: (guard: WriteGuard) => Promise<T>): Promise<T> {
    const guard = new WriteGuard(Context.current().info.heartbeatTimeoutMs || defaultLimitMs, lineToTemporal());
    try {
      return await work(guard);
    } finally {
      clearInterval(guard.timer);
      clearInterval(guard.asker);
    }
  }

  /**
   * To be called right before each write. Once the process stood still, or has not heard of Temporal, for too long, this
   * attempt writes no more.
   * @throws GitOpsError Internal: Temporal starts this attempt anew at once, should it still count; when another has been
   *   started meanwhile, nobody hears of it
   */
  check(): void {
    this.tick();
    if (this.stillMs >= this.timeoutMs * (1 - silentShare)) throw replaced('stood still', this.stillMs);
    const unheardMs = this.ask === undefined ? 0 : performance.now() - this.heardAt;
    if (unheardMs > this.timeoutMs) throw replaced('has not heard of Temporal', unheardMs);
  }

  private async listen(): Promise<void> {
    if (this.asking || this.ask === undefined) return;
    this.asking = true;
    const asked = performance.now();
    const answered = await this.ask().then(
      () => true,
      (error: unknown) => !unanswered.has((error as { code?: unknown }).code),
    );
    this.asking = false;
    if (answered) this.heardAt = asked;
  }

  private tick(): void {
    const now = performance.now();
    this.stillMs = Math.max(this.stillMs, now - this.lastTick - tickMs);
    this.lastTick = now;
  }
}

function replaced(what: string, ms: number): GitOpsError {
  return new GitOpsError('Internal', `the worker ${what} for ${(ms / 1000).toFixed(1)} s; another may have taken over`);
}

/** The worker's own connection, over which heartbeats go; there is none where an activity runs without a worker. */
function lineToTemporal(): AskTemporal | undefined {
  try {
    const { workflowService } = Context.current().client.connection;
    return () => workflowService.getSystemInfo({});
  } catch {
    return undefined;
  }
}
