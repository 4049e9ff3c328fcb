/**
 * What a sync writes down about itself while it runs: the record, its steps, and the table shown in Temporal's UI.
 */
import { setCurrentDetails } from '@temporalio/workflow';
import type { Approval } from '../domain/approval.js';
import type { Gate } from '../domain/gate.js';
import { describeReference, type ObjectReference } from '../domain/object.js';
import type { PruneResult, RollbackResult, WriteCounts } from '../domain/sync.js';
import { warned, type SyncRecord, type SyncStep } from '../domain/sync-record.js';
import type { HealthySet, SyncInput } from './messages.js';
import type { Failure } from './retry.js';

const noChanges = { created: 0, updated: 0, deleted: 0, unchanged: 0, conflicts: 0 };

/** How far a rollback by hand has come. */
export type ReturnStage = 'planned' | 'restoring' | 'restored';

const returnFailedWhen: Record<ReturnStage, (set: string) => string> = {
  planned: (set) => `Rolling back to ${set} failed before the first of its objects was written`,
  restoring: (set) => `Rolling back to ${set} failed`,
  restored: (set) => `The set of ${set} is back as a whole, but`,
};

/** How far a run has come with its writes. */
export interface WritesSoFar {
  readonly wrote: boolean;
  /** What a wave that was cut short did not come to. */
  readonly notWritten: readonly ObjectReference[];
  readonly unreported: boolean;
}

export class SyncJournal {
  private current: SyncRecord;
  private open: { phase: string; summary: string; startedAt: string } | undefined;

  constructor({ spec, request }: SyncInput) {
    this.current = {
      id: `sync-${request.number}`,
      number: request.number,
      app: spec.id,
      status: 'running',
      trigger: request.trigger ?? 'manual',
      who: request.who ?? 'unknown',
      ...(request.why === undefined ? {} : { why: request.why }),
      startedAt: now(),
      message: 'Sync is running',
      changes: noChanges,
      metrics: { durationMs: 0, processed: 0, applied: 0, skipped: 0, failed: 0, conflictsResolved: 0, deleted: 0 },
      healthChecks: { healthy: 0, total: 0 },
      reports: [],
      steps: [],
    };
  }

  record(): SyncRecord {
    return this.current;
  }

  update(change: Partial<SyncRecord>): void {
    this.current = { ...this.current, ...change };
  }

  begin(phase: string, summary: string): void {
    this.open = { phase, summary, startedAt: now() };
    if (this.current.status === 'running') this.update({ message: summary }); // a verdict stays through what follows it
    this.show();
  }

  finish(): void {
    if (this.open === undefined) return;
    const step: SyncStep = { ...this.open, finishedAt: now() };
    this.open = undefined;
    this.update({ steps: [...this.current.steps, step] });
  }

  /** Every attempt leaves its report; only the last one is counted. */
  keep(report: string): void {
    this.update({ reports: [...this.current.reports, report] });
  }

  count(writes: WriteCounts, deleted = 0): void {
    const { metrics } = this.current;
    this.update({
      metrics: {
        ...metrics,
        applied: metrics.applied + writes.applied,
        failed: metrics.failed + writes.failed,
        conflictsResolved: metrics.conflictsResolved + writes.conflictsResolved,
        deleted: metrics.deleted + deleted,
      },
    });
  }

  warn(more: readonly string[]): void {
    if (more.length > 0) this.update(warned(this.current, more));
  }

  succeed(message: string): void {
    this.update({ status: 'succeeded', message });
  }

  fail(failure: Failure): void {
    const message = failure.hint === undefined ? failure.message : `${failure.message}. ${failure.hint}`;
    this.update({ status: 'failed', message, errorCode: failure.code });
  }

  /** @param gate undefined once nothing is waited for */
  waits(gate: Gate | undefined, message: string): void {
    const { gate: _before, ...rest } = this.current;
    this.current = { ...rest, message, ...(gate === undefined ? {} : { gate }) };
    this.show();
  }

