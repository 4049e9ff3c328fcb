/**
 * `approval_required` as an application keeps it.
 */
import type { ApprovalPolicy } from '../domain/approval.js';
import { parseDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import type { ApprovalConfig } from '../schema/approval.js';

function isCount(approvals: number): boolean {
  return Number.isInteger(approvals) && approvals >= 1;
}

/** @throws GitOpsError InvalidConfig when nobody could ever give it, InvalidInput (durations) */
export function approvalPolicy(config: ApprovalConfig | undefined): ApprovalPolicy | undefined {
  if (config === undefined || config === false) return undefined;
  const { approvals = 1, two_person, expires, approvers } = config === true ? {} : config;
  if (!isCount(approvals)) {
    throw new GitOpsError('InvalidConfig', `approval_required.approvals is ${approvals}, not a number of people`, {
      hint: 'write approvals = 2, or approval_required = true for one',
    });
  }
  if (approvers !== undefined && new Set(approvers).size < approvals) {
    throw new GitOpsError(
      'InvalidConfig',
      `approval_required wants ${approvals} approvals of ${approvers.length} people`,
      {
        hint: 'name more approvers, or lower approvals',
      },
    );
  }
  return {
    approvals,
    ...(two_person ? { twoPerson: true } : {}),
    ...(expires === undefined ? {} : { expiresMs: parseDuration(expires) }),
    ...(approvers === undefined ? {} : { approvers }),
  };
}
