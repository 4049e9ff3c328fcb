/**
 * A plan: what a script would do, as data. `src/schema/plan.ts` checks it where it is read from a file.
 */
import type { Data, Place } from '../host.js';

/** How a step was answered; which of these a call can have is in `answers.ts`. */
export type Answer =
  'success' | 'failure' | 'outage' | 'degraded' | 'unchanged' | 'changes' | 'conflicts' | 'empty' | 'timer';

export interface PlannedStep extends Place {
  /** Counts the steps of the plan from 1, then the alternatives. */
  readonly number: number;
  /** `gitops.sync_workflow` ..., or `timer`. */
  readonly call: string;
  /** Secrets are references. */
  readonly arguments: readonly Data[];
  readonly summary: string;
  /** Line of the script; 0 for a timer. */
  readonly line: number;
  readonly answer: Answer;
  /** `live`: the engine was asked. */
  readonly source: 'assumed' | 'live';
  /** The id it was answered with is a stand-in: the real one cannot be known before the run. */
  readonly standIn?: boolean;
  /** Whether it hangs on an answer: some run that ends well does without it (docs/decisions/0002-plan.md). */
  readonly assumed: boolean;
  /** Steps whose answer decides it. */
  readonly hangsOn: readonly number[];
}

/** `answer` is set where it is not the answer the plan assumes. */
export interface Transition {
  readonly from: number | 'start';
  readonly to: number | 'end';
  readonly answer?: Answer;
}

export interface PlannedTask {
  readonly name: string;
  readonly description?: string;
  readonly dependsOn: readonly string[];
  readonly retries: number;
  readonly backoff?: string;
  readonly timeout?: string;
  readonly hooks: readonly string[];
  /** Numbers of its steps, those of its hooks included. */
  readonly steps: readonly number[];
}

export interface PlannedWorkflow {
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly hooks: readonly string[];
  /** In the order they run. */
  readonly tasks: readonly PlannedTask[];
  /** Dependencies: `to` waits for `from`. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface PlanEnd {
  /** `open`: the script was still going on when the plan was cut off. */
  readonly status: 'succeeded' | 'failed' | 'open';
  readonly message?: string;
}

export interface PlanDocument {
  readonly apiVersion: 'sloth-runner.dev/v1';
  readonly kind: 'Plan';
  readonly version: 1;
  readonly script: { readonly name: string; readonly sha256: string };
  readonly luaAbi: number;
  /** sha256 over the values and parameters. */
  readonly valuesDigest: string;
  readonly live: boolean;
  /** What the script does under the assumed answers, in order. */
  readonly steps: readonly PlannedStep[];
  /** What it does only under other answers. */
  readonly alternatives: readonly PlannedStep[];
  /** Which step may follow which: what a run performs is a path through these. */
  readonly transitions: readonly Transition[];
  readonly workflows: readonly PlannedWorkflow[];
  readonly end: PlanEnd;
  /** `complete`: every answer of every step was tried once. */
  readonly explored: { readonly runs: number; readonly complete: boolean };
  readonly warnings: readonly string[];
}
