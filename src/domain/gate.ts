/**
 * What a sync waits for between its plan and its first write: people, a window, or both in turn.
 */
import { approversOf, describePolicy, shortDigest, type Approval } from './approval.js';
import type { Closed } from './sync-window.js';

export interface Gate {
  /** `gate`: an address outside that has not said yes. */
  readonly waitsFor: 'approval' | 'window' | 'gate';
  /** RFC 3339: since when it waits for that. */
  readonly since: string;
  /** Of the plan that waits; also while an approved one waits for its window. */
  readonly approval?: Approval;
  readonly closed?: Closed;
  /** What a gate outside says. */
  readonly says?: string;
}

export function describeGate(gate: Gate): string {
  const { approval, closed } = gate;
  if (gate.waitsFor === 'gate') return gate.says ?? 'Waits for a gate';
  if (gate.waitsFor === 'window') return closed === undefined ? 'Waits for its window' : describeWait(closed);
  return approval === undefined ? 'Waits for an approval' : describeApproval(approval);
}

/** `Closed by deny "freeze" (0 18 * * 5 UTC for 48h), opens at 2026-...` */
export function describeClosed({ by, opensAt }: Closed): string {
  return `Closed by ${by}, ${opensAt === undefined ? 'no opening is in sight' : `opens at ${opensAt}`}`;
}

function describeWait(closed: Closed): string {
  return `Waits for its window. ${describeClosed(closed)}`;
}

function describeApproval(approval: Approval): string {
  const given = approversOf(approval);
  const until = approval.expiresAt === undefined ? '' : `, until ${approval.expiresAt}`;
  const so = given.length === 0 ? '' : `; approved by ${given.join(', ')}`;
  return `Waits for ${describePolicy(approval)} of plan ${shortDigest(approval.digest)}${until}${so}`;
}
