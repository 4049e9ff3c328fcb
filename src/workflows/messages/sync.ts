/**
 * What a sync starts with, and what it hears and tells while it waits.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Approval, Decision } from '../../domain/approval.js';
import type { ApplicationSpec } from '../../domain/application.js';
import type { AcceptedSet } from '../../domain/drift/accepted-set.js';
import type { Gate } from '../../domain/gate.js';
import type { SyncRecord } from '../../domain/sync-record.js';
import type { HealthySet, NumberedRequest } from './application.js';

export interface SyncInput {
  readonly spec: ApplicationSpec;
  readonly request: NumberedRequest;
  /** Newest last. */
  readonly healthySets: readonly HealthySet[];
  /** What the last sync that wrote left in the cluster. */
  readonly standsOn: { readonly revision?: string };
  /**
   * 2: a write that is cancelled is waited for, and reports; the diff of a large set is an activity from the start.
   * 3: a rollback by hand is planned like a sync, and one that fails after its first write freezes auto-sync.
   * 4: approvals and windows are waited for.
   * Absent in the first histories, which did none of it.
   */
  readonly rules?: 2 | 3 | 4;
  /** Auto-sync stands still: a run that writes nothing leaves it so. */
  readonly frozen?: true;
  /** What should be live before it. */
  readonly accepted?: AcceptedSet;
}

/** Temporal's own CLI and UI may send any of it; what is missing is refused in words. */
export type DecisionInput = Omit<Decision, 'verdict'>;

export interface GateChanged {
  /** Number of the sync. */
  readonly sync: number;
  /** null once it has passed. */
  readonly gate: Gate | null;
  /** The commit that waits. */
  readonly revision?: string;
}

export const approveUpdate = defineUpdate<Approval, [DecisionInput]>('approve');
export const rejectUpdate = defineUpdate<Approval, [DecisionInput]>('reject');
/** Ends a wait; a sync that waits for nothing does not hear it. */
export const supersedeSignal = defineSignal<[{ readonly reason: string }]>('supersede');
/** From a sync to its application. */
export const gateSignal = defineSignal<[GateChanged]>('gateChanged');
/** From a sync that has waited to its application, which may be another run by then. */
export const syncEndedSignal = defineSignal<[SyncRecord]>('syncEnded');
export const progressQuery = defineQuery<SyncRecord>('progress');
