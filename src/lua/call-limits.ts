/**
 * How many calls a run may make, and how much they may carry: a history has an end, and a run that reaches it is
 * terminated by Temporal without a word.
 */
export interface CallLimit {
  readonly calls: number;
  readonly callBytes: number;
}

const warnAt = 0.8;

const advice =
  'split it: several scripts, or one run for each application (sloth-runner run --param app=NAME), so that each has a history of its own';

export class CallCount {
  private calls = 0;
  private bytes = 0;
  private warned = false;

  constructor(
    private readonly limit: CallLimit,
    private readonly warn: (text: string) => void,
  ) {}

  /** @returns why the run is over, when that was too much */
  add(bytes: number): { why: string; hint: string } | undefined {
    this.calls++;
    this.carry(bytes);
    if (this.calls <= this.limit.calls && this.bytes <= this.limit.callBytes) return undefined;
    return { why: `the script has made ${this.most()}, the most of one run`, hint: advice };
  }

  /** An answer. */
  carry(bytes: number): void {
    this.bytes += bytes;
    const { calls, callBytes } = this.limit;
    if (this.warned || (this.calls < calls * warnAt && this.bytes < callBytes * warnAt)) return;
    this.warned = true;
    this.warn(
      `the script has made ${this.calls} calls that carry ${mebibytes(this.bytes)}; a run ends at ${calls} calls or ${mebibytes(callBytes)}: ${advice}`,
    );
  }

  private most(): string {
    const { calls, callBytes } = this.limit;
    return this.calls > calls ? `${calls} calls` : `calls that carry ${mebibytes(callBytes)}`;
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
