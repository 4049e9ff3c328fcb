/**
 * Who goes first: a person before a webhook before a sweep. Inside an application and, as the priority of Temporal's
 * task queues, between applications.
 */
import type { SyncTrigger } from './sync-record.js';

/** 1 comes first; Temporal knows 1 to 5 and takes 3 where nothing is said. */
export type Urgency = 1 | 2 | 3 | 4;

const urgencies: Readonly<Record<SyncTrigger, Urgency>> = {
  manual: 1,
  script: 1,
  promotion: 1,
  rollback: 1,
  webhook: 2,
  created: 3,
  auto: 4,
  drift: 4,
};

export function urgencyOf(trigger: SyncTrigger = 'manual'): Urgency {
  return urgencies[trigger];
}

export type CommitTrigger = Extract<SyncTrigger, 'auto' | 'webhook'>;

/** A commit led to it: nobody asked, and a newer commit makes it pointless. */
export function isOfCommit(trigger: SyncTrigger | undefined): trigger is CommitTrigger {
  return trigger === 'auto' || trigger === 'webhook';
}

/** Somebody asked for this revision by name: a commit does not take its place. */
export function isPinned(request: { readonly trigger?: SyncTrigger; readonly revision?: string }): boolean {
  const { trigger, revision } = request;
  return !isOfCommit(trigger) && trigger !== 'created' && revision !== undefined;
}

/** A newer commit takes the place of one that waits and is as urgent as the more urgent of the two. */
export function moreUrgent(one: CommitTrigger, other: SyncTrigger | undefined): CommitTrigger {
  return isOfCommit(other) && urgencyOf(other) < urgencyOf(one) ? other : one;
}
