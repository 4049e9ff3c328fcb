/**
 * How parts of a script come to an early end: an attempt whose time is up, and everything but the clean-up when the run is
 * cancelled. Each part is a cancellation scope, so the call under way hears of it.
 */
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { Interruption, type Bounds } from '../lua/host.js';

/** What cleans up after a cancellation has that long, all of it together. */
const graceMs = 5 * 60_000;

export class ScriptScopes {
  private graceEnds: number | undefined;

  /** @param whole scope of the run */
  constructor(private readonly whole: CancellationScope) {}

  get cancelled(): boolean {
    return this.whole.consideredCancelled;
  }

  /** @throws Interruption; whatever the work throws */
  async within<T>({ timeoutMs, shielded }: Bounds, work: () => Promise<T>): Promise<T> {
    if (shielded) return CancellationScope.nonCancellable(() => this.timed(timeoutMs, work, true));
    if (this.cancelled) throw new Interruption('cancelled');
    return this.timed(timeoutMs, work, false);
  }

  /** The work is left where it stands: what it waits for may take its time to end. */
  private async timed<T>(timeoutMs: number | undefined, work: () => Promise<T>, shielded: boolean): Promise<T> {
    const scope = new CancellationScope();
    const clocks = new CancellationScope();
    const ended = new Promise<never>((_resolve, reject) => {
      const endAfter = (ms: number, why: string): Promise<void> =>
        clocks.run(async () => {
          if (ms > 0) await sleep(ms, { summary: why });
          reject(new Interruption('timeout'));
          scope.cancel();
        });
      if (timeoutMs !== undefined) ignoring(endAfter(timeoutMs, 'timeout'));
      if (shielded) ignoring(this.onCancellation(() => endAfter(this.grace(), 'time to clean up')));
      else ignoring(scope.cancelRequested, () => reject(new Interruption('cancelled')));
    });
    try {
      return await Promise.race([ended, scope.run(work)]);
    } catch (error) {
      if (isCancellation(error) && scope.consideredCancelled) return await ended;
      throw error;
    } finally {
      clocks.cancel();
    }
  }

  private async onCancellation(act: () => Promise<void>): Promise<void> {
    await this.whole.cancelRequested.catch(act);
  }

  /** What is left of it. */
  private grace(): number {
    this.graceEnds ??= Date.now() + graceMs;
    return Math.max(0, this.graceEnds - Date.now());
  }
}

function ignoring(promise: Promise<unknown>, otherwise: () => void = () => undefined): void {
  void promise.catch(otherwise);
}
