/**
 * One measured act: its wall time, the CPU of the processes that did it, and the requests it made.
 */
import type { AuditLog, RequestCounts } from './audit-log.js';
import { memoryOf, resetPeak, totalCpu } from './process-cost.js';

export interface Measurement {
  readonly seconds: number;
  readonly cpuSeconds: Readonly<Record<string, number>>;
  /** Highest resident memory of the first process during the act. */
  readonly peakMb: number;
  readonly requests: RequestCounts;
}

export interface Observed {
  /** By name; the first one's memory is looked at as well. */
  readonly pids: Readonly<Record<string, number>>;
  readonly audit?: AuditLog;
  /** Whose requests. */
  readonly user?: string;
}

export async function measure(act: () => Promise<unknown>, { pids, audit, user }: Observed): Promise<Measurement> {
  const [first = 0] = Object.values(pids);
  resetPeak(first);
  const mark = audit?.mark() ?? 0;
  const before = cpuOfAll(pids);
  const began = performance.now();
  await act();
  const seconds = (performance.now() - began) / 1000;
  const after = cpuOfAll(pids);
  return {
    seconds,
    cpuSeconds: Object.fromEntries(Object.keys(pids).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)])),
    peakMb: memoryOf(first).peakMb,
    requests: audit?.countSince(mark, user ?? '') ?? {},
  };
}

function cpuOfAll(pids: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, totalCpu(pid)]));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, n) => total + n, 0);
}
