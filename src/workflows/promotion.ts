/**
 * One promotion: a commit that is live and healthy in the first environment goes to the next ones in their order, each
 * behind its gates. `promotion/<name>/<n>`; of one name one at a time, in the order of their numbers.
 *
 * It changes nothing itself: every sync and rollback is asked of the application's own workflow. Ends with a
 * PromotionRecord whatever happens.
 */
import { CancellationScope, getExternalWorkflowHandle, isCancellation, setHandler } from '@temporalio/workflow';
import { chooseSet, isThere, refuseTarget } from '../domain/promotion/choice.js';
import type { StageFacts, StageSet } from '../domain/promotion/promotion.js';
import { changed, statusAfterUndo, toUndo, type PromotionRecord } from '../domain/promotion/record.js';
import {
  decideUpdate,
  promotionFinishedSignal,
  promotionQuery,
  syncFinishedSignal,
  tellWhenOverSignal,
  yourTurnSignal,
  type PromotionInput,
} from './messages.js';
import { phaseFailure } from './phase-failure.js';
import { PromotionApprovals } from './promotion-approvals.js';
import { PromotionGates } from './promotion-gates.js';
import { PromotionJournal } from './promotion-journal.js';
import { PromotionSteps } from './promotion-steps.js';
import { PromotionTurn } from './promotion-turn.js';
import { failureOf } from './retry.js';

export async function promotion(input: PromotionInput): Promise<PromotionRecord> {
  const run = new PromotionRun(input);
  run.listen();
  await run.carryOut();
  return CancellationScope.nonCancellable(() => run.end());
}

class PromotionRun {
  private readonly journal: PromotionJournal;
  private readonly turn: PromotionTurn;
  private readonly steps: PromotionSteps;
  private readonly approvals: PromotionApprovals;
  private readonly gates: PromotionGates;
  /** Index of the stage that is at work. */
  private current = 0;

  constructor(private readonly input: PromotionInput) {
    this.journal = new PromotionJournal(input);
    this.turn = new PromotionTurn(input);
    this.steps = new PromotionSteps(input);
    this.approvals = new PromotionApprovals(input.who);
    this.gates = new PromotionGates(this.steps, this.journal);
  }

  listen(): void {
    setHandler(promotionQuery, () => ({ ...this.journal.record(), ...this.approvals.shown() }), {
      description: 'How far it has come',
    });
    setHandler(decideUpdate, (answer) => this.approvals.decide(answer), {
      validator: (answer) => this.approvals.check(answer),
      description: 'Approve or reject the environment that waits',
    });
    setHandler(syncFinishedSignal, (finished) => this.steps.answers.finished(finished), {
      description: 'A sync this promotion asked for has ended',
    });
    setHandler(tellWhenOverSignal, ({ workflowId }) => this.turn.remember(workflowId), {
      description: 'The next promotion waits for this one',
    });
    setHandler(yourTurnSignal, () => this.turn.come(), { description: 'The promotion before this one is over' });
  }

  async carryOut(): Promise<void> {
    try {
      await this.turn.wait();
      this.journal.begin();
      await this.promote();
    } catch (error) {
      const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
      await CancellationScope.nonCancellable(() => this.failed(error, cancelled));
    }
  }

  private async promote(): Promise<void> {
    const { plan } = this.input;
    const source = await this.look(0);
    const set = chooseSet(source, plan.revision);
    for (let index = 1; index <= plan.targets.length; index++) refuseTarget(source, await this.look(index), plan.carry);
    this.journal.chosen(set);
    this.current = 0;
    await this.gates.pass(0, source, set);
    for (let index = 1; index <= plan.targets.length; index++) await this.into(index, source, set);
    this.journal.succeed(`${set.revision.slice(0, 8)} runs in ${this.journal.names().join(', ')}`);
  }

