/**
 * Promotions seen from outside: start one, ask how it stands, approve or reject what waits, wait for the end.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { formatDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import type { GivenAnswer, OpenApproval } from '../domain/promotion/approval.js';
import type { PromotionPlan } from '../domain/promotion/promotion.js';
import { isOver, type PromotionRecord } from '../domain/promotion/record.js';
import type { PromotionConfig } from '../schema/promotion-config.js';
import {
  decideUpdate,
  promotionQuery,
  taskQueues,
  workflowIds,
  workflowTaskTimeout,
  type PromotionInput,
  type PromotionProgress,
} from '../workflows/messages.js';
import { translating, type Subject } from './failure.js';
import { outliving } from './outage.js';
import { promotionPlan } from './promotion-plan.js';

export interface StartPromotion {
  readonly config: PromotionConfig;
  readonly who: string;
  readonly why?: string;
  /** Workflow that is sent `promotionFinished` when it ends. */
  readonly notify?: string;
  /** A name for this request: said twice under one name, one promotion starts. */
  readonly once?: string;
}

export interface PromotionFilter {
  readonly name?: string;
  readonly open?: boolean;
  readonly limit?: number;
}

interface KnownPromotion {
  readonly id: string;
  readonly number: number;
  readonly open: boolean;
  readonly once: unknown;
}

const pollMs = 300;
/** How long the state of a promotion that was just started may take to be had, in ms. */
const firstLookMs = 5000;
const mostTries = 50;
const subject = (name: string): Subject => ({
  code: 'UnknownWorkflow',
  name,
  hint: 'sloth-runner workflow list --type promotion shows the promotions there are',
});

export const promotionId = workflowIds.promotion;

export function isPromotionId(id: string): boolean {
  return /^promotion\/[\w.-]+\/\d+$/.test(id);
}

export class Promotions {
  constructor(private readonly temporal: Client) {}

  /**
   * Starts a promotion, or queues it behind the one of its pipeline that runs, and answers at once.
   * @throws GitOpsError InvalidConfig, InvalidInput
   */
  async start({ config, who, why, notify, once }: StartPromotion): Promise<PromotionRecord> {
    const plan = promotionPlan(config);
    const known = await this.numbers(plan.name);
    const same = known.find((one) => once !== undefined && one.once === once);
    if (same !== undefined) return this.get(same.id);
    const details = { who, ...(why === undefined ? {} : { why }), ...(notify === undefined ? {} : { notify }) };
    const first = Math.max(0, ...known.map(({ number }) => number)) + 1;
    const id = await this.startFrom(first, plan, details, once);
    return outliving(() => this.get(id), { until: Date.now() + firstLookMs });
  }

  /** How it stands, or how it ended. @throws UnknownWorkflow */
  async get(id: string): Promise<PromotionProgress> {
    const handle = this.temporal.workflow.getHandle(id);
    return translating(subject(id), async () => {
      const { status } = await handle.describe();
      if (status.name === 'COMPLETED') return (await handle.result()) as PromotionRecord;
      const progress = await handle.query(promotionQuery);
      return status.name === 'RUNNING' ? progress : { ...progress, status: 'failed', message: 'ended from outside' };
    });
  }

  /** How promotions stand or ended, newest first. @param filter `name`: of the pipeline; `open`: those that go on */
  async list({ name, open = false, limit = 20 }: PromotionFilter = {}): Promise<PromotionProgress[]> {
    const known = await this.numbers(name, open, limit);
    return Promise.all(known.map(({ id }) => this.get(id)));
  }

  /**
   * Says yes or no for the environment that waits.
   * @throws GitOpsError NoQuestion, PlanMismatch, NotAllowed, UnknownWorkflow
   */
  decide(id: string, answer: GivenAnswer): Promise<OpenApproval> {
    const handle = this.temporal.workflow.getHandle(id);
    return translating(subject(id), () => handle.executeUpdate(decideUpdate, { args: [answer] }));
  }

  /** Yields each state it is in, until it has ended. */
  async *follow(id: string, signal?: AbortSignal): AsyncGenerator<PromotionProgress> {
    for (let last = ''; signal?.aborted !== true; await pause(pollMs)) {
      const progress = await outliving(() => this.get(id), { signal });
      if (JSON.stringify(progress) !== last) yield progress;
      last = JSON.stringify(progress);
      if (isOver(progress)) return;
    }
  }

  /** @throws Timeout, and it goes on */
  async wait(id: string, timeoutMs?: number): Promise<PromotionRecord> {
    const deadline = timeoutMs === undefined ? Infinity : Date.now() + timeoutMs;
    for (;;) {
      const record = await outliving(() => this.get(id), { until: deadline });
      if (isOver(record)) return record;
      if (Date.now() >= deadline)
        throw new GitOpsError('Timeout', `${id} has not ended after ${formatDuration(timeoutMs ?? 0)}; it goes on`, {
          hint: `sloth-runner workflow show ${id} --follow`,
        });
      await pause(pollMs);
    }
  }

  /** Ids of those of this pipeline that are open and have smaller numbers, as visibility knows them. */
  async openBefore(name: string, number: number): Promise<string[]> {
    const known = await this.numbers(name);
    return known.filter((one) => one.open && one.number < number).map(({ id }) => id);
  }

  /** Numbers that are taken are passed over: visibility may lag behind by a second. */
  private async startFrom(
    first: number,
    plan: PromotionPlan,
    details: { who: string; why?: string; notify?: string },
    once: string | undefined,
  ): Promise<string> {
    for (let number = first; number < first + mostTries; number++) {
      const workflowId = workflowIds.promotion(plan.name, number);
      if (await this.tryStart(workflowId, { number, plan, ...details }, once)) return workflowId;
      if (once !== undefined && (await this.onceOf(workflowId)) === once) return workflowId;
    }
    throw new GitOpsError('TemporalUnavailable', `no number is free for a promotion of ${plan.name}`);
  }

  /** @returns whether the number was free */
  private async tryStart(workflowId: string, input: PromotionInput, once: string | undefined): Promise<boolean> {
    const { number, plan } = input;
    const start = this.temporal.workflow.start('promotion', {
      workflowId,
      taskQueue: taskQueues.engine,
      workflowTaskTimeout,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      memo: once === undefined ? {} : { once },
      staticSummary: `promotion ${number}: ${[plan.source, ...plan.targets].map(({ app }) => app).join(' -> ')}`,
    });
    return translating(subject(workflowId), () => start.then(() => true, takenMeansFalse));
  }

  private async onceOf(id: string): Promise<unknown> {
    const { memo } = await translating(subject(id), () => this.temporal.workflow.getHandle(id).describe());
    return memo?.['once'];
  }

  /** As visibility knows them, newest first. */
  private async numbers(name?: string, open = false, limit = Infinity): Promise<KnownPromotion[]> {
    const clauses = [
      'WorkflowType = "promotion"',
      ...(name === undefined ? [] : [`WorkflowId STARTS_WITH "promotion/${name.replace(/[^\w.-]/g, '')}/"`]),
      ...(open ? ['ExecutionStatus = "Running"'] : []),
    ];
    const found: KnownPromotion[] = [];
    await translating(subject(name ?? 'list'), async () => {
      for await (const info of this.temporal.workflow.list({ query: clauses.join(' AND ') })) {
        const { workflowId: id, status, memo } = info;
        found.push({ id, number: Number(id.split('/')[2]), open: status.name === 'RUNNING', once: memo?.['once'] });
        if (found.length >= limit) break;
      }
    });
    return found;
  }
}

function takenMeansFalse(error: unknown): false {
  if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
  throw error;
}
