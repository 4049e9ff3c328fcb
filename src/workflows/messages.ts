/**
 * Names and shapes of everything that is said to a workflow: inputs, signals, updates, queries.
 *
 * The client, the activities and Temporal's own CLI speak to workflows through these alone, so every field but the
 * essential ones is optional: `temporal workflow update execute --name sync --input '{}'` is a whole request.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ActionRequest } from '../domain/actions/record.js';
import type { Approval, Decision } from '../domain/approval.js';
import type { Notifications } from '../domain/announcements.js';
import type { ApplicationSpec, CredentialsReference, HealthStatus } from '../domain/application.js';
import type { AcceptedSet } from '../domain/drift/accepted-set.js';
import type { Drift } from '../domain/drift/drift.js';
import type { Corrections } from '../domain/drift/heal-pause.js';
import type { Digest } from '../domain/digest.js';
import type { Gate } from '../domain/gate.js';
import type { SyncRecord, SyncTrigger } from '../domain/sync-record.js';
import type { RollbackChoice } from '../domain/rollback-choice.js';
import type { StateEntries, StateOperation, StateValue } from '../domain/script-state.js';
import type { LogLine, ScriptResult } from '../lua/host.js';

/** Task queues; a worker process serves one or several of them (design.md section 3, rule 10: Lua has its own). */
export const taskQueues = { engine: 'sloth-runner', lua: 'sloth-lua', git: 'sloth-git' } as const;

/** Each cluster has one of its own: a cluster that does not answer holds up its own steps alone. */
export function clusterQueue(cluster: string): string {
  return `sloth-cluster-${cluster}`;
}

/** After so long another worker takes over the workflow task of one that died; the server's default is 10 s. */
export const workflowTaskTimeout = '5s';

export const workflowIds = {
  application: (app: string): string => `gitops/${app}`,
  sync: (app: string, sync: number): string => `gitops/${app}/sync-${sync}`,
  repository: (repository: string): string => `repository/${repository}`,
  scriptState: (name: string): string => `state/${name}`,
  announcement: (app: string, sync: number): string => `gitops/${app}/sync-${sync}/announcement`,
  /** One at a time for each pull request, so that there is one comment. */
  diffComment: (app: string, pullRequest: number): string => `gitops/${app}/comment-${pullRequest}`,
} as const;

// application

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
  /** The commit of a further source that this sync is for. */
  readonly seen?: RevisionObserved;
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
/** Somebody could not be told how a sync went. */
export const announcementFailedSignal = defineSignal<[AnnouncementFailed]>('announcementFailed');
export const statusQuery = defineQuery<ApplicationStatus>('status');
export const historyQuery = defineQuery<readonly SyncRecord[], [number?]>('history');

// sync

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

// preview

export interface LiveHealthWorkflowInput {
  readonly spec: ApplicationSpec;
}

export interface PreviewInput {
  readonly spec: ApplicationSpec;
  readonly revision?: string;
  readonly prune?: boolean;
  /** Artifact of a local folder that takes the place of the repository's. */
  readonly archive?: Digest;
}

// announcement

/** What is said of a sync: its commit's status, and messages. It ends when the sync has, and all was said. */
export interface AnnouncementInput {
  readonly app: AnnouncedApplication;
  readonly sync: number;
  /** RFC 3339: nothing that was said later by another sync is taken back. */
  readonly startedAt: string;
  /** Known from the start, where there is a commit to give a status to. */
  readonly revision?: string;
  /** It is about a commit as a whole. */
  readonly ofCommit: boolean;
}

export type AnnouncedApplication = Pick<ApplicationSpec, 'id' | 'name' | 'project' | 'environment' | 'destination'> & {
  readonly notifications: Notifications;
};

/** The sync waits for a person; the text says what for. */
export const approvalNeededSignal = defineSignal<[{ readonly message: string }]>('approvalNeeded');

// comments

export interface DiffCommentInput {
  readonly app: Pick<ApplicationSpec, 'id' | 'name' | 'environment' | 'notifications'>;
  readonly pullRequest: number;
  readonly report: Digest;
  readonly revision: string;
}

// resource actions

export interface ListActionsWorkflowInput {
  readonly spec: ApplicationSpec;
  /** One object as it was named; absent for all. */
  readonly resource?: string;
}

export interface ActionWorkflowInput {
  readonly spec: ApplicationSpec;
  readonly request: ActionRequest;
}

// script

export interface ScriptInput {
  readonly name?: string;
  /** What its errors call it, where that is not the name. */
  readonly file?: string;
  readonly source: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, string>>;
  /** Folder of the script on the submitting machine: paths in it are relative to this. */
  readonly directory?: string;
  /** Cluster of applications that name none, default `default`. */
  readonly cluster?: string;
  readonly who?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Files that go with it: path relative to its folder -> source. */
  readonly modules?: Readonly<Record<string, string>>;
  /** A person is asked before each task. */
  readonly interactive?: boolean;
  /** Every question is answered with yes. */
  readonly yes?: boolean;
  /** Which driver runs it, see `script.ts`; 1 where it is absent. */
  readonly luaAbi?: number;
}

