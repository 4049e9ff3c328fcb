/**
 * What a run of a script starts with, what it shows and asks, and the state that scripts keep.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { SyncRecord } from '../../domain/sync-record.js';
import type { StateEntries, StateOperation, StateValue } from '../../domain/script-state.js';
import type { LogLine, ScriptResult } from '../../lua/host.js';

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
