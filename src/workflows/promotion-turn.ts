/**
 * Promotions of one pipeline go one after the other, each a workflow of its own: the next one asks the one before it
 * to be told when that is over. One that cannot be asked is over.
 */
import { condition, getExternalWorkflowHandle, isCancellation, workflowInfo } from '@temporalio/workflow';
import { tellWhenOverSignal, workflowIds, yourTurnSignal, type PromotionInput } from './messages.js';
import { quickStep } from './steps.js';

/** One that was terminated tells nobody. */
const firstLookMs = 60_000;
const longestLookMs = 3_600_000;

export class PromotionTurn {
  private called = false;
  private readonly successors = new Set<string>();

  constructor(private readonly input: PromotionInput) {}

  remember(workflowId: string): void {
    this.successors.add(workflowId);
  }

  come(): void {
    this.called = true;
  }

  /** Until no earlier one is under way: the one right before, and those that it waited for when it was cancelled. */
  async wait(): Promise<void> {
    const { number, plan } = this.input;
    if (number > 1) await this.until(workflowIds.promotion(plan.name, number - 1));
    if (number < 3) return;
    const open = await quickStep(`look for earlier promotions of ${plan.name}`).openPromotions({
      name: plan.name,
      number,
    });
    for (const id of open) await this.until(id);
  }

  private async until(id: string): Promise<void> {
    this.called = false;
    for (let pause = firstLookMs; ; pause = Math.min(pause * 2, longestLookMs)) {
      if (!(await isOpen(id)) || (await condition(() => this.called, pause))) return;
    }
  }

  async passOn(): Promise<void> {
    for (const id of this.successors) {
      this.successors.delete(id);
      await getExternalWorkflowHandle(id)
        .signal(yourTurnSignal)
        .catch(() => undefined);
    }
  }
}

async function isOpen(id: string): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(id).signal(tellWhenOverSignal, { workflowId: workflowInfo().workflowId });
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
}