  /** One environment: approved, synced, healthy for as long as it must be. */
  private async into(index: number, source: StageFacts, set: StageSet): Promise<void> {
    this.current = index;
    await this.approval(index, set);
    const facts = await this.look(index);
    refuseTarget(source, facts, this.input.plan.carry);
    if (isThere(facts, set)) this.journal.stage(index, { message: `it ran ${set.revision.slice(0, 8)} before` });
    else await this.sync(index, source, facts, set);
    await this.gates.pass(index, facts, set);
  }

  private async approval(index: number, set: StageSet): Promise<void> {
    const { approval: rule } = this.steps.stage(index);
    if (rule === undefined) return;
    this.journal.stage(index, { status: 'awaiting approval', message: `to take ${set.revision.slice(0, 8)}` });
    const decision = await this.approvals.ask(this.journal.nameOf(index), set.revision, rule);
    const because = decision.reason === undefined ? '' : `: ${decision.reason}`;
    this.journal.stage(index, { approval: decision });
    if (decision.approved) return;
    this.journal.stage(index, { status: 'rejected', message: `rejected by ${decision.by}${because}` });
    throw phaseFailure('ApprovalRejected', `${this.journal.nameOf(index)}: rejected by ${decision.by}${because}`);
  }

  private async sync(index: number, source: StageFacts, facts: StageFacts, set: StageSet): Promise<void> {
    const before = facts.healthy.findLast((one) => one.revision === facts.revision);
    const noted = before && { before: { sync: `sync-${before.sync}`, revision: before.revision } };
    this.journal.stage(index, { status: 'syncing', message: '', ...noted });
    const record = await this.steps.sync(index, facts, source, set);
    this.journal.stage(index, { sync: record.id, message: record.message });
    if (changed(record)) this.journal.stage(index, { changed: true });
    if (record.status !== 'succeeded')
      throw phaseFailure(
        record.errorCode ?? 'SyncFailed',
        `${facts.name}: ${record.id} ${record.status}: ${record.message}`,
      );
  }

  private async look(index: number): Promise<StageFacts> {
    this.current = index;
    const facts = await this.steps.look(index);
    this.journal.named(index, facts);
    return facts;
  }

  // Failure and rollback

  private async failed(error: unknown, cancelled: boolean): Promise<void> {
    if (cancelled) return this.journal.end('cancelled', 'Cancelled; what was promoted until then stays');
    const { code, message } = failureOf(error);
    if (code === 'ApprovalRejected') return this.journal.end('rejected', message, code);
    this.journal.stage(this.current, { status: 'failed', message });
    const undone = this.input.plan.onFailure === 'rollback' ? await this.undo(message) : [];
    this.journal.end(statusAfterUndo(this.journal.record().stages, undone), message, code);
  }

  /** The environments this promotion changed, the last one first, go back to what was live and healthy before. */
  private async undo(why: string): Promise<number[]> {
    const indexes = toUndo(this.journal.record().stages);
    for (const index of indexes) {
      const message = await this.bringBack(index, why).catch((error: unknown) => failureOf(error).message);
      const back = message === undefined;
      const { before, app } = this.journal.at(index);
      const text = back ? `back on ${before?.revision.slice(0, 8)} (${before?.sync}): ${why}` : `${app}: ${message}`;
      this.journal.stage(index, { status: back ? 'rolled back' : 'rollback failed', message: text });
    }
    return indexes;
  }

  /** @returns why it could not be brought back; undefined when it was */
  private async bringBack(index: number, why: string): Promise<string | undefined> {
    const { before } = this.journal.at(index);
    if (before === undefined) return 'nothing healthy was there before, so it is left as it is';
    const record = await this.steps.rollback(index, before.sync, why);
    return record.status === 'succeeded' ? undefined : `${record.id} ${record.status}: ${record.message}`;
  }

  /** Whoever waits hears of it. */
  async end(): Promise<PromotionRecord> {
    const record = this.journal.record();
    if (this.input.notify !== undefined)
      await getExternalWorkflowHandle(this.input.notify)
        .signal(promotionFinishedSignal, record)
        .catch(() => undefined);
    await this.turn.passOn();
    return record;
  }
}
