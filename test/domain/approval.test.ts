import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  approversOf,
  askApproval,
  describePolicy,
  refusalOf,
  verdictOf,
  withDecision,
  withPlan,
  type Approval,
  type ApprovalPolicy,
  type Decision,
} from '../../src/domain/approval.js';

const plan = 'a1b2c3d4e5f60718a1b2c3d4e5f60718';
const other = 'ffffffffe5f60718a1b2c3d4e5f60718';
const asked = Date.parse('2026-03-01T10:00:00Z');
const hour = 3_600_000;

const ask = (policy: Partial<ApprovalPolicy> = {}): Approval =>
  askApproval({ approvals: 1, ...policy }, plan, 'ann', asked);
const yes = (by: string, more: Partial<Decision> = {}): Decision => ({ verdict: 'approve', digest: plan, by, ...more });
const no = (by: string, more: Partial<Decision> = {}): Decision => ({ verdict: 'reject', by, reason: 'why', ...more });
const given = (approval: Approval, ...decisions: Decision[]): Approval =>
  decisions.reduce((so, decision) => withDecision(so, decision, asked), approval);

describe('an approval', () => {
  const cases: [title: string, approval: Approval, verdict: string, after?: number][] = [
    ['is open when nobody has said anything', ask(), 'open'],
    ['is given by one person', given(ask(), yes('bob')), 'approved'],
    ['by whoever asked, unless two people are required', given(ask(), yes('ann')), 'approved'],
    ['is open with one of two', given(ask({ approvals: 2 }), yes('bob')), 'open'],
    ['counts a person once', given(ask({ approvals: 2 }), yes('bob'), yes(' Bob ')), 'open'],
    ['is given by two of two', given(ask({ approvals: 2 }), yes('bob'), yes('cara')), 'approved'],
    ['is rejected by one, whatever others said', given(ask({ approvals: 2 }), yes('bob'), no('cara')), 'rejected'],
    ['expires', ask({ expiresMs: hour }), 'expired', hour],
    ['is open until then', ask({ expiresMs: hour }), 'open', hour - 1],
    ['does not expire once it is given', given(ask({ expiresMs: hour }), yes('bob')), 'approved', 9 * hour],
    ['waits without end by default', ask(), 'open', 24 * 365 * hour],
    ['falls when the plan changes', withPlan(given(ask(), yes('bob')), other, asked), 'open'],
    ['stands when the plan is the same', withPlan(given(ask(), yes('bob')), plan, asked + hour), 'approved'],
  ];
  it.each(cases)('%s', (_title, approval, verdict, after = 0) => {
    expect(verdictOf(approval, asked + after)).toBe(verdict);
  });

  it('has all its time again for another plan', () => {
    const again = withPlan(ask({ expiresMs: hour }), other, asked + hour - 1);
    expect(verdictOf(again, asked + 2 * hour - 2)).toBe('open');
  });
});

describe('a decision is refused', () => {
  const restricted = ask({ approvers: ['bob', 'Cara'] });
  const cases: [title: string, approval: Approval, decision: Decision, code: string | undefined, after?: number][] = [
    ['not when it names the plan', ask(), yes('bob'), undefined],
    ['not when it names the beginning of the plan', ask(), yes('bob', { digest: 'A1B2C3D4' }), undefined],
    ['when it names too little of the plan', ask(), yes('bob', { digest: 'a1b' }), 'PlanMismatch'],
    ['when it names another plan', ask(), yes('bob', { digest: other }), 'PlanMismatch'],
    ['when it names no plan', ask(), { verdict: 'approve', by: 'bob' }, 'InvalidInput'],
    ['when a rejection names another plan', ask(), no('bob', { digest: other }), 'PlanMismatch'],
    ['not when a rejection names none', ask(), no('bob'), undefined],
    ['when a rejection gives no reason', ask(), no('bob', { reason: ' ' }), 'InvalidInput'],
    ['without a name', ask(), yes(' '), 'InvalidInput'],
    ['of somebody unknown', ask(), yes('unknown'), 'InvalidInput'],
    ['with a name of another type', ask(), yes(7 as unknown as string), 'InvalidInput'],
    ['of whoever asked, when two people are required', ask({ twoPerson: true }), yes('Ann '), 'NotAllowed'],
    ['not when whoever asked takes it back', ask({ twoPerson: true }), no('ann'), undefined],
    ['of somebody who is not among the approvers', restricted, yes('dan'), 'NotAllowed'],
    ['not of an approver', restricted, yes('cara'), undefined],
    ['not when whoever asked takes it back, approver or not', restricted, no('ann'), undefined],
    ['after the time', ask({ expiresMs: hour }), yes('bob'), 'ApprovalExpired', hour],
    ['when it is approved already', given(ask(), yes('bob')), yes('cara'), 'NothingToApprove'],
    ['not when an approved plan that still waits is rejected', given(ask(), yes('bob')), no('cara'), undefined],
    ['when it is rejected already', given(ask(), no('bob')), yes('cara'), 'NothingToApprove'],
  ];
  it.each(cases)('%s', (_title, approval, decision, code, after = 0) => {
    expect(refusalOf(approval, decision, asked + after)?.code).toBe(code);
  });
});

describe('whatever is said of a plan', () => {
  const people = fc.constantFrom('ann', 'bob', 'BOB ', 'cara', 'dan', 'unknown', '');
  const decision: fc.Arbitrary<Decision> = fc.record({
    verdict: fc.constantFrom('approve' as const, 'approve' as const, 'approve' as const, 'reject' as const),
    by: people,
    digest: fc.constantFrom(plan, plan.slice(0, 8), other),
    reason: fc.constantFrom('', 'why'),
  });
  const policy: fc.Arbitrary<ApprovalPolicy> = fc.record(
    {
      approvals: fc.integer({ min: 1, max: 3 }),
      twoPerson: fc.constant(true as const),
      approvers: fc.constant(['bob', 'cara', 'ann']),
    },
    { requiredKeys: ['approvals'] },
  );

  it('it is approved only by enough different people, each of whom may, and after a rejection by nobody', () => {
    fc.assert(
      fc.property(policy, fc.array(decision, { maxLength: 12 }), (rules, decisions) => {
        let approval = askApproval(rules, plan, 'ann', asked);
        for (const one of decisions)
          if (refusalOf(approval, one, asked) === undefined) approval = withDecision(approval, one, asked);
        const approved = verdictOf(approval, asked) === 'approved';
        const names = new Set(approversOf(approval).map((name) => name.toLowerCase()));
        expect(names.size).toBe(approversOf(approval).length);
        if (approved) expect(names.size).toBeGreaterThanOrEqual(rules.approvals);
        if (rules.twoPerson) expect(names.has('ann')).toBe(false);
        if (rules.approvers) for (const name of names) expect(rules.approvers).toContain(name);
        if (approval.decisions.some((d) => d.verdict === 'reject')) expect(approved).toBe(false);
        expect(verdictOf(withPlan(approval, other, asked), asked)).toBe('open');
      }),
    );
  });
});

it('says in words what is needed', () => {
  expect(describePolicy(ask({ approvals: 2, twoPerson: true, approvers: ['bob', 'cara', 'dan'] }))).toBe(
    '2 approvals, not by ann, of: bob, cara, dan',
  );
  expect(describePolicy(ask())).toBe('1 approval');
});
