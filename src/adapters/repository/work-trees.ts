/**
 * Checked-out repositories in the folder of a run: what the `git` module of scripts does. Everything is said to git by
 * name, also where the repository lies, so that a folder that only looks like one is none.
 */
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SimpleGit } from 'simple-git';
import type { CredentialsReference } from '../../domain/application.js';
import { GitOpsError } from '../../domain/errors.js';
import { redact } from '../../domain/redaction.js';
import type { GitCommand } from './git-command.js';
import { firstComplaint, gitFailure } from './git-failure.js';
import { checkRevision } from './git-names.js';
import { parseStatus, type TreeStatus } from './tree-status.js';

export interface TreeRequest {
  /** Absolute, free of links: the folder of the repository. */
  readonly folder: string;
  readonly credentials?: CredentialsReference | undefined;
  readonly signal: AbortSignal;
}

export interface CloneRequest extends TreeRequest {
  readonly url: string;
  readonly branch?: string | undefined;
  readonly depth?: number | undefined;
  /** Where it is made before it is moved to its place: whole or absent. */
  readonly temporary: string;
}

export interface CommitRequest extends TreeRequest {
  readonly message: string;
  /** Paths in the repository; all changes without. */
  readonly files?: readonly string[] | undefined;
  /** `Name <address>` */
  readonly author?: string | undefined;
  /** ms since epoch. The same files at the same time are the same commit. */
  readonly at: number;
}

export interface RemoteRequest extends TreeRequest {
  readonly remote?: string | undefined;
  readonly branch?: string | undefined;
}

/** A remote that has moved on, or forbids it: no retry helps. */
const refusals = /\[(?:remote )?rejected\]|non-fast-forward|not possible to fast-forward|diverge|pre-receive hook/i;

const settings = ['safe.bareRepository=explicit'];

export class WorkTrees {
  /** @param allowed normalises an address. @throws GitOpsError NotAllowed, InvalidConfig */
  constructor(
    private readonly command: GitCommand,
    private readonly allowed: (url: string) => string,
  ) {}

