/**
 * One tick of auto-sync, started by a Temporal Schedule: asks many repositories at once where their branches stand
 * and wakes only those that moved.
 */
import type { SweepInput } from './messages.js';
import { longStep } from './steps.js';

export interface SweepResult {
  readonly repositories: number;
  readonly moved: number;
  /** One line for each repository that did not answer, at most 20. */
  readonly unreachable: readonly string[];
}

export async function sweep({ intervalMs }: SweepInput): Promise<SweepResult> {
  return longStep('git ls-remote of every repository with subscribers').sweepRepositories({ intervalMs });
}
