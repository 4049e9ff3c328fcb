/**
 * What a remote says of itself: its branches and tags, and the commit each revision means. Applications that ask at the
 * same moment ask once.
 */
import { mkdir } from 'node:fs/promises';
import type { GitSource } from '../../domain/application.js';
import { chooseRef, isFeed, type RemoteRefs } from '../../domain/branch-strategy.js';
import { GitOpsError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import { FreshFlight } from './fresh-flight.js';
import type { GitCommand } from './git-command.js';
import { gitFailure } from './git-failure.js';
import { checkRevision, isFullHash, isShortHash } from './git-names.js';

/** Between two looks at one remote, in ms: each starts a git, which stops the whole worker for some 20 ms (bench/README.md). */
const restMs = 300;

export class Remote {
  private readonly looks = new FreshFlight<Map<string, string>>(restMs);

  /** @param home where git runs that needs no repository @param allowUrl throws NotAllowed */
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
    const refs = await this.refs(source, signal);
    const named = [...refs.keys()].filter((ref) => /^refs\/(heads|tags)\//.test(ref) && !ref.endsWith('^{}'));
    return Object.fromEntries(named.map((ref) => [ref, refs.get(`${ref}^{}`) ?? refs.get(ref) ?? '']));
  }

  async resolve(source: GitSource, revision: string, signal: AbortSignal): Promise<string> {
    if (isFeed(revision)) return this.fed(source, revision, signal);
    const name = checkRevision(revision);
    if (isFullHash(name)) return name;
    const refs = await this.refs(source, signal);
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

  /** Runs git in a folder, with the credentials of the source. @throws GitOpsError those of `Git` */
  async run(source: GitSource, folder: string, signal: AbortSignal, args: string[]): Promise<string> {
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

  // How it looks

  private refs(source: GitSource, signal: AbortSignal): Promise<Map<string, string>> {
    const who = JSON.stringify([source.url, source.credentials]);
    return this.looks.run(who, signal, (own) => this.lookAtRemote(source, own));
  }

  private async lookAtRemote(source: GitSource, signal: AbortSignal): Promise<Map<string, string>> {
    const text = await this.run(source, this.home, signal, ['ls-remote', '--', source.url]);
    const lines = text.split('\n').filter((line) => line.includes('\t'));
    return new Map(lines.map((line) => line.split('\t').reverse() as [ref: string, commit: string]));
  }

  private abbreviated(source: GitSource, name: string, refs: Map<string, string>): string {
    const commits = [...new Set(refs.values())].filter((commit) => isShortHash(name) && commit.startsWith(name));
    if (commits.length === 1 && commits[0] !== undefined) return commits[0];
    throw revisionNotFound(source.url, name, [...refs.keys()]);
  }
}

export function revisionNotFound(url: string, revision: string, refs: readonly string[]): GitOpsError {
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
