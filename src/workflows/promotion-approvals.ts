/**
 * The yes or no of a person to one environment of a promotion. Waiting is an open condition: no worker slot, for months
 * if need be.
 */
import { condition } from '@temporalio/workflow';
import { checkAnswer, type GivenAnswer, type OpenApproval } from '../domain/promotion/approval.js';
import type { ApprovalRule } from '../domain/promotion/promotion.js';
import type { Decision } from '../domain/promotion/record.js';
import { phaseFailure } from './phase-failure.js';
import { failureOf } from './retry.js';

export class PromotionApprovals {
  private open: OpenApproval | undefined;
  private decision: Decision | undefined;

  constructor(private readonly requestedBy: string) {}

  shown(): { approval?: OpenApproval } {
    return this.open === undefined ? {} : { approval: this.open };
  }

  async ask(app: string, revision: string, rule: ApprovalRule): Promise<Decision> {
    const { expiresMs } = rule;
    const until = expiresMs === undefined ? {} : { until: new Date(Date.now() + expiresMs).toISOString() };
    this.open = { app, revision, requestedBy: this.requestedBy, rule, ...until };
    this.decision = undefined;
    const decided = (): boolean => this.decision !== undefined;
    try {
      if (expiresMs === undefined) await condition(decided);
      else await condition(decided, expiresMs);
    } finally {
      this.open = undefined;
    }
    return (
      this.decision ?? { approved: false, by: 'nobody', reason: 'no answer in time', at: new Date().toISOString() }
    );
  }

  /** @throws what `checkAnswer` throws */
  check(answer: GivenAnswer): void {
    try {
      checkAnswer(this.decision === undefined ? this.open : undefined, answer);
    } catch (error) {
      const { code, message, hint } = failureOf(error);
      throw phaseFailure(code, message, hint);
    }
  }

  decide({ approve, by, reason }: GivenAnswer): OpenApproval {
    const { open } = this;
    if (open === undefined) throw new Error('the validator lets answers through only while somebody asks');
    const at = new Date().toISOString();
    this.decision = { approved: approve, by, at, ...(reason === undefined ? {} : { reason }) };
    return open;
  }
}