  async clone({ url: text, folder, temporary, branch, depth, credentials, signal }: CloneRequest): Promise<TreeStatus> {
    const url = this.allowed(text);
    await checkEmpty(folder);
    const git = await this.command.in(dirname(temporary), credentials, signal);
    const options = [
      ...(branch === undefined ? [] : [`--branch=${checkRevision(branch)}`]),
      ...(depth === undefined ? [] : [`--depth=${depth}`]),
    ];
    try {
      await git.raw(['clone', '--quiet', '--no-recurse-submodules', ...options, '--', url, temporary]);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw noSuchBranch(branch, error) ?? gitFailure(url, error);
    }
    await mkdir(dirname(folder), { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
    return this.status({ folder, signal });
  }

  async checkout(request: TreeRequest & { revision: string; create?: boolean | undefined }): Promise<TreeStatus> {
    const revision = checkRevision(request.revision);
    const create = request.create === true ? ['-b'] : [];
    await this.local(request, ['checkout', '--quiet', ...create, revision, ...(create.length > 0 ? [] : ['--'])]);
    return this.status(request);
  }

  async status(request: TreeRequest): Promise<TreeStatus> {
    return parseStatus(await this.local(request, ['status', '--porcelain=v2', '--branch', '-z']));
  }

  /** @returns whether there was anything to commit, and the commit the tree stands on */
  async commit(request: CommitRequest): Promise<{ changed: boolean; revision: string }> {
    const { message, files, author = 'sloth-runner <sloth-runner@localhost>', at } = request;
    const paths = files === undefined ? ['--all'] : ['--', ...files.map((file) => `:(literal)${file}`)];
    await this.local(request, ['add', ...paths]);
    const changed = (await this.local(request, ['diff', '--cached', '--name-only'])) !== '';
    if (changed)
      await this.local(request, ['commit', '--quiet', '--no-gpg-sign', `--message=${message}`], identity(author, at));
    return { changed, revision: (await this.local(request, ['rev-parse', 'HEAD'])).trim() };
  }

  async pull(request: RemoteRequest): Promise<TreeStatus> {
    const { remote, branch } = await this.destination(request);
    await this.withRemote(request, remote, ['pull', '--quiet', '--ff-only', '--no-recurse-submodules', remote, branch]);
    return this.status(request);
  }

  /** Never by force: a push that is made again finds its commit there. */
  async push(request: RemoteRequest): Promise<{ branch: string; revision: string }> {
    const { remote, branch } = await this.destination(request);
    await this.withRemote(request, remote, ['push', '--quiet', remote, `HEAD:refs/heads/${branch}`]);
    return { branch, revision: (await this.local(request, ['rev-parse', 'HEAD'])).trim() };
  }

  private async destination(request: RemoteRequest): Promise<{ remote: string; branch: string }> {
    const branch = request.branch ?? (await this.status(request)).branch;
    if (branch === '')
      throw new GitOpsError('InvalidInput', 'the repository stands on no branch', {
        hint: 'name one: git.push{ path = "...", branch = "main" }',
      });
    return { remote: checkRevision(request.remote ?? 'origin'), branch: checkRevision(branch) };
  }

  private async withRemote(request: RemoteRequest, remote: string, args: readonly string[]): Promise<string> {
    const url = this.allowed((await this.local(request, ['remote', 'get-url', '--push', remote])).trim());
    return this.run(request, args, {}, (error) => refusal(url, error) ?? gitFailure(url, error));
  }

  private local(request: TreeRequest, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    return this.run({ ...request, credentials: undefined }, args, env, complaint);
  }

  private async run(
    request: TreeRequest,
    args: readonly string[],
    env: Record<string, string>,
    failure: (error: unknown) => GitOpsError,
  ): Promise<string> {
    const { folder, credentials, signal } = request;
    await checkRepository(folder);
    const git: SimpleGit = await this.command.in(folder, credentials, signal, env);
    try {
      return await git.raw([
        ...settings.flatMap((setting) => ['-c', setting]),
        `--git-dir=${join(folder, '.git')}`,
        `--work-tree=${folder}`,
        ...args,
      ]);
    } catch (error) {
      throw failure(error);
    }
  }
}

function identity(author: string, at: number): Record<string, string> {
  const [, name, address] = /^([^<>\n]+?)\s*<([^<>\s]+)>$/.exec(author) ?? [];
  if (name === undefined || address === undefined)
    throw new GitOpsError('InvalidInput', `'${author.slice(0, 100)}' is no author`, { hint: 'write Name <address>' });
  const date = `${Math.floor(at / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: address,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: address,
    GIT_COMMITTER_DATE: date,
  };
}

/** A file of that name could lead anywhere. */
async function checkRepository(folder: string): Promise<void> {
  const found = await lstat(join(folder, '.git')).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new GitOpsError('PathNotFound', `there is no git repository in this folder of the run`, {
    hint: 'git.clone(url, path) makes one; name its path',
  });
}

async function checkEmpty(folder: string): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : ['?']));
  if (there.length === 0) return;
  throw new GitOpsError('InvalidInput', 'the folder to clone into is there already, and not empty', {
    hint: 'give another path, or remove it: fs.rm_r(path)',
  });
}

function noSuchBranch(branch: string | undefined, error: unknown): GitOpsError | undefined {
  if (branch === undefined || !/remote branch .* not found/i.test(String(error))) return undefined;
  return new GitOpsError('RevisionNotFound', `there is no branch or tag '${branch}' in the repository`);
}

function refusal(url: string, error: unknown): GitOpsError | undefined {
  const text = String(error instanceof Error ? error.message : error);
  if (!refusals.test(text)) return undefined;
  return new GitOpsError('InvalidInput', `${url} refuses it (${firstComplaint(redact(text))})`, {
    hint: 'it has commits that this copy has not: git.pull first, or clone again',
  });
}

function complaint(error: unknown): GitOpsError {
  const text = redact(error instanceof Error ? error.message : String(error));
  return new GitOpsError('InvalidInput', `git: ${firstComplaint(text)}`);
}
