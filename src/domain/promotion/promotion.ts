/**
 * A promotion: one commit, live and healthy in one environment, goes to the next ones in their order, each behind its
 * gates. An environment is an application; a stage is what a promotion wants of it.
 */
import type { RetryPolicy } from '../application.js';
import type { Digest } from '../digest.js';
import type { ExternalCheck } from '../health/external-checks.js';
import type { Target } from '../target.js';

export interface PromotionPlan {
  /** Name of the pipeline: its promotions go one after the other. */
  readonly name: string;
  /** A commit, or the start of one, that the source has had live and healthy; absent for the one it runs. */
  readonly revision?: string;
  readonly source: Stage;
  readonly targets: readonly Stage[];
  readonly onFailure: 'stop' | 'rollback';
  readonly carry: Carry;
}

/** What moves: the commit, rendered anew by each environment, or the very set the source runs, moved to the target's namespace. */
export type Carry = 'commit' | 'set';

export interface Stage {
  /** Name or id of the application. */
  readonly app: string;
  /** Asked for before the environment is touched; never of the source. */
  readonly approval?: ApprovalRule;
  /** For how long it must be healthy without a break before the promotion goes on. */
  readonly holdMs: number;
  /** What is asked besides the objects, once these are healthy. */
  readonly checks: readonly ExternalCheck[];
  /** How long hold and checks together may take. */
  readonly timeoutMs: number;
}

export interface ApprovalRule {
  /** An answer that has not come by then is a refusal. */
  readonly expiresMs?: number;
  /** Whoever asked for the promotion may not approve it. */
  readonly twoPerson?: true;
}

/** A set that was live and healthy. */
export interface StageSet {
  readonly sync: number;
  readonly revision: string;
  readonly manifests: Digest;
}

/** What a promotion must know of an application. */
export interface StageFacts {
  readonly id: string;
  readonly name: string;
  readonly environment?: string;
  readonly repository: string;
  /** It is made of more sources than that one. */
  readonly further?: true;
  readonly autoSync: boolean;
  readonly status: string;
  /** Of its last sync. */
  readonly message?: string;
  /** The commit it stands on. */
  readonly revision?: string;
  /** Oldest first. */
  readonly healthy: readonly StageSet[];
  readonly target: Target;
  readonly retry: RetryPolicy;
}
