/**
 * One spelling for each repository: whatever way a URL is written, identities, mirrors and lists hold the same one.
 */
import { GitOpsError } from './errors.js';

export interface RepositoryUrlRules {
  /** What `owner/name` is a part of, such as `https://github.com`. */
  readonly baseUrl: string;
  /** Prefix -> replacement, the longest match wins, as git's `url.<base>.insteadOf`. */
  readonly rewrites: Readonly<Record<string, string>>;
}

const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80', 'ssh:': '22' };

/**
 * Host in lower case, no user (but ssh's), no password, no default port, no trailing slash, no `.git`; rewritten.
 * Takes URLs, `user@host:path`, `owner/name` and absolute paths.
 * @throws GitOpsError InvalidConfig
 */
export function normaliseRepositoryUrl(text: string, rules: RepositoryUrlRules): string {
  const rewritten = rewrite(expand(text.trim(), rules.baseUrl), rules.rewrites);
  return normalise(expand(rewritten, rules.baseUrl), text);
}

/** Where a normalised URL points, whatever the way there: `https://git.example/a/b` and `ssh://git@git.example/a/b` are one. */
export function placeOf(url: string): string {
  const { hostname, pathname } = new URL(url);
  return `${hostname}${pathname.replace(/\.git$/, '')}`.toLowerCase();
}

function expand(text: string, baseUrl: string): string {
  if (text.startsWith('/')) return `file://${text}`;
  if (/^[A-Za-z0-9][\w.-]*\/[\w.-]+$/.test(text)) return `${baseUrl.replace(/\/+$/, '')}/${text}`;
  const scp = /^([\w.-]+)@([A-Za-z0-9.-]+):(?!\/\/)(.+)$/.exec(text);
  return scp === null ? text : `ssh://${scp[1]}@${scp[2]}/${scp[3]?.replace(/^\/+/, '')}`;
}

function rewrite(url: string, rewrites: Readonly<Record<string, string>>): string {
  const prefixes = Object.keys(rewrites).filter((prefix) => url.startsWith(prefix));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? url : `${rewrites[longest]}${url.slice(longest.length)}`;
}

function normalise(text: string, written: string): string {
  // WHATWG URLs read https:///a as host a; git does not.
  if (text.startsWith('-') || hasControlCharacter(text) || /^(?!file:)[a-z]+:\/\/\//i.test(text))
    throw refused(written);
  const url = parse(text, written);
  if (!['https:', 'http:', 'ssh:', 'file:'].includes(url.protocol)) throw refused(written);
  if (url.protocol !== 'file:' && (url.hostname === '' || url.hostname.startsWith('-'))) throw refused(written);
  const user = url.protocol === 'ssh:' && url.username !== '' ? `${url.username}@` : '';
  const port = url.port === '' || url.port === defaultPorts[url.protocol] ? '' : `:${url.port}`;
  return `${url.protocol}//${user}${url.hostname.toLowerCase()}${port}${repositoryPath(url, written)}`;
}

function parse(text: string, written: string): URL {
  try {
    return new URL(text);
  } catch {
    throw refused(written);
  }
}

function repositoryPath(url: URL, written: string): string {
  const path = url.pathname
    .replace(/\/{2,}/g, '/')
    .replace(/\/+$/, '')
    .replace(/\.git$/, keepForFiles(url));
  if (path === '' || path === '/' || url.search !== '' || url.hash !== '') throw refused(written);
  return path;
}

/** On disk the suffix is part of the folder's name. */
function keepForFiles(url: URL): string {
  return url.protocol === 'file:' ? '.git' : '';
}

function hasControlCharacter(text: string): boolean {
  return /[\u0000-\u0020\u007f]/.test(text);
}

function refused(written: string): GitOpsError {
  const shown = written.replace(/\/\/[^/@]*@/, '//***@');
  return new GitOpsError('InvalidConfig', `'${shown}' is no repository address`, {
    hint: 'write https://host/owner/name, ssh://git@host/owner/name, git@host:owner/name or owner/name',
  });
}
