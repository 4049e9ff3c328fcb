/**
 * Which earlier set a rollback returns to.
 */
import { GitOpsError } from './errors.js';
import type { Digest } from './digest.js';

export type RollbackChoice =
  | { readonly to: 'previous' }
  | { readonly to: 'commit'; readonly commit: string }
  | { readonly to: 'timestamp'; readonly timestamp: string }
  | { readonly to: 'sync'; readonly sync: string };

/** As a script writes it. */
export interface RollbackTarget {
  readonly to?: string;
  readonly commit?: string;
  readonly timestamp?: string;
  readonly sync_id?: string;
}

/**
 * `to` decides; without it the value that is there. A target that says nothing we know must not mean "previous".
 * @throws GitOpsError InvalidInput
 */
export function choiceFrom({ to, commit, timestamp, sync_id: sync, ...unknown }: RollbackTarget): RollbackChoice {
  const [field] = Object.keys(unknown);
  if (field !== undefined) throw refused(`target.${field} is unknown`);
  if (commit !== undefined && (to ?? 'commit') === 'commit') return { to: 'commit', commit };
  if (timestamp !== undefined && (to ?? 'timestamp') === 'timestamp') return { to: 'timestamp', timestamp };
  if (sync !== undefined && (to ?? 'sync') === 'sync') return { to: 'sync', sync };
  if ((to ?? 'previous') === 'previous') return { to: 'previous' };
  throw refused(`target.to = "${to}" comes without its value`);
}

function refused(message: string): GitOpsError {
  const hint =
    'write { commit = "4f2a..." }, { timestamp = "2026-01-31T12:00:00Z" }, { sync_id = "sync-3" } or nothing';
  return new GitOpsError('InvalidInput', message, { hint });
}

export interface RollbackCandidate {
  readonly sync: number;
  readonly revision: string;
  readonly manifests: Digest;
  readonly finishedAt: string;
}

/**
 * The newest candidate that the choice allows; `previous` is the last healthy sync whose set differs from the live one.
 * @param candidates healthy sets, oldest first
 * @param live revision and set the application stands on now, if any
 * @throws GitOpsError NothingToRollBackTo, with the candidates in its hint
 */
export function chooseRollback<C extends RollbackCandidate>(
  choice: RollbackChoice,
  candidates: readonly C[],
  live: { revision?: string; manifests?: Digest },
): C {
  const fits = matcher(choice, live);
  const found = candidates.findLast(fits);
  if (found) return found;
  throw new GitOpsError('NothingToRollBackTo', `no healthy sync ${describe(choice)}`, { hint: listing(candidates) });
}

function matcher(choice: RollbackChoice, live: { revision?: string }): (candidate: RollbackCandidate) => boolean {
  switch (choice.to) {
    case 'previous':
      return (c) => c.revision !== live.revision;
    case 'commit':
      return (c) => c.revision.startsWith(choice.commit.toLowerCase());
    case 'timestamp':
      return (c) => Date.parse(c.finishedAt) <= Date.parse(choice.timestamp);
    case 'sync':
      return (c) => `sync-${c.sync}` === choice.sync || String(c.sync) === choice.sync;
  }
}

function describe(choice: RollbackChoice): string {
  switch (choice.to) {
    case 'previous':
      return 'of another revision exists to roll back to';
    case 'commit':
      return `of commit ${choice.commit} exists`;
    case 'timestamp':
      return `finished at or before ${choice.timestamp}`;
    case 'sync':
      return `is called ${choice.sync}`;
  }
}

function listing(candidates: readonly RollbackCandidate[]): string {
  if (candidates.length === 0) return 'the application has no healthy sync yet';
  const names = candidates.slice(-5).map((c) => `sync-${c.sync} (${c.revision.slice(0, 8)}, ${c.finishedAt})`);
  return `healthy syncs: ${names.join(', ')}`;
}
