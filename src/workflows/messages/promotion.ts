/**
 * What a promotion starts with, shows and hears.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { GivenAnswer, OpenApproval } from '../../domain/promotion/approval.js';
import type { PromotionPlan } from '../../domain/promotion/promotion.js';
import type { PromotionRecord } from '../../domain/promotion/record.js';

export interface PromotionInput {
  /** 1, 2, 3 ... of one pipeline; each waits for the one before it. */
  readonly number: number;
  readonly plan: PromotionPlan;
  readonly who: string;
  readonly why?: string;
  /** Workflow that is sent `promotionFinished` when this promotion ends. */
  readonly notify?: string;
}

export interface PromotionProgress extends PromotionRecord {
  /** Waits for a person. */
  readonly approval?: OpenApproval;
}

export const promotionQuery = defineQuery<PromotionProgress>('promotion');
export const decideUpdate = defineUpdate<OpenApproval, [GivenAnswer]>('decide');
export const promotionFinishedSignal = defineSignal<[PromotionRecord]>('promotionFinished');
/** The next promotion of the pipeline wants to hear when this one is over. */
export const tellWhenOverSignal = defineSignal<[{ workflowId: string }]>('tellWhenOver');
export const yourTurnSignal = defineSignal('yourTurn');
