/**
 * An approval: people say yes or no to one plan, by its digest. Plain data and functions of it; whoever waits holds an
 * `Approval` and asks `verdictOf` after every change and when its time is over.
 *
 * Invariants: a decision counts for the digest it names and for no other; a person counts once; one rejection is enough;
 * under the two-person rule whoever asked for the plan does not count.
 */
import type { ErrorCode } from './errors.js';

export interface ApprovalPolicy {
  /** How many different people must approve. */
  readonly approvals: number;
  /** Whoever asked may not approve. */
  readonly twoPerson?: true;
  /** How long the question stays open; absent for as long as it takes. */
  readonly expiresMs?: number;
  /** Who may answer; absent for everybody. */
  readonly approvers?: readonly string[];
}

export interface Decision {
  readonly verdict: 'approve' | 'reject';
  /** Of the plan that was looked at, or its beginning; a rejection may leave it out. */
  readonly digest?: string;
  readonly by: string;
  readonly reason?: string;
}

/** A decision as it is kept: of which plan, and when. */
export interface RecordedDecision extends Decision {
  readonly digest: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface Approval {
  readonly policy: ApprovalPolicy;
  /** Of the plan that waits. */
  readonly digest: string;
  readonly requestedBy: string;
  /** RFC 3339. */
  readonly askedAt: string;
  /** RFC 3339; absent when it waits without end. */
  readonly expiresAt?: string;
  /** About this plan, oldest first. */
  readonly decisions: readonly RecordedDecision[];
}

export type ApprovalVerdict = 'open' | 'approved' | 'rejected' | 'expired';

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** As much of a digest as people compare; less names no plan. */
export const shortDigest = (digest: string): string => digest.slice(0, 12);
const shortestDigest = 8;

export function askApproval(policy: ApprovalPolicy, digest: string, requestedBy: string, at: number): Approval {
  const { expiresMs } = policy;
  const expiry = expiresMs === undefined ? {} : { expiresAt: new Date(at + expiresMs).toISOString() };
  return { policy, digest, requestedBy, askedAt: new Date(at).toISOString(), ...expiry, decisions: [] };
}

/** What was said of another plan has fallen: the question is asked anew. The same plan changes nothing. */
export function withPlan(approval: Approval, digest: string, at: number): Approval {
  return digest === approval.digest ? approval : askApproval(approval.policy, digest, approval.requestedBy, at);
}

/** Why a decision is not taken; undefined when it is. */
export function refusalOf(approval: Approval, decision: Decision, at: number): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(approval, decision, at);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The approval with a decision that `refusalOf` has nothing against. */
export function withDecision(approval: Approval, decision: Decision, at: number): Approval {
  const recorded = { ...decision, digest: approval.digest, at: new Date(at).toISOString() };
  return { ...approval, decisions: [...approval.decisions, recorded] };
}

export function verdictOf(approval: Approval, now: number): ApprovalVerdict {
  if (approval.decisions.some(({ verdict }) => verdict === 'reject')) return 'rejected';
  if (approversOf(approval).length >= approval.policy.approvals) return 'approved';
  return isOver(approval, now) ? 'expired' : 'open';
}

/** Each once, in the order in which they approved. */
export function approversOf({ decisions }: Approval): readonly string[] {
  const people = new Map<string, string>();
  for (const { verdict, by } of decisions)
    if (verdict === 'approve' && !people.has(person(by))) people.set(person(by), by.trim());
  return [...people.values()];
}

/** `2 approvals, not by ann, of: bob, cara` */
export function describePolicy({ policy, requestedBy }: Pick<Approval, 'policy' | 'requestedBy'>): string {
  const count = `${policy.approvals} ${policy.approvals === 1 ? 'approval' : 'approvals'}`;
  const others = policy.twoPerson ? [`not by ${requestedBy}`] : [];
  const known = policy.approvers === undefined ? [] : [`of: ${policy.approvers.join(', ')}`];
  return [count, ...others, ...known].join(', ');
}

// Rules, in the order in which they are told

type Rule = (approval: Approval, decision: Decision, at: number) => Refusal | undefined;

const rules: readonly Rule[] = [isSigned, isReasoned, isInTime, isOpen, isOfThisPlan, isByAnother, isByApprover];

function isSigned(_approval: Approval, { by }: Decision): Refusal | undefined {
  if (typeof by === 'string' && !['', 'unknown'].includes(person(by))) return undefined;
  return { code: 'InvalidInput', message: 'a decision needs a name', hint: 'say who decides: by = "NAME"' };
}

function isReasoned(_approval: Approval, { verdict, reason }: Decision): Refusal | undefined {
  if (verdict === 'approve' || (reason ?? '').trim() !== '') return undefined;
  return { code: 'InvalidInput', message: 'a rejection needs a reason', hint: 'say why: reason = "TEXT"' };
}

function isInTime(approval: Approval, _decision: Decision, at: number): Refusal | undefined {
  if (!isOver(approval, at)) return undefined;
  return { code: 'ApprovalExpired', message: `the time to approve this plan was over at ${approval.expiresAt}` };
}

function isOpen(approval: Approval, { verdict }: Decision, at: number): Refusal | undefined {
  const stands = verdictOf(approval, at);
  if (stands === 'open' || (stands === 'approved' && verdict === 'reject')) return undefined;
  return { code: 'NothingToApprove', message: `the plan ${shortDigest(approval.digest)} is ${stands} already` };
}

function isOfThisPlan({ digest }: Approval, { verdict, digest: named }: Decision): Refusal | undefined {
  if (named === undefined && verdict === 'reject') return undefined;
  const hint = `look at it, then say digest = "${digest}"`;
  if (named === undefined) return { code: 'InvalidInput', message: 'an approval names the plan it is for', hint };
  if (named.length >= shortestDigest && digest.startsWith(named.toLowerCase())) return undefined;
  const message = `the plan that waits is ${shortDigest(digest)}, not ${shortDigest(named)}`;
  return { code: 'PlanMismatch', message, hint };
}

function isByAnother({ policy, requestedBy }: Approval, { verdict, by }: Decision): Refusal | undefined {
  if (verdict === 'reject' || !policy.twoPerson || person(by) !== person(requestedBy)) return undefined;
  const message = `${by.trim()} asked for this plan, so somebody else must approve it`;
  return { code: 'NotAllowed', message, hint: 'two_person = true: ask a colleague' };
}

/** Whoever asked may always take it back. */
function isByApprover({ policy, requestedBy }: Approval, { verdict, by }: Decision): Refusal | undefined {
  const { approvers } = policy;
  if (approvers === undefined || approvers.some((one) => person(one) === person(by))) return undefined;
  if (verdict === 'reject' && person(by) === person(requestedBy)) return undefined;
  const message = `${by.trim()} is not among those who may approve`;
  return { code: 'NotAllowed', message, hint: `approvers: ${approvers.join(', ')}` };
}

function isOver({ expiresAt }: Approval, at: number): boolean {
  return expiresAt !== undefined && at >= Date.parse(expiresAt);
}

/** The same person however the name is typed. */
function person(name: string): string {
  return name.trim().toLowerCase();
}