export interface NumberedLine extends LogLine {
  readonly number: number;
}

export interface ScriptProgress {
  readonly lines: readonly NumberedLine[];
  readonly done: boolean;
  /** Questions that wait for a person; absent when there are none. */
  readonly questions?: readonly Question[];
}

/** What a script asks a person. */
export interface Question {
  /** 1, 2, 3 ... in the order the script asked. */
  readonly number: number;
  readonly prompt: string;
  /** The task that asks. */
  readonly task?: string;
  /** RFC 3339: when it is taken for "n". */
  readonly until: string;
}

export interface QuestionAnswer {
  readonly answer: string;
  /** Which one; may be left out while only one is open. */
  readonly question?: number;
  readonly by?: string;
  readonly reason?: string;
}

export type { ScriptResult };

export interface SyncFinished {
  readonly app: string;
  readonly record: SyncRecord;
}

export const linesQuery = defineQuery<ScriptProgress, [number?]>('lines');
export const answerUpdate = defineUpdate<Question, [QuestionAnswer]>('answer');
export const syncFinishedSignal = defineSignal<[SyncFinished]>('syncFinished');

// state of scripts

export interface ScriptStateInput {
  readonly name: string;
  /** Carried from run to run by continue-as-new. */
  readonly entries?: StateEntries;
  /** What the newest changes gave, by the name of the change. */
  readonly applied?: readonly AppliedChange[];
}

export interface AppliedChange {
  readonly once: string;
  readonly at: number;
  readonly result: StateValue;
}

/** Said twice under one name, a change is made once and gives the same again. */
export const changeStateUpdate = defineUpdate<StateValue, [StateOperation & { readonly once: string }]>('change');
export const readStateQuery = defineQuery<StateValue, [StateOperation]>('read');

// repository

export interface RepositoryInput {
  readonly id: string;
  readonly url: string;
  readonly credentials?: CredentialsReference;
  readonly state?: RepositoryState;
}

export interface Subscriber {
  readonly app: string;
  readonly branch: string;
  readonly path: string;
  /** 0 = on no schedule, only when somebody says that there is something to see. */
  readonly intervalMs: number;
  /** Further folders whose change is news, too. */
  readonly also?: readonly string[];
  /** Which of the application's further sources this is, from 1; absent for the main one. */
  readonly source?: number;
  /** A follower that is new here wants to hear at once where its branch stands. */
  readonly news?: true;
}

export interface RepositoryState {
  readonly version: 1;
  readonly defaultBranch?: string;
  /** By application; those of further sources by application and number. */
  readonly subscribers: Readonly<Record<string, Subscriber>>;
  /** Last commit seen on each branch somebody subscribed to. */
  readonly heads: Readonly<Record<string, string>>;
  /** Tree hash of `branch:path` at that commit. */
  readonly trees: Readonly<Record<string, string>>;
  /** The looks that failed in a row; absent when the last one did not. */
  readonly failing?: { readonly looks: number; readonly by: Looker; readonly message: string } | undefined;
}

/** Why somebody looks where branches stand. */
export type Looker = 'webhook' | 'sweep';

/** Kept in the memo, so that a sweep reads it without waking the workflow. */
export interface RepositoryMemo {
  readonly id: string;
  readonly url: string;
  readonly credentials?: CredentialsReference;
  readonly branch?: string;
  readonly heads: Readonly<Record<string, string>>;
  readonly branches: readonly string[];
  /** Shortest interval any subscriber asked for, in ms; 0 = nobody wants to be told by a schedule. */
  readonly intervalMs: number;
  /** Applications that follow it. */
  readonly followers?: number;
  /** Why it could not be looked at, while that is so. */
  readonly unreachable?: string;
}

export const subscribeSignal = defineSignal<[Subscriber]>('subscribe');
export const unsubscribeSignal = defineSignal<[{ app: string }]>('unsubscribe');
/** Look now where the branches stand: no more than a hint, so said twice or late it does no harm. */
export const lookSignal = defineSignal<[{ by?: Looker }]>('look');
/** Branch -> commit, as the `git ls-remote` of an older build's sweep saw them. */
export const headsObservedSignal = defineSignal<[Readonly<Record<string, string>>]>('headsObserved');
export const describeRepositoryUpdate = defineUpdate<
  void,
  [{ url: string; credentials?: CredentialsReference; branch?: string }]
>('describe');

// sweep

export interface SweepInput {
  readonly intervalMs: number;
}

// drift sweep

export interface DriftSweepInput {
  readonly cluster: string;
  /** Only this application, by its id. */
  readonly app?: string;
}
