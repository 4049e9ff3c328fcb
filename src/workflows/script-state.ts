/**
 * State that outlives the runs of a script. `state/<name>`: each change is an update, each look a query. Idle it costs
 * nothing; a timer runs while something in it is to expire.
 */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { GitOpsError } from '../domain/errors.js';
import { apply, living, nextExpiry, read, type StateOperation, type StateValue } from '../domain/script-state.js';
import { changeStateUpdate, readStateQuery, type AppliedChange, type ScriptStateInput } from './messages.js';

/** Well below what Temporal allows in one run. */
const changesPerRun = 1000;

/** How long a change that is said again is recognised, and how much of that is kept. */
const rememberedMs = 60 * 60_000;
const rememberedChanges = 200;
const rememberedCharacters = 256 * 1024;

/** Never ends; a cancellation from outside is not heard. */
export async function scriptState(input: ScriptStateInput): Promise<void> {
  const state = new ScriptState(input);
  setHandler(changeStateUpdate, (operation) => state.change(operation), { description: 'Change the state' });
  setHandler(readStateQuery, (operation) => state.read(operation), { description: 'Look at the state' });
  await CancellationScope.nonCancellable(() => serve(state));
}

async function serve(state: ScriptState): Promise<void> {
  while (!state.isFull) {
    const expiry = state.nextExpiry;
    const moved = (): boolean => state.isFull || state.nextExpiry !== expiry;
    if (expiry === undefined) await condition(moved);
    else if (!(await condition(moved, Math.max(1, expiry - Date.now())))) state.expire();
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof scriptState>(state.input());
}

class ScriptState {
  private entries: NonNullable<ScriptStateInput['entries']>;
  private applied: readonly AppliedChange[];
  private changes = 0;

  constructor(private readonly initial: ScriptStateInput) {
    this.entries = initial.entries ?? {};
    this.applied = initial.applied ?? [];
  }

  get isFull(): boolean {
    return this.changes >= changesPerRun || workflowInfo().continueAsNewSuggested;
  }

  get nextExpiry(): number | undefined {
    return nextExpiry(this.entries);
  }

  input(): ScriptStateInput {
    return { name: this.initial.name, entries: this.entries, applied: this.applied };
  }

  read(operation: StateOperation): StateValue {
    return translated(() => read(this.entries, operation, Date.now()));
  }

  change({ once, ...operation }: StateOperation & { readonly once: string }): StateValue {
    const known = this.applied.find((change) => change.once === once);
    if (known !== undefined) return known.result;
    const { entries, result } = translated(() => apply(this.entries, operation, Date.now()));
    this.entries = entries;
    this.changes += 1;
    this.remember({ once, at: Date.now(), result });
    this.show();
    return result;
  }

  expire(): void {
    this.entries = living(this.entries, Date.now());
    this.show();
  }

  /** The newest that fit. */
  private remember(change: AppliedChange): void {
    const newest = [...this.applied, change]
      .filter(({ at }) => at > change.at - rememberedMs)
      .slice(-rememberedChanges);
    let size = 0;
    const from = newest.findLastIndex((one) => (size += sizeOf(one)) > rememberedCharacters);
    this.applied = newest.slice(Math.min(from + 1, newest.length - 1));
  }

  private show(): void {
    setCurrentDetails(`${Object.keys(this.entries).length} keys`);
  }
}

function sizeOf(change: AppliedChange): number {
  return JSON.stringify(change).length;
}

/** What a script did wrong fails its update, not this workflow. */
function translated<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof GitOpsError)) throw error;
    const { code, message, hint } = error;
    const details = hint === undefined ? [] : [{ hint }];
    throw ApplicationFailure.create({ type: code, message, nonRetryable: true, details });
  }
}
