/**
 * Who may say yes to a promotion, and to what.
 */
import { GitOpsError } from '../errors.js';
import type { ApprovalRule } from './promotion.js';

/** A stage that waits for a person. */
export interface OpenApproval {
  readonly app: string;
  readonly revision: string;
  readonly requestedBy: string;
  readonly rule: ApprovalRule;
  /** RFC 3339: when it is taken for a refusal. */
  readonly until?: string;
}

export interface GivenAnswer {
  readonly approve: boolean;
  readonly by: string;
  readonly reason?: string;
  /** The commit that is approved, or the start of it: another one is not what was seen. */
  readonly revision?: string;
}

/** @throws GitOpsError NoQuestion, PlanMismatch, NotAllowed */
export function checkAnswer(open: OpenApproval | undefined, { approve, by, revision }: GivenAnswer): void {
  if (open === undefined)
    throw new GitOpsError('NoQuestion', 'no environment of this promotion waits for an approval now', {
      hint: 'sloth-runner workflow show ID shows how it stands',
    });
  if (revision !== undefined && !open.revision.startsWith(revision.toLowerCase()))
    throw new GitOpsError('PlanMismatch', `${open.app} waits for ${open.revision.slice(0, 8)}, not for ${revision}`, {
      hint: `approve ${open.revision.slice(0, 8)}, or reject it`,
    });
  if (approve && open.rule.twoPerson && by === open.requestedBy)
    throw new GitOpsError('NotAllowed', `${by} asked for this promotion, so somebody else has to approve it`, {
      hint: 'two_person = true: ask a colleague',
    });
}
