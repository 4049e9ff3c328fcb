/**
 * What never changes about a commit: its description and the tree of every folder. Read with two runs of git and kept
 * for the newest commits, so that a thousand applications of one repository ask once.
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

/** Commits whose facts are kept; a repository with 100,000 folders holds some 10 MB for each. */
const kept = 8;

export class RecentFacts {
  private readonly facts = new Map<string, CommitFacts>();

  get(commit: string): CommitFacts | undefined {
    const found = this.facts.get(commit);
    if (found !== undefined) this.put(commit, found); // used again, so newest again
    return found;
  }

  put(commit: string, facts: CommitFacts): CommitFacts {
    this.facts.delete(commit);
    this.facts.set(commit, facts);
    for (const oldest of this.facts.keys()) if (this.facts.size > kept) this.facts.delete(oldest);
    return facts;
  }

  clear(): void {
    this.facts.clear();
  }
}