  /** What is said stays in the record, also of a plan that has fallen. */
  decided({ decisions }: Approval): void {
    const [last] = decisions.slice(-1);
    if (last !== undefined) this.update({ decisions: [...(this.current.decisions ?? []), last] });
  }

  superseded(reason: string): void {
    this.update({ status: 'superseded', message: reason });
  }

  note(text: string): void {
    this.update({ message: `${this.current.message}. ${text}` });
  }

  cancelled({ wrote, notWritten, unreported }: WritesSoFar): void {
    const { changes, metrics } = this.current;
    const planned = changes.created + changes.updated + changes.deleted + (this.current.hooks ?? 0);
    const done = `${metrics.applied + metrics.deleted} of ${planned} objects were written, see the reports`;
    const left = notWritten.length === 0 ? '' : `; not written: ${notWritten.map(describeReference).join(', ')}`;
    const names = unreported ? `${left}; the step under way did not report, the next sync finds what it wrote` : left;
    const message = `Cancelled; ${wrote ? `${done}${names}` : 'nothing was written'}`;
    this.update({ status: 'cancelled', errorCode: 'Cancelled', message });
  }

  pruned({ deleted, waiting }: PruneResult): void {
    this.count({ applied: 0, skipped: 0, failed: 0, conflictsResolved: 0 }, deleted);
    if (waiting.length > 0) this.waitForPrune(waiting);
  }

  private waitForPrune(waiting: readonly ObjectReference[]): void {
    const names = waiting.map(describeReference).join(', ');
    this.update({ status: 'prune_waiting', message: `Waiting for finalizers of ${names}` });
  }

  restored(set: Pick<HealthySet, 'sync'>, result: RollbackResult): void {
    this.count(result, result.deleted);
    this.update({ restored: `sync-${set.sync}`, backup: this.current.backup ?? result.backup });
  }

  rolledBack(set: HealthySet, reason: string): void {
    const message = `${reason}. Rolled back to sync-${set.sync} (${set.revision.slice(0, 8)})`;
    this.update({ status: 'rolled_back', message });
  }

  /** @param after what it was to undo */
  rollbackFailed(set: HealthySet, failure: Failure, after: string): void {
    this.freeze(`${after}. Rolling back to sync-${set.sync} failed as well: ${failure.message}`);
  }

  /** The same for a rollback by hand. */
  returnFailed(set: HealthySet, stage: ReturnStage, failure: Failure): void {
    this.freeze(`${returnFailedWhen[stage](`sync-${set.sync}`)}: ${failure.message}`);
  }

  private freeze(message: string): void {
    this.update({ status: 'rollback_failed', errorCode: 'RollbackFailed', freezes: true, message });
  }

  /** The record as it stays: end time and sums filled in. */
  close(): SyncRecord {
    const finishedAt = now();
    const { gate: _over, ...record } = this.current;
    this.current = record;
    const { changes, metrics, startedAt } = record;
    const durationMs = Date.parse(finishedAt) - Date.parse(startedAt);
    const processed = changes.created + changes.updated + changes.deleted + changes.unchanged;
    this.update({ finishedAt, metrics: { ...metrics, durationMs, processed, skipped: changes.unchanged } });
    this.show();
    return this.current;
  }

  /** Markdown, answered to Temporal's UI by a query; costs no event. */
  private show(): void {
    const { status, message, revision, changes } = this.current;
    const rows = this.current.steps.map((s) => `| ${s.phase} | ${s.summary} | ${s.startedAt} |`);
    const running =
      this.open === undefined ? [] : [`| **${this.open.phase}** | ${this.open.summary} | ${this.open.startedAt} |`];
    const counts = `${changes.created} created, ${changes.updated} updated, ${changes.deleted} deleted, ${changes.unchanged} unchanged`;
    const head = `**${status}** ${revision?.slice(0, 8) ?? ''} (${counts})\n\n${message}\n\n| phase | what | started |\n| --- | --- | --- |`;
    setCurrentDetails([head, ...rows, ...running].join('\n'));
  }
}

/** Workflow time, RFC 3339. */
function now(): string {
  return new Date().toISOString();
}
