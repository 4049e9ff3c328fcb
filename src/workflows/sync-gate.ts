/**
 * The gate between the plan of a sync and its first write: people who approve the plan, windows that open. It waits in
 * the workflow's state alone, for as long as it takes; and because the world moves meanwhile, the plan is made again
 * after every wait, until one passes without waiting. Rules: `domain/approval.ts`, `domain/sync-window.ts`.
 */
import { condition, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import {
  askApproval,
  refusalOf,
  shortDigest,
  verdictOf,
  withDecision,
  withPlan,
  type Approval,
  type Decision,
} from '../domain/approval.js';
import { describeClosed, describeGate, type Gate } from '../domain/gate.js';
import type { DiffResult } from '../domain/sync.js';
import type { SyncRecord } from '../domain/sync-record.js';
import type { Closed } from '../domain/sync-window.js';
import {
  approveUpdate,
  gateSignal,
  rejectUpdate,
  supersedeSignal,
  syncEndedSignal,
  workflowIds,
  type SyncInput,
} from './messages.js';
import type { Announcer } from './announcer.js';
import { ExternalGates } from './external-gates.js';
import { phaseFailure } from './phase-failure.js';
import { clip } from './steps.js';
import type { SyncJournal } from './sync-journal.js';

/** Another request took the place of one that waited. */
export class Superseded extends Error {}

/** Windows are looked at that often at least: the operator's may change while somebody waits for them. */
const longestWaitMs = 24 * 60 * 60 * 1000;

/** Syncs that nobody asked for: they wait for a window, where a person is told that it is closed. */
const byItself: ReadonlySet<string | undefined> = new Set(['auto', 'webhook', 'created', 'drift']);

export class SyncGate {
  private approval: Approval | undefined;
  private superseded: string | undefined;
  /** What the application was told last. */
  private told: Gate | undefined;
  private waited = false;
  private readonly outside: ExternalGates;

  constructor(
    private readonly input: SyncInput,
    private readonly journal: SyncJournal,
    private readonly announcer: Announcer,
  ) {
    const pause = (why: string, ms: number): Promise<void> => this.pause(why, ms);
    this.outside = new ExternalGates({ spec: input.spec, journal, pause });
  }

  listen(): void {
    for (const [update, verdict] of [[approveUpdate, 'approve'] as const, [rejectUpdate, 'reject'] as const]) {
      setHandler(update, (given) => this.decide({ ...given, verdict }), {
        description: `${verdict === 'approve' ? 'Approve' : 'Reject'} the plan that waits: {"by", "digest", "reason"}`,
        validator: (given) => this.check({ ...given, verdict }),
      });
    }
    setHandler(supersedeSignal, ({ reason }) => void (this.superseded = reason), {
      description: 'End the wait: another request takes its place',
    });
  }

  /**
   * @param replan makes the plan again, with its verdicts
   * @returns the plan that may be written now
   * @throws ApprovalRejected, ApprovalExpired, SyncWindowClosed, Superseded
   */
  async pass(first: DiffResult, replan: () => Promise<DiffResult>): Promise<DiffResult> {
    if (this.opens) return first;
    let plan = first;
    if (this.isAsked(plan)) this.refuseByHand(plan.closed);
    while (this.isAsked(plan) && (await this.waitsFor(plan))) plan = await replan();
    await this.leave();
    return plan;
  }

  /** People first, then the time, then gates outside: what they hear of is what would be written now. */
  private async waitsFor(plan: DiffResult): Promise<boolean> {
    return (await this.approves(plan)) || (await this.opensFor(plan.closed)) || this.outside.ask(plan);
  }

  /** A rollback by hand needs no approval, its set had one; windows it heeds like any sync by hand. @throws SyncWindowClosed */
  passByHand({ closed }: Pick<DiffResult, 'closed'>): void {
    if (!this.opens) this.refuseByHand(closed);
  }

  /** A correction of drift waits for its window like any sync by itself; it puts back what was let through before. */
  async passHeal(look: () => Promise<Pick<DiffResult, 'closed'>>): Promise<void> {
    if (this.opens) return;
    while (await this.opensFor((await look()).closed));
    await this.leave();
  }

  /** Once writing has begun nobody is asked again: another plan than the approved one is not gone on with. */
  requireApproved({ planDigest }: DiffResult): void {
    const isApproved = this.approval === undefined || this.approval.digest === planDigest;
    if (isApproved && this.outside.letPass(planDigest)) return;
    const message =
      'the cluster moved while the approved plan was written; the rest was not approved, so it was not written';
    throw phaseFailure('PlanMismatch', message, 'sync again: the new plan is then asked about');
  }

  /** An application that went on as a new run meanwhile does not hear of its child's end in another way. */
  async tellEnd(record: SyncRecord): Promise<void> {
    if (this.waited) await this.application.signal(syncEndedSignal, record).catch(() => undefined);
  }

  // What waits

  /** Of histories that began before there was a gate. */
  private get opens(): boolean {
    return (this.input.rules ?? 0) < 4;
  }

  /** Nothing to write is nothing to ask about. */
  private isAsked({ counts, waves, onlyForgets }: DiffResult): boolean {
    const { preSyncHooks, postSyncHooks } = this.input.spec;
    const shellLines = preSyncHooks.length + postSyncHooks.length;
    return waves.length + counts.deleted + shellLines > 0 || onlyForgets === true;
  }

  private refuseByHand(closed: Closed | undefined): void {
    const { trigger } = this.input.request;
    if (closed === undefined || byItself.has(trigger) || closed.manual) return;
    throw phaseFailure('SyncWindowClosed', `${describeClosed(closed)}; nothing was written`, 'ask again then');
  }

  /** @returns whether it waited; false when this plan is approved, or needs no approval */
  private async approves({ planDigest, closed }: DiffResult): Promise<boolean> {
    const { spec, request } = this.input;
    if (spec.approval === undefined) return false;
    const who = request.who ?? 'unknown';
    this.approval = this.approval
      ? withPlan(this.approval, planDigest, Date.now())
      : askApproval(spec.approval, planDigest, who, Date.now());
    if (this.verdict === 'approved') return false;
    const { expiresAt } = this.approval;
    const over = expiresAt === undefined ? undefined : Date.parse(expiresAt);
    while (this.verdict === 'open') await this.wait('approval', closed, over);
    if (this.verdict === 'rejected') throw rejected(this.approval);
    if (this.verdict === 'expired') throw expired(this.approval);
    return true;
  }

  /** @returns whether it waited */
  private async opensFor(closed: Closed | undefined): Promise<boolean> {
    const mayPass = closed === undefined || (closed.manual && !byItself.has(this.input.request.trigger));
    if (mayPass) return false;
    const until = Math.min(Date.parse(closed.opensAt ?? '') || Infinity, Date.now() + longestWaitMs);
    while (Date.now() < until) await this.wait('window', closed, until);
    return true;
  }

  /** Until that time, or until something was said. @throws ApprovalRejected, Superseded */
  private async wait(waitsFor: Gate['waitsFor'], closed: Closed | undefined, until: number | undefined): Promise<void> {
    const { approval } = this;
    const gate = { waitsFor, since: this.since(waitsFor), ...(approval && { approval }), ...(closed && { closed }) };
    await this.tell(gate);
    await this.untilOver(waitsFor, until);
  }

  /** Between two questions to a gate outside. */
  private async pause(says: string, ms: number): Promise<void> {
    const until = Date.now() + ms;
    await this.tell({ waitsFor: 'gate', since: this.since('gate'), says });
    while (Date.now() < until) await this.untilOver('gate', until);
  }

  private async untilOver(waitsFor: Gate['waitsFor'], until: number | undefined): Promise<void> {
    const { approval } = this;
    const isOver = (): boolean => this.superseded !== undefined || this.approval !== approval;
    if (until === undefined) await condition(isOver);
    else await condition(isOver, Math.max(1, until - Date.now()), { summary: clip(this.journal.record().message) });
    if (this.superseded !== undefined) throw new Superseded(this.superseded);
    if (waitsFor !== 'approval' && this.approval && this.verdict === 'rejected') throw rejected(this.approval);
  }

  private since(waitsFor: Gate['waitsFor']): string {
    return this.told?.waitsFor === waitsFor ? this.told.since : new Date().toISOString();
  }

  // What people say

  private get verdict(): ReturnType<typeof verdictOf> | undefined {
    return this.approval && verdictOf(this.approval, Date.now());
  }

  private check(decision: Decision): void {
    const refusal =
      this.approval === undefined || this.told === undefined
        ? { code: 'NothingToApprove' as const, message: `sync-${this.input.request.number} waits for no approval` }
        : refusalOf(this.approval, decision, Date.now());
    if (refusal !== undefined) throw phaseFailure(refusal.code, refusal.message, refusal.hint);
  }

  private decide(decision: Decision): Approval {
    if (this.approval === undefined) throw new Error('the validator lets nothing through when no approval waits');
    this.approval = withDecision(this.approval, decision, Date.now());
    this.journal.decided(this.approval);
    return this.approval;
  }

  // Who is told

  private async tell(gate: Gate): Promise<void> {
    if (gate.waitsFor === 'approval' && gate.approval?.digest !== this.told?.approval?.digest)
      this.announcer.approvalNeeded(describeGate(gate));
    this.told = gate;
    this.waited = true;
    this.journal.waits(gate, describeGate(gate));
    await this.signal(gate);
  }

  private async leave(): Promise<void> {
    if (this.told === undefined) return;
    this.told = undefined;
    this.journal.waits(undefined, 'Sync is running');
    await this.signal(null);
  }

  private async signal(gate: Gate | null): Promise<void> {
    const { number, revision } = this.journal.record();
    const news = { sync: number, gate, ...(revision === undefined ? {} : { revision }) };
    await this.application.signal(gateSignal, news).catch(() => undefined); // one that is gone does not care
  }

  private get application(): ReturnType<typeof getExternalWorkflowHandle> {
    return getExternalWorkflowHandle(workflowIds.application(this.input.spec.id));
  }
}

function rejected({ digest, decisions }: Approval): Error {
  const { by, reason } = decisions.findLast(({ verdict }) => verdict === 'reject') ?? { by: 'somebody' };
  const message = `${by} rejected the plan ${shortDigest(digest)}: ${reason ?? ''}; nothing was written`;
  return phaseFailure('ApprovalRejected', message);
}

function expired({ digest, expiresAt }: Approval): Error {
  const message = `nobody approved the plan ${shortDigest(digest)} until ${expiresAt}; nothing was written`;
  return phaseFailure('ApprovalExpired', message, 'sync again to ask again');
}
