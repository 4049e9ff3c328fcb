/**
 * Git over one bare mirror per repository, `<home>/mirrors/<hash of the URL>`; a cache that may vanish at any time.
 *
 * Any number of workers may share the folder, and be killed in it. Each commit is fetched into a ref of its own
 * (`refs/commits/<sha>`), as one pack that git renames into place: no lock is ever shared between two commits, and
 * a ref is there only when all its objects are.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitSource } from '../../domain/application.js';
import type { RemoteRefs } from '../../domain/branch-strategy.js';
import {
  describeArguments,
  listArguments,
  meetingArguments,
  parseFacts,
  RecentFacts,
  type CommitFacts,
} from './commit-facts.js';
import type { CommitDescription, FolderTrees, Git, TreeFile } from './git.js';
import type { GitCommand } from './git-command.js';
import { checkCommit, checkTreePath } from './git-names.js';
import { ObjectReader } from './object-reader.js';
import { Remote, revisionNotFound } from './remote.js';
import { SingleFlight } from './single-flight.js';
import { archiveTree, fileInTree } from './tree-archive.js';

/** git holds the lock of a ref for milliseconds. */
const staleLockMs = 60_000;

export class MirrorGit implements Git {
  /** Work under way in this process: many applications of one repository ask the remote, fetch and read once. */
  private readonly fetches = new SingleFlight<void>();
  private readonly readings = new SingleFlight<CommitFacts>();
  private readonly ancestries = new SingleFlight<boolean>();
  private readonly recent = new RecentFacts<CommitFacts>(8);
  private readonly recentAncestries = new RecentFacts<boolean>(1000);
  private readonly readers = new Map<string, ObjectReader>();

  private readonly remote: Remote;

  constructor(
    private readonly command: GitCommand,
    private readonly home: string,
    allowUrl: (url: string) => void,
  ) {
    this.remote = new Remote(command, home, allowUrl);
  }

  listRemote(
    source: GitSource,
    signal: AbortSignal,
    feeds?: readonly string[],
  ): Promise<Readonly<Record<string, string>>> {
    return this.remote.listRemote(source, signal, feeds);
  }

  listRefs(source: GitSource, signal: AbortSignal): Promise<RemoteRefs> {
    return this.remote.listRefs(source, signal);
  }

  resolve(source: GitSource, revision: string, signal: AbortSignal): Promise<string> {
    return this.remote.resolve(source, revision, signal);
  }

  async treeHashes(
    source: GitSource,
    commit: string,
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>> {
    const { trees } = await this.factsOf(source, commit, signal);
    return Object.fromEntries(paths.map((path) => [path, trees.get(checkTreePath(path)) ?? '']));
  }

  async describe(source: GitSource, commit: string, signal: AbortSignal): Promise<CommitDescription> {
    return (await this.factsOf(source, commit, signal)).description;
  }

  async isAncestor(source: GitSource, older: string, commit: string, signal: AbortSignal): Promise<boolean> {
    const key = `${source.url} ${checkCommit(older)} ${checkCommit(commit)}`;
    const known = this.recentAncestries.get(key);
    return known ?? this.ancestries.run(key, signal, (own) => this.readAncestry(source, [older, commit], own));
  }

  archive(source: GitSource, trees: string | FolderTrees, signal: AbortSignal): Promise<Uint8Array> {
    return this.reading(source, signal, (reader) => archiveTree(reader, trees));
  }

  file(source: GitSource, tree: string, names: readonly string[], signal: AbortSignal): Promise<TreeFile | undefined> {
    return this.reading(source, signal, (reader) => fileInTree(reader, tree, names));
  }

  private async reading<T>(
    source: GitSource,
    signal: AbortSignal,
    read: (reader: ObjectReader) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    try {
      return await read(this.readerOf(source));
    } catch (error) {
      this.recent.clear(); // the mirror may be gone: the next attempt fetches again
      throw error;
    }
  }

  private readerOf(source: GitSource): ObjectReader {
    const mirror = this.mirrorOf(source);
    const known = this.readers.get(mirror);
    const reader = known ?? new ObjectReader(() => this.command.spawn(mirror, ['cat-file', '--batch']));
    this.readers.set(mirror, reader);
    return reader;
  }

  // What it fetches

  /** Afterwards the commit and all it holds are in the mirror. */
  private fetch(source: GitSource, commit: string, signal: AbortSignal): Promise<void> {
    checkCommit(commit);
    return this.fetches.run(`${source.url} ${commit}`, signal, (own) => this.fetchOnce(source, commit, own));
  }

  private async fetchOnce(source: GitSource, commit: string, signal: AbortSignal): Promise<void> {
    await this.ensureMirror(source, signal);
    if (await this.has(source, commit, signal)) return;
    const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', source.url];
    const fetch = (): Promise<string> =>
      this.remote.run(source, this.mirrorOf(source), signal, [...args, `+${commit}:refs/commits/${commit}`]);
    try {
      await fetch();
    } catch (error) {
      if (await this.has(source, commit, signal)) return;
      if (await this.unlock(source, commit)) return void (await fetch());
      throw isUnknownCommit(error) ? revisionNotFound(source.url, commit, []) : error;
    }
  }

  private async has(source: GitSource, commit: string, signal: AbortSignal): Promise<boolean> {
    const found = await this.local(source, signal, [
      'for-each-ref',
      '--format=%(objectname)',
      `refs/commits/${commit}`,
    ]);
    return found.trim() === commit;
  }

  /** Whether there was a lock on the commit's ref that its owner will not give back: a worker that was killed. */
  private async unlock(source: GitSource, commit: string): Promise<boolean> {
    const lock = join(this.mirrorOf(source), 'refs', 'commits', `${commit}.lock`);
    const age = await stat(lock).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age < staleLockMs) return false;
    await rm(lock, { force: true });
    return true;
  }

