/**
 * What each file is that `validate` was given: a script, the configuration, or manifests (policies among them).
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { filesIn } from '../../adapters/manifests/local-manifests.js';
import { GitOpsError } from '../../domain/errors.js';

export interface SortedFiles {
  readonly scripts: readonly string[];
  readonly configurations: readonly string[];
  readonly manifests: readonly string[];
  /** Folders that are rendered as a whole. */
  readonly composed: readonly string[];
}

/** @throws GitOpsError InvalidInput for a path that is not there */
export function sortFiles(paths: readonly string[]): SortedFiles {
  const found = paths.map(look);
  const files = [...new Set(found.flatMap((f) => f.files))];
  const of = (sort: ReturnType<typeof sortOf>): string[] => files.filter((file) => sortOf(file) === sort);
  return {
    scripts: of('script'),
    configurations: of('configuration'),
    manifests: of('manifest'),
    composed: [...new Set(found.flatMap((f) => f.composed))],
  };
}

function look(path: string) {
  try {
    return filesIn(path);
  } catch (error) {
    throw new GitOpsError('InvalidInput', `cannot read ${path}`, {
      hint: 'give files or folders: scripts, manifests, policies, config.yaml',
      cause: error,
    });
  }
}

function sortOf(file: string): 'script' | 'configuration' | 'manifest' | 'other' {
  if (file.endsWith('.lua')) return 'script';
  if (!/\.(ya?ml|json)$/i.test(file)) return 'other';
  return /^config\.ya?ml$/.test(basename(file)) && !startsLikeManifest(file) ? 'configuration' : 'manifest';
}

function startsLikeManifest(file: string): boolean {
  const documents = parseAllDocuments(readFileSync(file, 'utf8'));
  return Array.isArray(documents) && documents.some((d) => d.has('apiVersion') || d.has('kind'));
}
