/**
 * Numbers a script counts, added up: one series for each name and set of tags. They are part of the run's result, so
 * their number is bounded.
 */
export type MetricKind = 'counter' | 'gauge' | 'histogram' | 'timer';

export interface Metric {
  readonly name: string;
  readonly kind: MetricKind;
  readonly tags?: Readonly<Record<string, string>>;
  /** Sum of a counter, last value of a gauge. */
  readonly value?: number;
  /** Of histograms and timers; timers in ms. */
  readonly count?: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
}

const seriesLimit = 200;

const added: Readonly<Record<MetricKind, (before: Metric, value: number) => Metric>> = {
  counter: (before, value) => ({ ...before, value: (before.value ?? 0) + value }),
  gauge: (before, value) => ({ ...before, value }),
  histogram: spread,
  timer: spread,
};

function spread(before: Metric, value: number): Metric {
  const { count = 0, sum = 0, min = value, max = value } = before;
  return { ...before, count: count + 1, sum: sum + value, min: Math.min(min, value), max: Math.max(max, value) };
}

export class MetricBook {
  private readonly series = new Map<string, Metric>();
  private lost = false;

  /** @returns the sum of a counter, else the value; undefined when there are too many series */
  record(kind: MetricKind, name: string, value: number, tags: Readonly<Record<string, string>>): number | undefined {
    const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([kind, name, sorted]);
    const before = this.series.get(key) ?? { name, kind, ...(sorted.length === 0 ? {} : { tags }) };
    if (!this.series.has(key) && this.series.size >= seriesLimit) {
      this.lost = true;
      return undefined;
    }
    const after = added[kind](before, value);
    this.series.set(key, after);
    return after.value ?? value;
  }

  /** In the order they were first recorded. */
  all(): readonly Metric[] {
    return [...this.series.values()];
  }

  get warning(): string | undefined {
    return this.lost ? `more than ${seriesLimit} metrics were recorded: the further ones are lost` : undefined;
  }
}
