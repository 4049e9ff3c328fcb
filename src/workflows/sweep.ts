/**
 * One tick of auto-sync, started by a Temporal Schedule: asks many repositories at once where their branches stand
 * and wakes only those that moved.
 */
import type { SweepInput } from './messages.js';
import { longStep } from './steps.js';

export interface SweepResult {
  readonly repositories: number;
  readonly moved: number;
  /** Preview environments that came and went; absent when there was nothing to do. */
  readonly previews?: { readonly created: number; readonly removed: number };
  /** One line for each repository that did not answer, and each preview that could not be made, at most 20. */
  readonly unreachable: readonly string[];
}

export async function sweep({ intervalMs }: SweepInput): Promise<SweepResult> {
  return longStep('git ls-remote of every repository with subscribers').sweepRepositories({ intervalMs });
}
