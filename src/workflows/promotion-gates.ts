/**
 * What an environment must pass before the promotion goes on: healthy for as long as its stage says, then its checks.
 * Between two looks there is a timer and nothing else, so a week of holding keeps no worker busy.
 */
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { formatDuration } from '../domain/duration.js';
import { MeasurementRow, type ExternalCheck } from '../domain/health/external-checks.js';
import { judgeLook, type HoldState } from '../domain/promotion/hold.js';
import type { Stage, StageFacts, StageSet } from '../domain/promotion/promotion.js';
import { phaseFailure } from './phase-failure.js';
import type { PromotionJournal } from './promotion-journal.js';
import type { PromotionSteps } from './promotion-steps.js';
import { clip } from './steps.js';

export class PromotionGates {
  constructor(
    private readonly steps: PromotionSteps,
    private readonly journal: PromotionJournal,
  ) {}

  /** @throws GateFailed */
  async pass(index: number, facts: StageFacts, set: StageSet): Promise<void> {
    const stage = this.steps.stage(index);
    const deadline = Date.now() + stage.timeoutMs;
    if (stage.holdMs > 0) await this.hold(index, stage, facts, { revision: set.revision, deadline });
    if (stage.checks.length > 0) await this.checks(index, stage, facts, deadline);
    this.journal.stage(index, { status: 'passed' });
  }

  private async hold(
    index: number,
    { holdMs }: Stage,
    facts: StageFacts,
    rule: { revision: string; deadline: number },
  ): Promise<void> {
    this.journal.stage(index, { status: 'holding', message: `must be healthy for ${formatDuration(holdMs)}` });
    for (let state: HoldState = {}; ;) {
      const judged = judgeLook(state, await this.steps.healthOf(facts), { ...rule, holdMs });
      if (judged.verdict === 'held') return;
      if (judged.verdict === 'failed') throw gateFailed(facts, judged.why);
      state = judged.state;
      await sleep(judged.nextMs, { summary: clip(`hold ${facts.name} healthy for ${formatDuration(holdMs)}`) });
    }
  }

  /** All at once; the first that fails decides. */
  private async checks(index: number, { checks }: Stage, facts: StageFacts, deadline: number): Promise<void> {
    this.journal.stage(index, { status: 'checking', message: checks.map(({ name }) => name).join(', ') });
    const together = new CancellationScope();
    let why: string | undefined;
    const one = async (check: ExternalCheck): Promise<void> => {
      const failure = await this.row(check, facts, deadline);
      if (failure === undefined || why !== undefined) return;
      why = failure;
      together.cancel();
    };
    const cutOff = (error: unknown): void => {
      if (why === undefined || !isCancellation(error)) throw error;
    };
    await together.run(() => Promise.all(checks.map((check) => one(check).catch(cutOff))));
    if (why !== undefined) throw gateFailed(facts, why);
  }

  /** @returns why it failed; undefined when it passed */
  private async row(check: ExternalCheck, facts: StageFacts, deadline: number): Promise<string | undefined> {
    const row = new MeasurementRow(check);
    for (;;) {
      const verdict = row.add(await this.steps.measure(check, facts));
      if (verdict === 'passed') return undefined;
      if (verdict === 'failed') return `check ${check.name}: ${row.explain()}`;
      if (Date.now() + check.intervalMs > deadline) return `check ${check.name}: not decided in time: ${row.explain()}`;
      await sleep(check.intervalMs, { summary: clip(`next measurement of ${check.name}`) });
    }
  }
}

function gateFailed({ name }: StageFacts, why: string): Error {
  return phaseFailure('GateFailed', `${name}: ${why}`);
}
