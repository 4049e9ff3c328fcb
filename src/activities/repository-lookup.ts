/**
 * From what a script calls a repository to where it lies: a registered id, `owner/name`, a URL, or a path relative to
 * the script (lua-api.md 2.1).
 */
import { isAbsolute, resolve as resolvePath } from 'node:path';
import { existsSync } from 'node:fs';
import type { Git } from '../adapters/repository/git.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import type { ResolvedRepository } from '../client/application-spec.js';
import type { CredentialsReference, GitSource } from '../domain/application.js';
import { normaliseRepositoryUrl, type RepositoryUrlRules } from '../domain/repository-url.js';

export interface LookupOptions {
  readonly directory?: string | undefined;
  readonly credentials?: CredentialsReference | undefined;
}

export class RepositoryLookup {
  constructor(
    private readonly client: GitOpsClient,
    private readonly git: Git,
    private readonly rules: RepositoryUrlRules,
  ) {}

  /** @throws GitOpsError InvalidConfig when the text can be no repository */
  async resolve(text: string, { directory, credentials }: LookupOptions): Promise<ResolvedRepository> {
    const registered = looksLikeId(text) ? await this.client.repositories.find(text) : undefined;
    if (registered !== undefined) return { ...registered, ...(credentials === undefined ? {} : { credentials }) };
    const url = normaliseRepositoryUrl(localPath(text, directory) ?? text, this.rules);
    return { url, ...(credentials === undefined ? {} : { credentials }) };
  }

  /**
   * The repository answers and has the branch.
   * @returns the branch's commit
   * @throws GitOpsError RepositoryUnreachable, RepositoryNotFound, RepositoryAuthentication, RevisionNotFound
   */
  check(source: GitSource, signal: AbortSignal): Promise<string> {
    return this.git.resolve(source, source.branch, signal);
  }
}

export function looksLikeId(text: string): boolean {
  return /^[A-Za-z0-9][\w.-]*$/.test(text);
}

/** A path beside the script, when there is such a folder; `owner/name` and URLs are left alone. */
export function localPath(text: string, directory: string | undefined): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[^/\s]+@[^/\s]+:/.test(text)) return undefined;
  if (isAbsolute(text)) return text;
  const explicit = /^\.{1,2}(\/|$)/.test(text);
  const path = resolvePath(directory ?? '.', text);
  return directory !== undefined && (explicit || existsSync(path)) ? path : undefined;
}
