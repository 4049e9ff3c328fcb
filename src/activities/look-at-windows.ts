/**
 * Whether windows let an application be synced now. It is asked here because time zones are the machine's, and the
 * operator's windows the worker's: a workflow could read neither twice alike.
 */
import { closedAt, type Closed } from '../domain/sync-window.js';
import type { Governance } from '../domain/policy/project.js';
import type { OwnWindows } from '../domain/sync.js';
import type { Target } from '../domain/target.js';

export interface WindowsDependencies {
  readonly governance: Governance;
  readonly now: () => number;
}

export interface LookAtWindowsInput {
  readonly target: Target;
  readonly windows?: OwnWindows;
}

export function createLookAtWindows(
  deps: WindowsDependencies,
): (input: LookAtWindowsInput) => Promise<{ readonly closed?: Closed }> {
  return async (input) => closedNow(deps, input);
}

/** A project that is unknown has no windows; that it is unknown is told by whoever asks for its rules. */
export function closedNow(
  { governance, now }: WindowsDependencies,
  { target, windows: { environment, own = [] } = {} }: LookAtWindowsInput,
): { readonly closed?: Closed } {
  const { appName, destination, project = 'default' } = target;
  const operator = governance.projects.get(project)?.windows ?? [];
  const place = { name: appName, ...destination, ...(environment === undefined ? {} : { environment }) };
  const closed = closedAt([operator, own], place, now());
  return closed === undefined ? {} : { closed };
}
