/**
 * Git with the rules of this installation: which addresses it may use, and where secrets come from.
 */
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GitOpsError } from '../../domain/errors.js';
import { normaliseRepositoryUrl, type RepositoryUrlRules } from '../../domain/repository-url.js';
import { secretResolver, type SecretSources } from '../secrets/resolve-secret.js';
import type { Git } from './git.js';
import { GitCommand } from './git-command.js';
import { MirrorGit } from './mirror-git.js';
import { WorkTrees } from './work-trees.js';

export interface GitRules extends SecretSources {
  readonly mode: 'development' | 'production';
  readonly allowedFolders: readonly string[];
  readonly allowHttp: boolean;
}

export function createGit(rules: GitRules): Git {
  return new MirrorGit(commandOf(rules), rules.home, (url) => checkUrl(url, rules));
}

/** For the `git` module of scripts. */
export function createWorkTrees(rules: GitRules & { readonly repositoryUrls: RepositoryUrlRules }): WorkTrees {
  const allowed = (text: string): string => {
    const url = normaliseRepositoryUrl(text, rules.repositoryUrls);
    checkUrl(url, rules);
    return url;
  };
  return new WorkTrees(commandOf(rules), allowed);
}

function commandOf(rules: GitRules): GitCommand {
  const local = rules.mode === 'development' || rules.allowedFolders.length > 0;
  const protocols = ['https', 'ssh', ...(rules.allowHttp ? ['http'] : []), ...(local ? ['file'] : [])];
  return new GitCommand({ home: rules.home, protocols, resolveSecret: secretResolver(rules) });
}

/** @throws GitOpsError NotAllowed */
function checkUrl(url: string, rules: GitRules): void {
  const { protocol, host } = new URL(url);
  if (protocol === 'https:' || protocol === 'ssh:') return;
  if (protocol === 'http:' && rules.allowHttp) return;
  const local = protocol === 'file:' && host === '';
  if (local && (rules.mode === 'development' || isInside(fileURLToPath(url), rules.allowedFolders))) return;
  throw new GitOpsError('NotAllowed', `${url}: this installation uses https and ssh repositories only`, {
    hint: 'put the folder into allowed_folders of the configuration, or use https',
  });
}

function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => resolve(path).startsWith(`${resolve(folder)}${sep}`));
}
