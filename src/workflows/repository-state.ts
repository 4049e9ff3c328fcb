/**
 * What a repository remembers of its branches and followers, and what a look at it changes. Plain functions of plain
 * data.
 */
import type { FollowedBranch, LookResult, MovedBranch } from '../activities/look-at-repository.js';
import type { Looker, RepositoryState, Subscriber } from './messages.js';

export const emptyRepository: RepositoryState = { version: 1, subscribers: {}, heads: {}, trees: {} };

export function subscribed(state: RepositoryState, { news: _said, ...subscriber }: Subscriber): RepositoryState {
  return { ...state, subscribers: { ...state.subscribers, [keyOf(subscriber)]: subscriber } };
}

export function unsubscribed(state: RepositoryState, app: string): RepositoryState {
  const others = Object.entries(state.subscribers).filter(([, subscriber]) => subscriber.app !== app);
  return { ...state, subscribers: Object.fromEntries(others) };
}

/** Follows a branch that was seen before, at a place of which it has heard nothing: the next look would not tell it. */
export function mustBeToldNow({ subscribers, heads }: RepositoryState, subscriber: Subscriber): boolean {
  const { [keyOf(subscriber)]: known } = subscribers;
  const same = known?.branch === subscriber.branch && known.path === subscriber.path;
  return subscriber.news === true && !same && heads[subscriber.branch] !== undefined;
}

function keyOf({ app, source }: Subscriber): string {
  return source === undefined ? app : `${app}#${source}`;
}

/** What a look has to find out. */
export function followedBranches({ subscribers, heads }: RepositoryState): Readonly<Record<string, FollowedBranch>> {
  const followed: Record<string, FollowedBranch> = {};
  for (const subscriber of Object.values(subscribers)) {
    const { [subscriber.branch]: head } = heads;
    const paths = new Set([...(followed[subscriber.branch]?.paths ?? []), ...pathsOf(subscriber)]);
    followed[subscriber.branch] = { ...(head === undefined ? {} : { head }), paths: [...paths] };
  }
  return followed;
}

/** Those whose own path changed. */
export function concernedBy(state: RepositoryState, branch: string, { trees }: MovedBranch): readonly Subscriber[] {
  const isNews = (path: string): boolean =>
    trees[path] !== undefined && trees[path] !== state.trees[`${branch}:${path}`];
  return Object.values(state.subscribers).filter((s) => s.branch === branch && pathsOf(s).some(isNews));
}

export function afterLook(state: RepositoryState, moved: LookResult): RepositoryState {
  const { failing: _over, ...known } = state;
  const heads = Object.entries(moved).map(([branch, { commit }]) => [branch, commit]);
  const trees = Object.entries(moved).flatMap(([branch, { trees: hashes }]) =>
    Object.entries(hashes).map(([path, hash]) => [`${branch}:${path}`, hash]),
  );
  return {
    ...known,
    heads: { ...state.heads, ...Object.fromEntries(heads) },
    trees: { ...state.trees, ...Object.fromEntries(trees) },
  };
}

export function afterFailedLook(state: RepositoryState, by: Looker, message: string): RepositoryState {
  return { ...state, failing: { looks: (state.failing?.looks ?? 0) + 1, by, message } };
}

const pause = { firstMs: 2000, factor: 3, longestMs: 300_000 } as const;

/** How long after a failed look it is tried again, in ms: 2 s, 6 s, 18 s ... 5 minutes. */
export function retryPauseMs({ failing }: RepositoryState): number | undefined {
  if (failing === undefined) return undefined;
  return Math.min(pause.longestMs, pause.firstMs * pause.factor ** (failing.looks - 1));
}

function pathsOf({ path, also = [] }: Subscriber): readonly string[] {
  return [path, ...also];
}
