/**
 * What a promotion asks of others, one method each: facts about an environment, its sync and rollback, and what its
 * gates measure.
 */
import { workflowInfo } from '@temporalio/workflow';
import type { RetryPolicy } from '../domain/application.js';
import { errorRules, isErrorCode } from '../domain/errors.js';
import type { ExternalCheck, Measurement } from '../domain/health/external-checks.js';
import type { Look } from '../domain/promotion/hold.js';
import type { Stage, StageFacts, StageSet } from '../domain/promotion/promotion.js';
import type { SyncRecord } from '../domain/sync-record.js';
import type { PromotionInput, SyncRequest, SyncTicket } from './messages.js';
import { failureOf, withRetries } from './retry.js';
import { briefStep, quickStep } from './steps.js';
import { SyncAnswers } from './sync-answers.js';

/** Temporal itself does not answer: nothing of the environment's is to blame. */
const outages: RetryPolicy = { limit: 20, strategy: 'exponential', initialMs: 1000, factor: 2, maximumMs: 60_000 };

export class PromotionSteps {
  readonly answers = new SyncAnswers();

  constructor(private readonly input: PromotionInput) {}

  stage(index: number): Stage {
    const { source, targets } = this.input.plan;
    const stage = [source, ...targets][index];
    if (stage === undefined) throw new Error(`the plan has no stage ${index}`);
    return stage;
  }

  look(index: number): Promise<StageFacts> {
    const { app } = this.stage(index);
    const summary = `look at ${app}`;
    return withRetries(outages, summary, () => briefStep(summary, (a) => a.readStage({ app })));
  }

  async sync(index: number, { id, name }: StageFacts, source: StageFacts, set: StageSet): Promise<SyncRecord> {
    const summary = `${name}: sync ${set.revision.slice(0, 8)} from ${source.name}`;
    const moved = this.input.plan.carry === 'set' ? { set: { manifests: set.manifests, from: source.target } } : {};
    const request = { revision: set.revision, ...this.requester(`from ${source.name}`), ...moved };
    return this.settled(id, index, 'sync', (once) =>
      withRetries(outages, summary, () => quickStep(summary).requestSync({ app: id, request, once })),
    );
  }

  async rollback(index: number, sync: string, why: string): Promise<SyncRecord> {
    const { id, name } = await this.look(index);
    const summary = `${name}: back to ${sync}`;
    const request = { ...this.requester(why), target: { to: 'sync', sync } } as const;
    return this.settled(id, index, 'rollback', (once) =>
      withRetries(outages, summary, () => quickStep(summary).requestRollback({ app: id, request, once })),
    );
  }

  /** How healthy it is now. An outage says nothing about it. */
  async healthOf({ id, name, target }: StageFacts): Promise<Look> {
    const at = Date.now();
    try {
      const look = await briefStep(`look whether ${name} is healthy`, (a) => a.lookAtStage({ app: id, target }));
      return { ...look, at };
    } catch (error) {
      const { code, message } = failureOf(error);
      if (!isErrorCode(code) || !errorRules[code].retryable) throw error;
      return { at, health: 'Unknown', message };
    }
  }

  measure(check: ExternalCheck, { name, target }: StageFacts): Promise<Measurement> {
    return briefStep(`${name}: measure ${check.name}`, (a) => a.measureCheck({ check, target }));
  }

  private async settled(
    app: string,
    index: number,
    what: string,
    ask: (once: string) => Promise<SyncTicket>,
  ): Promise<SyncRecord> {
    const { sync } = await ask(`${workflowInfo().runId}/${what}-${index}`);
    const look = (): Promise<SyncRecord | undefined> => quickStep(`look how ${sync} stands`).findSync({ app, sync });
    const record = await this.answers.waitFor(app, sync, look);
    if (record === undefined) throw new Error('without a time limit there is a record in the end');
    return record;
  }

  private requester(why: string): Pick<SyncRequest, 'who' | 'why' | 'trigger' | 'notify'> {
    const id = workflowInfo().workflowId;
    return { trigger: 'promotion', who: this.input.who, why: `${id}: ${why}`, notify: id };
  }
}
