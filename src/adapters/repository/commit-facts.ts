/**
 * What never changes about a commit: its description, the tree of every folder, and whether another one is in its
 * history. Read with a run of git or two and kept for the newest commits, so that a thousand applications of one
 * repository ask once.
 */
import type { CommitDescription } from './git.js';

export interface CommitFacts {
  readonly description: CommitDescription;
  /** Folder -> tree hash; `.` is the root. */
  readonly trees: ReadonlyMap<string, string>;
}

/** Arguments of the two runs. */
export const describeArguments = (commit: string): string[] => ['show', '--no-patch', '--format=%T%n%s%n%an', commit];
export const listArguments = (commit: string): string[] => ['ls-tree', '-r', '-d', '-z', '--full-tree', commit];

/** Prints the commit where the two histories met last. https://git-scm.com/docs/git-merge-base */
export const meetingArguments = (one: string, other: string): string[] => ['merge-base', one, other];

const longest = 100;

export function parseFacts(described: string, listed: string): CommitFacts {
  const [root = '', subject = '', author = ''] = described.split('\n');
  const entries = [...listed.matchAll(/\d+ tree ([0-9a-f]+)\t([^\0]+)\0/g)].map(
    (m) => [m[2] ?? '', m[1] ?? ''] as const,
  );
  return {
    description: { subject: subject.slice(0, longest), author: author.slice(0, longest) },
    trees: new Map([['.', root], ...entries]),
  };
}

export class RecentFacts<T> {
  private readonly facts = new Map<string, T>();

  /** @param kept how many; of a repository with 100,000 folders the trees of a commit take some 10 MB */
  constructor(private readonly kept: number) {}

  get(key: string): T | undefined {
    const found = this.facts.get(key);
    if (found !== undefined) this.put(key, found); // used again, so newest again
    return found;
  }

  put(key: string, facts: T): T {
    this.facts.delete(key);
    this.facts.set(key, facts);
    for (const oldest of this.facts.keys()) if (this.facts.size > this.kept) this.facts.delete(oldest);
    return facts;
  }

  clear(): void {
    this.facts.clear();
  }
}
