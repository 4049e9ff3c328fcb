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
import { GitOpsError } from '../../domain/errors.js';
import { chooseRef, isFeed, type RemoteRefs } from '../../domain/branch-strategy.js';
import { nearest } from '../../domain/nearest.js';
import { describeArguments, listArguments, parseFacts, RecentFacts, type CommitFacts } from './commit-facts.js';
import { FreshFlight } from './fresh-flight.js';
import type { CommitDescription, FolderTrees, Git, TreeFile } from './git.js';
import type { GitCommand } from './git-command.js';
import { gitFailure } from './git-failure.js';
import { checkCommit, checkRevision, checkTreePath, isFullHash, isShortHash } from './git-names.js';
import { ObjectReader } from './object-reader.js';
import { SingleFlight } from './single-flight.js';
import { archiveTree, fileInTree } from './tree-archive.js';

/** git holds the lock of a ref for milliseconds. */
const staleLockMs = 60_000;

export class MirrorGit implements Git {
  /** Work under way in this process: many applications of one repository ask the remote, fetch and read once. */
  private readonly looks = new FreshFlight<Map<string, string>>();
  private readonly fetches = new SingleFlight<void>();
  private readonly readings = new SingleFlight<CommitFacts>();
  private readonly recent = new RecentFacts();
  private readonly readers = new Map<string, ObjectReader>();

  constructor(
    private readonly command: GitCommand,
    private readonly home: string,
    private readonly allowUrl: (url: string) => void,
  ) {}

  async listRemote(
    source: GitSource,
    signal: AbortSignal,
    feeds: readonly string[] = [],
  ): Promise<Readonly<Record<string, string>>> {
    const refs = await this.listRefs(source, signal);
    const heads = Object.entries(refs).flatMap(([ref, commit]) =>
      ref.startsWith('refs/heads/') ? [[ref.slice('refs/heads/'.length), commit] as const] : [],
    );
    const chosen = feeds.filter(isFeed).flatMap((feed) => {
      const found = chooseRef(feed, refs);
      return found === undefined ? [] : [[feed, found.commit] as const];
    });
    return Object.fromEntries([...heads, ...chosen]);
  }

  async listRefs(source: GitSource, signal: AbortSignal): Promise<RemoteRefs> {
    const refs = await this.remoteRefs(source, signal);
    const named = [...refs.keys()].filter((ref) => /^refs\/(heads|tags)\//.test(ref) && !ref.endsWith('^{}'));
    return Object.fromEntries(named.map((ref) => [ref, refs.get(`${ref}^{}`) ?? refs.get(ref) ?? '']));
  }

  async resolve(source: GitSource, revision: string, signal: AbortSignal): Promise<string> {
    if (isFeed(revision)) return this.fed(source, revision, signal);
    const name = checkRevision(revision);
    if (isFullHash(name)) return name;
    const refs = await this.remoteRefs(source, signal);
    const found = [`refs/heads/${name}`, `refs/tags/${name}^{}`, `refs/tags/${name}`, `${name}^{}`, name]
      .map((ref) => refs.get(ref))
      .find(Boolean);
    return found ?? this.abbreviated(source, name, refs);
  }

  private async fed(source: GitSource, feed: string, signal: AbortSignal): Promise<string> {
    const chosen = chooseRef(feed, await this.listRefs(source, signal));
    if (chosen !== undefined) return chosen.commit;
    throw new GitOpsError('RevisionNotFound', `${source.url} has no branch or tag that matches '${feed}'`, {
      hint: 'push one, or change branch_strategy',
    });
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

  // The remote

  private remoteRefs(source: GitSource, signal: AbortSignal): Promise<Map<string, string>> {
    const who = JSON.stringify([source.url, source.credentials]);
    return this.looks.run(who, signal, (own) => this.lookAtRemote(source, own));
  }

  private async lookAtRemote(source: GitSource, signal: AbortSignal): Promise<Map<string, string>> {
    const text = await this.remote(source, this.home, signal, ['ls-remote', '--', source.url]);
    const lines = text.split('\n').filter((line) => line.includes('\t'));
    return new Map(lines.map((line) => line.split('\t').reverse() as [ref: string, commit: string]));
  }

  private abbreviated(source: GitSource, name: string, refs: Map<string, string>): string {
    const commits = [...new Set(refs.values())].filter((commit) => isShortHash(name) && commit.startsWith(name));
    if (commits.length === 1 && commits[0] !== undefined) return commits[0];
    throw revisionNotFound(source.url, name, [...refs.keys()]);
  }

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
      this.remote(source, this.mirrorOf(source), signal, [...args, `+${commit}:refs/commits/${commit}`]);
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

  private async remote(source: GitSource, folder: string, signal: AbortSignal, args: string[]): Promise<string> {
    this.allowUrl(source.url);
    signal.throwIfAborted();
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return await (await this.command.in(folder, source.credentials, signal)).raw(args);
    } catch (error) {
      signal.throwIfAborted();
      throw gitFailure(source.url, error);
    }
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

function revisionNotFound(url: string, revision: string, refs: readonly string[]): GitOpsError {
  const branches = refs.filter((ref) => ref.startsWith('refs/heads/')).map((ref) => ref.slice('refs/heads/'.length));
  const near = nearest(revision, branches);
  const listed = branches.length === 0 ? '' : `branches there are: ${branches.slice(0, 10).join(', ')}`;
  const hint = isShortHash(revision)
    ? 'give the full hash: a short one is known only where a branch or tag ends'
    : listed;
  return new GitOpsError('RevisionNotFound', `${url} has no branch, tag or commit '${revision}'`, {
    hint: near === undefined ? hint || 'check the name' : `did you mean '${near}'? ${listed}`,
  });
}
