/**
 * One look for drift in a cluster, started by a Temporal Schedule: only applications that differ from what they should
 * be, and do not know it yet, are woken. With a name, one application that somebody asks about.
 */
import type { Drift } from '../domain/drift/drift.js';
import type { DriftSweepInput } from './messages.js';
import { longStep } from './steps.js';

export interface DriftSweepResult {
  /** Those of which is known what should be live. */
  readonly applications: number;
  /** Of these, compared object by object; the others are as they were at the last look. */
  readonly compared: number;
  /** At most 20. */
  readonly drifted: readonly ({ readonly name: string } & Drift)[];
  /** What could not be looked at, and so gives no verdict; at most 20 lines. */
  readonly unknown: readonly string[];
}

export async function driftSweep(input: DriftSweepInput): Promise<DriftSweepResult> {
  const what = input.app === undefined ? `every application in ${input.cluster}` : input.app;
  return longStep(`look for drift: ${what}`, { heartbeatTimeout: '30s' }).sweepDrift(input);
}
