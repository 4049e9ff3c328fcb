/**
 * Requests a second, with a burst (the generic cell rate algorithm): each asker is told when its turn is.
 */
export class RateLimit {
  private readonly intervalMs: number;
  private readonly toleranceMs: number;
  /** When the bucket would be full again, had nobody asked; on the clock of `now`. */
  private fullAt = -Infinity;

  /** @param now in ms */
  constructor(
    { qps, burst = Math.max(1, Math.round(qps * 2)) }: { readonly qps: number; readonly burst?: number | undefined },
    private readonly now: () => number = () => performance.now(),
  ) {
    this.intervalMs = 1000 / qps;
    this.toleranceMs = (burst - 1) * this.intervalMs;
  }

  /** @returns the moment from which the caller may go, on the clock of `now` */
  reserve(): number {
    const now = this.now();
    const due = Math.max(this.fullAt, now);
    this.fullAt = due + this.intervalMs;
    return Math.max(now, due - this.toleranceMs);
  }
}
