/**
 * What an application workflow is asked and told, and what it keeps and shows.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ApplicationSpec, HealthStatus } from '../../domain/application.js';
import type { AcceptedSet } from '../../domain/drift/accepted-set.js';
import type { Drift } from '../../domain/drift/drift.js';
import type { Corrections } from '../../domain/drift/heal-pause.js';
import type { Digest } from '../../domain/digest.js';
import type { Gate } from '../../domain/gate.js';
import type { SyncRecord, SyncTrigger } from '../../domain/sync-record.js';
import type { Target } from '../../domain/target.js';
import type { RollbackChoice } from '../../domain/rollback-choice.js';

export interface ApplicationInput {
  readonly spec: ApplicationSpec;
  /** Absent on the very first run; carried from run to run by continue-as-new. */
  readonly state?: ApplicationState;
  /** Number of the first sync, default 1: where the deleted application of that id stopped. */
  readonly firstSync?: number;
}

export type ApplicationPhase =
  'active' | 'syncing' | 'awaiting_approval' | 'synced' | 'degraded' | 'failed' | 'suspended';

/** What somebody asked for; becomes one run of the `sync` workflow. */
export interface SyncRequest {
  /** `heal` puts the accepted set back over drift; the application asks for it by itself. */
  readonly operation?: 'sync' | 'rollback' | 'delete' | 'heal';
  readonly revision?: string;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  /** Prune also when that takes away much of the application. */
  readonly allowShrink?: boolean;
  readonly resources?: readonly string[];
  readonly trigger?: SyncTrigger;
  readonly who?: string;
  readonly why?: string;
  /** For a rollback. */
  readonly target?: RollbackChoice;
  /** Workflow that is sent `syncFinished` when this sync ends. */
  readonly notify?: string;
  /** Objects of another environment, in the place of what the repository holds. */
  readonly set?: PromotedSet;
  /** The commit of a further source that this sync is for. */
  readonly seen?: RevisionObserved;
  /** Do not wait for the applications it depends on. */
  readonly alone?: boolean;
}

export interface PromotedSet {
  readonly manifests: Digest;
  readonly from: Target;
}

export interface NumberedRequest extends SyncRequest {
  readonly number: number;
  readonly requestedAt: string;
  /** Drift was known when it began. */
  readonly drifted?: true;
}

export interface SyncTicket {
  /** Id of the application. */
  readonly app: string;
  /** `sync-<n>` */
  readonly sync: string;
  readonly workflowId: string;
  /** True when it waits for the one that runs now. */
  readonly queued: boolean;
}

/** A set that was live and healthy: what a rollback can return to. */
export interface HealthySet {
  readonly sync: number;
  readonly revision: string;
  readonly manifests: Digest;
  readonly finishedAt: string;
  /** It has hooks, which a rollback by hand runs as well. */
  readonly hooks?: true;
}

export interface Rejection {
  readonly revision: string;
  readonly sync: number;
  readonly reason: string;
}

export interface ApplicationState {
  readonly version: 1;
  readonly nextSync: number;
  readonly firstSync?: number;
  readonly waiting?: NumberedRequest;
  /** A sync that waited at its gate when the application went on as a new run. */
  readonly atGate?: { readonly request: NumberedRequest; readonly gate: Gate; readonly revision?: string };
  readonly suspended?: { readonly who: string; readonly why: string; readonly at: string };
  readonly history: readonly SyncRecord[];
  readonly healthySets: readonly HealthySet[];
  readonly rejected?: Rejection | undefined;
  /** A commit seen while suspended, or while a request of a person waited, which it must not replace. */
  readonly observed?: string;
  readonly observedBy?: RevisionObserved['by'];
  /** The same for a commit of a further source. */
  readonly observedElsewhere?: RevisionObserved;
  readonly health?: HealthStatus | undefined;
  readonly deleted?: boolean;
  /** What should be live; absent when nobody can say. */
  readonly accepted?: AcceptedSet | undefined;
  readonly drift?: KnownDrift | undefined;
  /** Corrections of drift since the last sync. */
  readonly corrections?: Corrections | undefined;
  /** Auto-sync of this application was turned off: nothing is corrected either, until it is on or declared again. */
  readonly correctionsOff?: true | undefined;
  /** The try that follows a failure of what came by itself. */
  readonly retry?: PlannedRetry | undefined;
  /** Dependents that wait until this one is ready: application -> the question they asked. */
  readonly waiters?: Readonly<Record<string, string>>;
}

