/**
 * What a promotion keeps of itself: the record that its query shows and its end returns, and the table in Temporal's UI.
 */
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { StageFacts, StageSet } from '../domain/promotion/promotion.js';
import type { PromotionRecord, PromotionStatus, StageRecord } from '../domain/promotion/record.js';
import type { PromotionInput } from './messages.js';
import { promotionDetails } from './promotion-details.js';
import { promotionAttributes } from './search-attributes.js';

export class PromotionJournal {
  private kept: PromotionRecord;

  constructor({ plan, number, who, why }: PromotionInput) {
    const waiting = (app: string): StageRecord => ({ app, status: 'pending', message: '' });
    this.kept = {
      id: workflowInfo().workflowId,
      name: plan.name,
      number,
      status: 'waiting',
      message: 'waits for the promotion before it',
      who,
      ...(why === undefined ? {} : { why }),
      startedAt: workflowInfo().startTime.toISOString(),
      stages: [plan.source, ...plan.targets].map(({ app }) => waiting(app)),
    };
    this.update({});
  }

  record(): PromotionRecord {
    return this.kept;
  }

  at(index: number): StageRecord {
    const stage = this.kept.stages[index];
    if (stage === undefined) throw new Error(`a promotion of ${this.kept.stages.length} stages has no stage ${index}`);
    return stage;
  }

  nameOf(index: number): string {
    return this.at(index).app;
  }

  names(): string[] {
    return this.kept.stages.map(({ app }) => app);
  }

  begin(): void {
    this.update({ status: 'running', message: 'looks at the environments' });
  }

  chosen({ revision }: StageSet): void {
    this.update({ revision, message: `promotes ${revision.slice(0, 8)}` });
    upsertSearchAttributes(promotionAttributes(this.kept));
  }

  named(index: number, { name, environment }: StageFacts): void {
    this.stage(index, { app: name, ...(environment === undefined ? {} : { environment }) });
  }

  stage(index: number, change: Partial<StageRecord>): void {
    const stages = this.kept.stages.map((stage, i) => (i === index ? { ...stage, ...change } : stage));
    this.update({ stages });
  }

  succeed(message: string): void {
    this.end('succeeded', message);
  }

  end(status: PromotionStatus, message: string, errorCode?: string): void {
    const code = errorCode === undefined ? {} : { errorCode };
    this.update({ status, message, ...code, finishedAt: new Date().toISOString() });
    upsertSearchAttributes(promotionAttributes(this.kept));
  }

  private update(change: Partial<PromotionRecord>): void {
    this.kept = { ...this.kept, ...change };
    setCurrentDetails(promotionDetails(this.kept));
  }
}
