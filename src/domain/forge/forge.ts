/**
 * Where commits and pull requests are talked about: the forge of a repository, and how it is reached.
 */
import type { SecretReference } from '../application.js';
import { GitOpsError } from '../errors.js';

/** Forgejo speaks Gitea's API. */
export type ForgeKind = 'github' | 'gitlab' | 'gitea';

export interface ForgePlace {
  readonly kind: ForgeKind;
  /** Base of its API, without a slash at the end. */
  readonly api: string;
  /** `owner/name`; on GitLab with its groups. */
  readonly repository: string;
}

export interface ForgeAccess extends ForgePlace {
  readonly token: SecretReference;
}

export interface WrittenPlace {
  readonly provider?: string | undefined;
  readonly api?: string | undefined;
  readonly repository?: string | undefined;
}

const kinds: Readonly<Record<string, ForgeKind>> = {
  github: 'github',
  gitlab: 'gitlab',
  gitea: 'gitea',
  forgejo: 'gitea',
};

const publicForges: Readonly<Record<string, ForgeKind>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'codeberg.org': 'gitea',
};

const apiOf: Readonly<Record<ForgeKind, (origin: string) => string>> = {
  github: (origin) => (origin === 'https://github.com' ? 'https://api.github.com' : `${origin}/api/v3`),
  gitlab: (origin) => `${origin}/api/v4`,
  gitea: (origin) => `${origin}/api/v1`,
};

/**
 * What a declaration leaves out is found in the address of the repository.
 * @param field as the declaration calls it, for errors
 * @throws GitOpsError InvalidConfig
 */
export function forgePlace(field: string, written: WrittenPlace, repositoryUrl: string): ForgePlace {
  const { host, path } = partsOf(repositoryUrl);
  const kind = kindOf(field, written.provider, host);
  const api = written.api ?? (host === '' ? undefined : apiOf[kind](`https://${host}`));
  const repository = written.repository ?? (host === '' ? undefined : path);
  if (api === undefined || repository === undefined)
    throw invalid(`${field}: ${repositoryUrl} names no forge`, 'set api and repository = "owner/name"');
  return { kind, api: checkedApi(field, api), repository: checkedRepository(field, repository, kind) };
}

/** `https://host:8443/a/b`, `ssh://git@host:22/a/b`: a port of ssh says nothing about the web. */
function partsOf(url: string): { host: string; path: string } {
  const [, scheme = '', authority = '', path = ''] = /^(https?|ssh):\/\/(?:[^/@]*@)?([^/]+)\/(.+)$/.exec(url) ?? [];
  const host = scheme === 'ssh' ? authority.replace(/:\d+$/, '') : authority;
  return { host, path: path.replace(/\.git$/, '') };
}

function kindOf(field: string, provider: string | undefined, host: string): ForgeKind {
  const kind = provider === undefined ? publicForges[host] : kinds[provider];
  if (kind !== undefined) return kind;
  const why =
    provider === undefined ? `what kind of forge ${host || 'this'} is cannot be told` : `no forge '${provider}'`;
  throw invalid(`${field}: ${why}`, `set provider to ${Object.keys(kinds).join(', ')}`);
}

function checkedApi(field: string, api: string): string {
  if (/^https?:\/\/[^\s/@?#]+(\/[^\s@?#]*)?$/.test(api)) return api.replace(/\/+$/, '');
  throw invalid(
    `${field}: api is not an http or https address without user, query and fragment`,
    'write it as "https://git.example.com/api/v3"',
  );
}

function checkedRepository(field: string, repository: string, kind: ForgeKind): string {
  const parts = repository.split('/');
  const fits = parts.length === 2 || (kind === 'gitlab' && parts.length > 2);
  if (fits && parts.every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part))) return repository;
  throw invalid(`${field}: repository '${repository}' is not owner/name`, 'set repository = "owner/name"');
}

function invalid(message: string, hint: string): GitOpsError {
  return new GitOpsError('InvalidConfig', `notifications.${message}`, { hint });
}

const loopback = /^http:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?(\/|$)/;

/** A token over plain http can be read on the way. @throws GitOpsError NotAllowed */
export function requireConfidential({ api }: Pick<ForgePlace, 'api'>, allowHttp: boolean): void {
  if (allowHttp || api.startsWith('https:') || loopback.test(api)) return;
  throw new GitOpsError('NotAllowed', `${api} is plain http: its token could be read on the way`, {
    hint: 'use https, or set allow_http: true in the configuration of the worker',
  });
}