export interface PlannedRetry {
  /** Of this commit, in a row. */
  readonly failures: number;
  /** RFC 3339: not before. */
  readonly next: string;
  readonly request: SyncRequest;
}

export interface KnownDrift extends Drift {
  /** RFC 3339: first and last seen. */
  readonly since: string;
  readonly seen: string;
  /** Auto-sync is stopped for all. */
  readonly stoppedForAll?: true;
}

export interface ShownDrift extends KnownDrift {
  /** When it is corrected, where that is in the future of `seen`. */
  readonly next?: string;
  /** Corrected many times in a row and different again: the fields, and who sets them. */
  readonly fight?: string;
}

export interface ApplicationStatus {
  readonly spec: ApplicationSpec;
  readonly status: ApplicationPhase;
  readonly health: HealthStatus;
  /** Number the next sync will get. */
  readonly nextSync: number;
  readonly revision?: string;
  /** The sync that runs now, else the last one that ran. */
  readonly lastSync?: SyncRecord;
  readonly waiting?: string;
  readonly suspended?: ApplicationState['suspended'];
  readonly rejected?: Rejection;
  /** Auto-sync stands still since this sync, whose rollback failed. */
  readonly frozen?: { readonly sync: number; readonly reason: string };
  /** Live objects differ from what the last sync left. */
  readonly drift?: ShownDrift;
  readonly corrections?: Corrections;
  /** What came by itself has failed so often in a row, and is tried again then. */
  readonly retry?: Pick<PlannedRetry, 'failures' | 'next'>;
  /** What the waiting request waits for: name of each application that is not ready, and why. */
  readonly waitsFor?: Readonly<Record<string, string>>;
  /** The application is gone; its closed workflow still answers, for the history's sake. */
  readonly deleted?: true;
}

export interface RevisionObserved {
  readonly revision: string;
  /** URL of the further source that moved; absent for the main one. */
  readonly repository?: string;
  /** Absent for a sweep. */
  readonly by?: 'webhook';
}

/** News for an application alone: a sweep does not say twice what it said last. */
export interface DriftObserved extends Drift {
  /** Of the accepted set that was compared; drift from another is not heard. */
  readonly confirmed: number;
  readonly at: string;
  readonly stoppedForAll?: true;
}

export type DriftOver = Pick<DriftObserved, 'confirmed'>;

export interface AnnouncementFailed {
  readonly sync: number;
  readonly warnings: readonly string[];
}

/** Handlers treat a missing argument as `{}`: Temporal's CLI may send none. */
export const syncUpdate = defineUpdate<SyncTicket, [SyncRequest]>('sync');
export const rollbackUpdate = defineUpdate<SyncTicket, [SyncRequest]>('rollback');
export const deleteUpdate = defineUpdate<SyncTicket | null, [{ prune?: boolean; who?: string; notify?: string }]>(
  'delete',
);
export const configureUpdate = defineUpdate<
  { created: boolean },
  [{ spec: ApplicationSpec; adopt?: boolean; hold?: boolean }]
>('configure');
export const suspendUpdate = defineUpdate<void, [{ who?: string; why?: string }]>('suspend');
export const resumeUpdate = defineUpdate<void, [{ who?: string }]>('resume');
export const autoSyncUpdate = defineUpdate<void, [{ enabled: boolean }]>('autoSync');
export const revisionObservedSignal = defineSignal<[RevisionObserved]>('revisionObserved');
export const driftObservedSignal = defineSignal<[DriftObserved]>('driftObserved');
export const driftOverSignal = defineSignal<[DriftOver]>('driftOver');
/** A dependent asks whether this application is ready; it is answered at once and, where that was no, when it is. */
export interface DependencyQuestion {
  readonly app: string;
  /** Names the question; a newer one of the same dependent takes its place. */
  readonly question: string;
}

export interface DependencyAnswer extends DependencyQuestion {
  /** Why it is not ready; absent when it is. */
  readonly notReady?: string;
}

export const dependencyAskedSignal = defineSignal<[DependencyQuestion]>('dependencyAsked');
export const dependencyAnsweredSignal = defineSignal<[DependencyAnswer]>('dependencyAnswered');
/** Somebody could not be told how a sync went. */
export const announcementFailedSignal = defineSignal<[AnnouncementFailed]>('announcementFailed');
export const statusQuery = defineQuery<ApplicationStatus>('status');
/** Newest last. */
export const healthySetsQuery = defineQuery<readonly HealthySet[]>('healthySets');
export const historyQuery = defineQuery<readonly SyncRecord[], [number?]>('history');
