/**
 * Changes of `config.yaml` by a command. What people wrote into it, comments and order, stays as it is.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Document, parseDocument } from 'yaml';
import { GitOpsError } from '../domain/errors.js';
import { readConfigFile, type ConfigFile } from './config-file.js';

export type ClusterSettings = NonNullable<ConfigFile['clusters']>[string];

/** @throws GitOpsError InvalidConfig when the file is broken already, or has a cluster of that name */
export function addCluster(path: string, name: string, settings: ClusterSettings): void {
  if (readConfigFile(path).clusters?.[name] !== undefined)
    throw new GitOpsError('InvalidConfig', `${path} already has a cluster '${name}'`, {
      hint: `sloth-runner cluster remove ${name} takes it out`,
    });
  edit(path, (document) => document.setIn(['clusters', name], document.createNode(settings)));
}

/** @throws GitOpsError UnknownCluster */
export function removeCluster(path: string, name: string): void {
  const { clusters = {} } = readConfigFile(path);
  if (clusters[name] === undefined)
    throw new GitOpsError('UnknownCluster', `${path} has no cluster '${name}'`, {
      hint: `clusters in it: ${Object.keys(clusters).join(', ') || 'none'}`,
    });
  const last = Object.keys(clusters).length === 1;
  edit(path, (document) => document.deleteIn(last ? ['clusters'] : ['clusters', name]));
}

/** Written aside and renamed: a reader sees the file before the change or after it. */
function edit(path: string, change: (document: Document) => void): void {
  const text = textOf(path);
  const document = text === undefined || text.trim() === '' ? new Document({}) : parseDocument(text);
  change(document);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, document.toString({ lineWidth: 0 }), { mode: 0o600 });
  renameSync(aside, path);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
