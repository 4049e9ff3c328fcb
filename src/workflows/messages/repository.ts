/**
 * What a repository workflow is told and remembers, and what the sweeps start with.
 */
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CredentialsReference } from '../../domain/application.js';

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
  /** Applications that are told before it, where one commit is news for several. */
  readonly after?: readonly string[];
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

/** Ends it: nobody may follow it. */
export const removeRepositoryUpdate = defineUpdate<void, []>('remove');

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
