/**
 * Checks beyond objects: does the address answer, is the error rate low, what does a script of the user's think. What was
 * measured, and what a row of measurements comes to, is decided here; who asks whom is not.
 *
 * Rows end as those of Argo Rollouts do: more failures than allowed fail a check at once, whatever comes after; a metric
 * that could not be asked for is an error, and errors count only when they come in a row.
 * https://argo-rollouts.readthedocs.io/en/stable/features/analysis
 */
import type { Verdict } from './status.js';

interface Repetition {
  /** As people see it in messages. */
  readonly name: string;
  readonly intervalMs: number;
  /** Measurements that make a verdict. */
  readonly count: number;
  /** Failed measurements that are put up with. */
  readonly failureLimit: number;
  /** Of one measurement. */
  readonly timeoutMs: number;
}

export interface HttpCheck extends Repetition {
  readonly type: 'http';
  readonly url: string;
  readonly method: string;
  /** `200`, `2xx`. */
  readonly expectStatus: readonly string[];
  readonly bodyContains?: string;
  /** Values may be, or end in, a secret reference: `secret:token`, `Bearer secret:token`. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface MetricCheck extends Repetition {
  readonly type: 'metric';
  readonly provider: 'prometheus';
  readonly url: string;
  readonly query: string;
  readonly threshold: Threshold;
  readonly headers: Readonly<Record<string, string>>;
}

export interface LuaCheck extends Repetition {
  readonly type: 'lua';
  /** `objects` in, `{status, message}` out. */
  readonly script: string;
}

export type ExternalCheck = HttpCheck | MetricCheck | LuaCheck;

export interface Threshold {
  readonly min?: number;
  readonly max?: number;
}

/** One measurement. `waiting` counts for nothing: it is too early to tell. */
export interface Measurement {
  readonly outcome: 'passed' | 'failed' | 'error' | 'waiting';
  readonly message: string;
}

const passed = (message = ''): Measurement => ({ outcome: 'passed', message });
const failed = (message: string): Measurement => ({ outcome: 'failed', message });
export const measurementError = (message: string): Measurement => ({ outcome: 'error', message });

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export function measureHttp(check: HttpCheck, { status, body }: Answer): Measurement {
  if (!check.expectStatus.some((wanted) => matchesStatus(wanted, status)))
    return failed(`${check.url} answered ${status}, expected ${check.expectStatus.join(' or ')}`);
  if (check.bodyContains !== undefined && !body.includes(check.bodyContains))
    return failed(`the answer of ${check.url} does not contain '${check.bodyContains}'`);
  return passed(`${check.url} answered ${status}`);
}

function matchesStatus(wanted: string, status: number): boolean {
  return wanted.endsWith('xx') ? wanted[0] === String(status)[0] : wanted === String(status);
}

/** An address that does not answer is what an HTTP check is there to find. */
export function unreachable(check: HttpCheck, why: string): Measurement {
  return failed(`${check.url} does not answer: ${why}`);
}

/** Every series has to lie within the threshold; none at all is a failure, for nobody measured anything. */
export function measureMetric({ query, threshold }: MetricCheck, { status, body }: Answer): Measurement {
  const values = status === 200 ? sampleValues(body) : undefined;
  if (values === undefined)
    return measurementError(`the query was answered with ${status}: ${parseAnswer(body)?.error ?? 'no result in it'}`);
  if (values.length === 0) return failed(`${query} has no values`);
  const bad = values.find((value) => !isWithin(value, threshold));
  return bad === undefined ? passed(`${query} is ${values[0]}`) : failed(`${query} is ${bad}, ${expected(threshold)}`);
}

function isWithin(value: number, { min = -Infinity, max = Infinity }: Threshold): boolean {
  return value >= min && value <= max;
}

function expected({ min, max }: Threshold): string {
  const bounds = [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])];
  return `expected ${bounds.join(' and ')}`;
}

interface QueryAnswer {
  readonly status?: string;
  readonly error?: string;
  readonly data?: { readonly resultType?: string; readonly result?: unknown };
}

/** https://prometheus.io/docs/prometheus/latest/querying/api/#expression-query-result-formats; undefined for no such thing. */
function sampleValues(body: string): number[] | undefined {
  const { status, data } = parseAnswer(body) ?? {};
  if (status !== 'success' || !Array.isArray(data?.result)) return undefined;
  const samples: readonly unknown[] =
    data.resultType === 'scalar' ? [data.result] : data.result.map((s) => (s as { value?: unknown } | null)?.value);
  return samples
    .flatMap((sample) => (Array.isArray(sample) ? [Number(sample[1])] : []))
    .filter((v) => !Number.isNaN(v));
}

function parseAnswer(body: string): QueryAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** A script may say that it is too early to tell. */
export function measureVerdict({ status, message }: Verdict): Measurement {
  if (status === 'Healthy' || status === 'Suspended') return passed(message);
  if (status === 'Progressing' || status === 'Missing') return { outcome: 'waiting', message };
  return failed(message || `the script says ${status}`);
}

/** More errors than that in a row, and nobody knows anything. */
const errorsInARow = 4;

export type RowVerdict = 'going on' | 'passed' | 'failed';

/** A row of measurements of one check. */
export class MeasurementRow {
  private counted = 0;
  private failures = 0;
  private errors = 0;
  private lastBad = '';
  private last = 'it was not measured yet';

  constructor(private readonly check: Repetition) {}

  add({ outcome, message }: Measurement): RowVerdict {
    this.last = message;
    this.errors = outcome === 'error' ? this.errors + 1 : 0;
    if (outcome === 'waiting') return 'going on';
    if (outcome !== 'passed') this.lastBad = message;
    if (outcome !== 'error') this.counted += 1;
    if (outcome === 'failed') this.failures += 1;
    return this.verdict();
  }

  private verdict(): RowVerdict {
    if (this.failures > this.check.failureLimit || this.errors > errorsInARow) return 'failed';
    return this.counted >= this.check.count ? 'passed' : 'going on';
  }

  /** Why it failed, or what it still waits for. */
  explain(): string {
    const { count, failureLimit } = this.check;
    if (this.verdict() !== 'failed') return `${this.counted} of ${count} measurements: ${this.last}`;
    const more = failureLimit > 0 ? ` (${this.failures} failures, ${failureLimit} allowed)` : '';
    return this.lastBad + more;
  }
}
