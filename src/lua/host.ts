/**
 * What the interpreter asks of whoever runs it. Tests hold every promise of this interface in their hand; the script
 * workflow implements it with activities and timers.
 */
import type { MaybeSecret } from '../domain/secret-text.js';
import type { Metric } from './metrics.js';
import type { ScriptFiles } from './script-files.js';

/** What crosses between Lua and the host: JSON. */
export type Data = null | boolean | number | string | readonly Data[] | { readonly [key: string]: Data };

/** One durable call of the script. */
export interface Step {
  /** 1, 2, 3 ... in the order the calls were made. */
  readonly number: number;
  /** `gitops.workflow`, `artifact.read` ... */
  readonly call: string;
  readonly args: readonly Data[];
  /** For people, at most 120 characters. */
  readonly summary: string;
  /** Line of the script. */
  readonly line: number;
  /** The task that makes the call; absent in the body of the script and in the hooks of a workflow. */
  readonly task?: TaskContext;
  readonly place: Place;
}

/** What a task asks for on behalf of its calls. */
export interface TaskContext {
  readonly name: string;
  /** Task queue of the workers that its shell lines, files and git commands go to. */
  readonly delegateTo?: string;
  /** Folder for these, relative to the run's own. */
  readonly workdir?: string;
  readonly env?: Readonly<Record<string, MaybeSecret>>;
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'success' | 'print';
  readonly text: string;
}

/** Where in its workflows a script stands; nothing is set while its body runs. */
export interface Place {
  readonly workflow?: string;
  readonly task?: string;
  readonly hook?: string;
  /** 1 for the first. */
  readonly attempt?: number;
}

/** A workflow of tasks as it was defined, tasks in the order they run. */
export interface WorkflowDefinition {
  readonly name: string;
  readonly description?: string | number;
  readonly version?: string | number;
  readonly hooks: readonly string[];
  readonly tasks: readonly TaskDefinition[];
}

export interface TaskDefinition {
  readonly name: string;
  readonly description?: string | number;
  readonly depends_on: readonly string[];
  readonly retries: number;
  readonly backoff?: string | number;
  readonly timeout?: string | number;
  readonly hooks: readonly string[];
}

export interface Host {
  /**
   * Performs a step durably.
   * @returns JSON, or nothing; rejects with an error that has `code`, `message` and perhaps `hint`: any other ends the run
   */
  execute(step: Step): Promise<unknown>;
  sleep(ms: number, why: string, place: Place): Promise<void>;
  /** Gives way to other runs. Absent where nobody waits: there a script computes in one go. */
  pause?(): Promise<void>;
  log(line: LogLine): void;
  /** ms since epoch. */
  now(): number;
  /** [0, 1) */
  random(): number;
  /** Each workflow, before its first task. */
  defined?(workflow: WorkflowDefinition): void;
  /**
   * Runs work whose calls and pauses end together; without it nothing ever ends early.
   * @throws Interruption at once when the time is up or the run is cancelled, whatever the work is waiting for
   */
  within?<T>(bounds: Bounds, work: () => Promise<T>): Promise<T>;
  /** Whether the run was asked to end: then nothing new is begun. */
  cancelled?(): boolean;
  /** One task after the other in the order of their list, whatever the script allows. */
  readonly inListOrder?: true;
}

export interface Bounds {
  readonly timeoutMs?: number;
  /** What is shielded goes on when the run is cancelled, for a while: it brings things to a known state. */
  readonly shielded?: boolean;
}

/** Why work came to an early end. */
export class Interruption extends Error {
  constructor(readonly interrupted: 'timeout' | 'cancelled') {
    super(interrupted === 'timeout' ? 'the time is up' : 'The script was cancelled');
  }
}

export interface Script {
  readonly name: string;
  readonly source: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, string>>;
  /** Files submitted with the script: path relative to its folder -> source. */
  readonly modules?: ScriptFiles;
  /** What os.getenv may answer. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A person is asked before each task. */
  readonly interactive?: boolean;
}

export interface TaskResult {
  readonly name: string;
  readonly status: 'succeeded' | 'failed' | 'skipped';
  readonly attempts: number;
  readonly durationMs: number;
  readonly message?: string;
  /** Of a task that raised an error: its stack of Lua functions, innermost first. */
  readonly trace?: readonly string[];
  readonly output?: Data;
}

export interface WorkflowResult {
  readonly name: string;
  readonly success: boolean;
  readonly message: string;
  readonly durationMs: number;
  readonly tasks: readonly TaskResult[];
}

export interface ScriptResult {
  readonly success: boolean;
  readonly workflows: readonly WorkflowResult[];
  readonly warnings: readonly string[];
  /** What `metrics` recorded; absent when it recorded nothing. */
  readonly metrics?: readonly Metric[];
}
