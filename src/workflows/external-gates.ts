/**
 * Asks the gates outside about one plan, in their order, each until it has decided. A plan that is another since is asked
 * about anew. Rules: `domain/external-gate.ts`.
 */
import { backoffMs } from '../domain/backoff.js';
import { questionOf, type ExternalGate, type GateAnswer } from '../domain/external-gate.js';
import type { ApplicationSpec } from '../domain/application.js';
import type { DiffResult } from '../domain/sync.js';
import { phaseFailure } from './phase-failure.js';
import { quickStep } from './steps.js';
import type { SyncJournal } from './sync-journal.js';

/** What the gates need of the sync they belong to. */
export interface GatedSync {
  readonly spec: ApplicationSpec;
  readonly journal: Pick<SyncJournal, 'record' | 'begin' | 'finish'>;
  /** For that long, or until somebody ends the wait. @throws what ended it */
  pause(why: string, ms: number): Promise<void>;
}

export class ExternalGates {
  /** Of the plan that every gate has let pass. */
  private passed: string | undefined;

  constructor(private readonly sync: GatedSync) {}

  /** @returns whether it waited, so that the plan may be another by now. @throws GateRefused */
  async ask(plan: DiffResult): Promise<boolean> {
    const { gates = [] } = this.sync.spec;
    if (this.passed === plan.planDigest) return false;
    let waited = false;
    for (const gate of gates) waited = (await this.untilDecided(gate, plan)) || waited;
    this.passed = plan.planDigest;
    return waited;
  }

  /** Whether that plan is the one they were asked about. */
  letPass(planDigest: string): boolean {
    return (this.sync.spec.gates ?? []).length === 0 || this.passed === planDigest;
  }

  private async untilDecided(gate: ExternalGate, plan: DiffResult): Promise<boolean> {
    const { spec, journal } = this.sync;
    const since = Date.now();
    const question = questionOf(spec, journal.record(), plan);
    const summary = `ask the gate ${gate.name}`;
    journal.begin('gate', summary);
    try {
      for (let asked = 1, outages = 0; ; asked++) {
        const answer = await quickStep(summary, { startToCloseTimeout: gate.timeoutMs + 5000 }).askGate({
          gate,
          question,
        });
        if (answer.verdict === 'yes') return asked > 1;
        outages = answer.verdict === 'outage' ? outages + 1 : 0;
        this.requirePatience(gate, answer, outages, since);
        await this.sync.pause(
          `${gateSays[answer.verdict]} ${gate.name}: ${answer.reason}`,
          this.pauseMs(gate, answer, outages, since),
        );
      }
    } finally {
      journal.finish();
    }
  }

  /** @throws GateRefused */
  private requirePatience(gate: ExternalGate, answer: GateAnswer, outages: number, since: number): void {
    if (answer.verdict === 'no') throw refused(gate, `said no: ${answer.reason}`);
    if (outages > this.sync.spec.retry.limit) throw refused(gate, `did not answer, which is no yes: ${answer.reason}`);
    if (answer.verdict === 'wait' && Date.now() - since >= gate.maxWaitMs)
      throw refused(gate, `has not decided in time: ${answer.reason}`);
  }

  /** The longer it has taken already, the rarer it is asked, so that a wait of days is no history of thousands of events. */
  private pauseMs(gate: ExternalGate, { verdict, retryAfterMs }: GateAnswer, outages: number, since: number): number {
    if (verdict === 'outage') return retryAfterMs ?? backoffMs(this.sync.spec.retry, outages);
    const rare = Math.min(rarestMs, (Date.now() - since) / 20);
    return Math.max(rare, retryAfterMs ?? gate.intervalMs);
  }
}

const rarestMs = 60 * 60_000;

const gateSays = {
  yes: 'Passed',
  no: 'Refused by',
  wait: 'Waits for the gate',
  outage: 'No answer from the gate',
} as const;

function refused({ name }: ExternalGate, what: string): Error {
  return phaseFailure(
    'GateRefused',
    `the gate ${name} ${what}; the sync goes no further`,
    'sync again to ask it again',
  );
}
