/**
 * What an application makes of a commit that the sweep of a repository saw: of its main source, or of a further one.
 * A sync for the main source goes to that commit; one for another source goes to where every branch stands.
 */
import type { ApplicationSpec } from '../domain/application.js';
import { isOfCommit, moreUrgent } from '../domain/urgency.js';
import { isSuperseded, lastAsked } from './application-state.js';
import type { ApplicationState, NumberedRequest, RevisionObserved, SyncRequest } from './messages.js';

/** A source that the declaration no longer names is nobody's business. */
export function concerns({ further = [] }: ApplicationSpec, { repository }: RevisionObserved): boolean {
  return repository === undefined || further.some(({ source }) => source.url === repository);
}

/**
 * What the commit was worth is known already: it ran last, or it was rejected. A request that another took the place of
 * has decided nothing.
 */
export function isSettled(state: ApplicationState, seen: RevisionObserved | undefined): boolean {
  return wasSettled({ ...state, history: state.history.filter((record) => !isSuperseded(record)) }, seen);
}

/** As runs judged it that began when a superseded request counted as the last one. */
export function wasSettled({ rejected, history }: ApplicationState, seen: RevisionObserved | undefined): boolean {
  if (seen === undefined) return false;
  const last = lastAsked({ history });
  const { repository, revision } = seen;
  if (repository === undefined) return [rejected?.revision, last?.revision].includes(revision);
  return (last?.revisions ?? []).some((one) => one.repository === repository && one.revision === revision);
}

/** The commit a request is for; undefined when it is for whatever the branches hold. */
export function seenBy({ revision, seen, trigger }: SyncRequest): RevisionObserved | undefined {
  const by = trigger === 'webhook' ? { by: trigger } : {};
  return seen ?? (revision === undefined ? undefined : { revision, ...by });
}

/** Asked for by another commit of the same branch. */
export function isOfAnother(request: SyncRequest, { repository, revision }: RevisionObserved): boolean {
  const wanted = isOfCommit(request.trigger) ? seenBy(request) : undefined;
  return wanted !== undefined && wanted.repository === repository && wanted.revision !== revision;
}

export function isOnItsWay({ repository, revision }: RevisionObserved, request: SyncRequest | undefined): boolean {
  if (repository === undefined) return request?.revision === revision;
  return request?.seen?.repository === repository && request.seen.revision === revision;
}

export function keptForLater(state: ApplicationState, seen: RevisionObserved): ApplicationState {
  return seen.repository === undefined
    ? { ...state, observed: seen.revision, observedBy: seen.by }
    : { ...state, observedElsewhere: seen };
}

/**
 * The sync for a commit, in the place of one that waits. When the two are for different repositories, the new one is
 * for whatever their branches hold: it must not be skipped because one of them was dealt with meanwhile.
 */
export function requestFor(seen: RevisionObserved, waiting: NumberedRequest | undefined): SyncRequest {
  const { repository, revision, by = 'auto' } = seen;
  const trigger = moreUrgent(by, waiting?.trigger);
  const auto = { trigger, who: trigger === 'auto' ? 'auto-sync' : trigger };
  const before = waiting && seenBy(waiting);
  const other = waiting !== undefined && (before === undefined || before.repository !== repository);
  if (repository === undefined) return other ? auto : { revision, ...auto };
  const why = `${repository} moved to ${revision.slice(0, 8)}`;
  return other ? { ...auto, why } : { ...auto, why, seen };
}

/** A person's request takes the place of one for a commit: what the commit brings is not lost, it comes afterwards. */
export function keepingCommit(
  state: ApplicationState,
  superseded: NumberedRequest | undefined,
  by: SyncRequest,
): ApplicationState {
  const seen = isOfCommit(superseded?.trigger) && !isOfCommit(by.trigger) ? seenBy(superseded) : undefined;
  return seen === undefined ? state : keptForLater(state, seen);
}