  // The mirror

  private async factsOf(source: GitSource, commit: string, signal: AbortSignal): Promise<CommitFacts> {
    checkCommit(commit);
    const key = `${source.url} ${commit}`;
    return this.recent.get(key) ?? this.readings.run(key, signal, (own) => this.readFacts(source, commit, own));
  }

  private async readFacts(source: GitSource, commit: string, signal: AbortSignal): Promise<CommitFacts> {
    await this.fetch(source, commit, signal);
    const read = (args: string[]): Promise<string> => this.local(source, signal, args);
    const [described, listed] = await Promise.all([read(describeArguments(commit)), read(listArguments(commit))]);
    return this.recent.put(`${source.url} ${commit}`, parseFacts(described, listed));
  }

  /** All of the newer one's history is in the mirror with it. */
  private async readAncestry(source: GitSource, pair: [string, string], signal: AbortSignal): Promise<boolean> {
    const [older, commit] = pair;
    await this.fetch(source, commit, signal);
    const met = await this.local(source, signal, meetingArguments(older, commit)).catch((error: unknown) => {
      if (isMissingHere(error, older)) return this.nothingMet(source, commit, signal);
      throw error;
    });
    return this.recentAncestries.put(`${source.url} ${older} ${commit}`, met.split('\n').includes(older));
  }

  /** The older one is not there: that says something only where the newer one, and so all of its history, is. */
  private async nothingMet(source: GitSource, commit: string, signal: AbortSignal): Promise<string> {
    await this.local(source, signal, ['cat-file', '-e', `${commit}^{commit}`]);
    return '';
  }

  private async local(source: GitSource, signal: AbortSignal, args: string[]): Promise<string> {
    signal.throwIfAborted();
    return (await this.command.in(this.mirrorOf(source), undefined, signal)).raw(args);
  }

  /** Made aside and renamed: a mirror that is there is whole. */
  private async ensureMirror(source: GitSource, signal: AbortSignal): Promise<void> {
    const mirror = this.mirrorOf(source);
    if (await exists(mirror)) return;
    const aside = `${mirror}.${randomUUID()}`;
    await mkdir(aside, { recursive: true, mode: 0o700 });
    await (await this.command.in(aside, undefined, signal)).raw(['init', '--quiet', '--bare', '--template=']);
    await rename(aside, mirror).catch(async (error: unknown) => {
      await rm(aside, { recursive: true, force: true });
      if (!(await exists(mirror))) throw error;
    });
  }

  private mirrorOf({ url }: GitSource): string {
    return join(this.home, 'mirrors', createHash('sha256').update(url).digest('hex').slice(0, 32));
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isUnknownCommit(error: unknown): boolean {
  return (
    error instanceof Error &&
    /not our ref|upload-pack: not our|did not send|unadvertised object|couldn't find remote ref/i.test(error.message)
  );
}

function isMissingHere(error: unknown, commit: string): boolean {
  return (
    error instanceof Error && /not a valid (commit|object) name/i.test(error.message) && error.message.includes(commit)
  );
}
